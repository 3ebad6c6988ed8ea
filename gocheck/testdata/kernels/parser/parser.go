// Package parser survives bad input by recover.
package parser

import "sync"

type parser struct {
	mu   sync.Mutex
	seen int
}

// count panics for an empty text.
func (p *parser) count(text string) {
	if text == "" {
		panic("empty text")
	}
	p.seen++
}

// parseBroken does not reach its Unlock when count panics.
func (p *parser) parseBroken(text string) (ok bool) {
	defer func() { ok = recover() == nil }()
	p.mu.Lock() // BUG deadlock: the panic was recovered and the lock of the empty text is still held
	p.count(text)
	p.mu.Unlock()
	return true
}

// parseFixed releases the lock when it panics, too.
func (p *parser) parseFixed(text string) (ok bool) {
	defer func() { ok = recover() == nil }()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.count(text)
	return true
}
