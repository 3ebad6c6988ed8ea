// Package proofs answers the questions of the review on which the library's
// algorithm is based, by exploring every execution of the protocol that a memory
// model allows.
//
// The protocol is in protocol/, with a C file for each of its versions (V0 to
// V3) and for the reviewer's proposal (VR), and small scenarios in which they
// are explored. A Case is a variant in a scenario, perhaps with a line changed,
// and a property. A Row is its verdict under one model, beside the expected
// one.
//
// litmus/ has the cores of some of the questions as litmus tests: for herd7, and
// for readers.
//
// # Limits
//
// Left out are calls to a single CPU, interrupts on a CPU that makes a call,
// and functions that enable interrupts. A cpumask is one word. Each scenario
// has a fixed number of CPUs, calls and walks: the answers are for these.
package proofs
