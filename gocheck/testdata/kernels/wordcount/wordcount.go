// Package wordcount is a pipeline of two stages.
package wordcount

// lengths sends the length of each word, and ends when words is closed.
func lengths(words <-chan string) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for w := range words { // BUG deadlock: nobody closes words, so that the stage waits for more
			out <- len(w)
		}
	}()
	return out
}

func sourceBroken(words []string) <-chan string {
	out := make(chan string)
	go func() {
		for _, w := range words {
			out <- w
		}
	}()
	return out
}

// sourceFixed closes its channel after the last word.
func sourceFixed(words []string) <-chan string {
	out := make(chan string)
	go func() {
		defer close(out)
		for _, w := range words {
			out <- w
		}
	}()
	return out
}
