// Package proofs settles the review that the library's algorithm comes from: the
// questions of it, each answered by exploring every execution of the protocol
// that a memory model allows.
//
// The protocol is in protocol/, a C file for each state that it was in (V0 to
// V3) and for what the reviewer proposed (VR), with small scenarios that they
// are explored in. A Case is a variant in a scenario, perhaps with a line of it
// changed, and a property. What comes of it under each model is a Row, and what
// is expected stands beside it.
//
// litmus/ has what some of the questions boil down to, as litmus tests: for herd7,
// and for people.
//
// # What is left out
//
// Calls to a single CPU; interrupts on a CPU that makes a call; a function that
// enables interrupts. A word of a cpumask is all of it. Each scenario says how
// many CPUs, calls and walks there are: the answers are for those.
package proofs
