// Package poller waits for file descriptors: by epoll and an eventfd on Linux,
// not supported elsewhere. It knows descriptors and tags, not their meaning.
//
// A Poller has one owner. Only Wake may be called by any goroutine.
package poller

// Events are the conditions of a descriptor that are waited for, or that are
// true.
type Events uint8

// HangUp is always waited for. It is reported together with all requested
// events: a read or a write then returns at once, with the end or the error.
const (
	Readable Events = 1 << iota
	Writable
	HangUp
)

// Batch is how many events a Poller fetches at a time.
const Batch = 64
