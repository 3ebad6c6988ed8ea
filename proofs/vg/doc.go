// VG is the library's own call queue, internal/callqueue, explored whole: its real
// source, compiled with the atomics of gocheck (the tag gocheck makes
// internal/atomics do that), in every interleaving of small programs that use it.
//
//	go run -tags gocheck ./proofs/vg            # a row for each question and design, as JSON
//	go run -tags gocheck ./proofs/vg -quick     # without what takes long
//	go run -tags gocheck ./proofs/vg lanes/fence   # one program; if it fails, the schedule
//	go test ./proofs/vg -mutants all            # break the source in each known way: each is found
//
// What is explored is bounded by the programs: how many CPUs there are and what
// they send. Besides, a target never skips looks (Inbox.skip), and stays with a
// mailbox for one look and two calls, not 8 and 32: see patience_gocheck.go there.
// Stop's taking back of a call (Lane.Withdraw), traces and figures are left out.
// Atomics are sequentially consistent, as in Go, and plain accesses are checked for
// races where the source announces them: all that two goroutines share.
package main
