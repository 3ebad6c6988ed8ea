// Package poller waits for file descriptors: epoll and an eventfd on Linux,
// nothing elsewhere. It knows descriptors and tags, not what they mean.
//
// A Poller has one owner. Only Wake is for any goroutine.
package poller

// Events are what a descriptor is waited for, and what it is ready for.
type Events uint8

// HangUp is always waited for. It comes with everything that was asked for: a
// read or a write then returns at once, with the end or the error.
const (
	Readable Events = 1 << iota
	Writable
	HangUp
)

// Batch is how many events a Poller fetches at a time.
const Batch = 64
