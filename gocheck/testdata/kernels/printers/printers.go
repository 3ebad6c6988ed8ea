// Package printers shares printers by a channel of tokens.
package printers

import "errors"

var errBlank = errors.New("blank page")

type pool struct {
	tokens chan bool
}

func newPool(n int) *pool {
	p := &pool{tokens: make(chan bool, n)}
	for range n {
		p.tokens <- true
	}
	return p
}

// printBroken keeps the token of a page that it refuses.
func (p *pool) printBroken(page string) error {
	<-p.tokens // BUG deadlock: the token of the blank page was not given back
	if page == "" {
		return errBlank
	}
	p.tokens <- true
	return nil
}

// printFixed gives the token back on every path.
func (p *pool) printFixed(page string) error {
	<-p.tokens
	defer func() { p.tokens <- true }()
	if page == "" {
		return errBlank
	}
	return nil
}
