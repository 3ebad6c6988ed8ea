// Package mirrors asks several servers for the same file and takes the first.
package mirrors

// firstBroken receives one answer of many.
func firstBroken(fetches []func() string) string {
	answers := make(chan string)
	for _, fetch := range fetches {
		go func() {
			answers <- fetch() // BUG leak: only the first answer is received; the other servers send for ever
		}()
	}
	return <-answers
}

// firstFixed has room for the answers that come later.
func firstFixed(fetches []func() string) string {
	answers := make(chan string, len(fetches))
	for _, fetch := range fetches {
		go func() {
			answers <- fetch()
		}()
	}
	return <-answers
}
