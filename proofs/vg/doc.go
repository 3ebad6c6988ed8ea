// VG explores the library's own call queue, internal/callqueue: its real source,
// compiled with the atomics of gocheck (by the tag gocheck of internal/atomics),
// in every interleaving of small programs that use it.
//
//	go run -tags gocheck ./proofs/vg            # a row for each question and design, as JSON
//	go run -tags gocheck ./proofs/vg -quick     # without large scenarios
//	go run -tags gocheck ./proofs/vg lanes/fence   # one program; if it fails, the schedule
//	go test ./proofs/vg -mutants all            # break the source in each known way: each is found
//
// The programs bound the exploration: the number of CPUs and of requests. Besides,
// a target never skips the tails of lanes (Inbox.skip), and polls a mailbox for one
// load and two calls, not 8 and 32: see patience_gocheck.go there. Traces and
// figures are left out. Atomics are sequentially consistent, as in Go, and plain
// accesses are checked for races where the source announces them: all accesses to
// memory that two goroutines share.
package main
