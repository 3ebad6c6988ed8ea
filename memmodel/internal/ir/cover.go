package ir

import "crosscall/memmodel/graph"

// A Cover is a place in the source that some execution should reach. It is reached if one
// of these registers is not zero in the end, or Before is set.
type Cover struct {
	Pos     graph.Pos
	Text    string // "cover(r == 1)"
	Threads []Obs  // registers of threads
	Final   Reg    // of Program.Final; NoReg if that has no such place
	Before  bool   // it is reached before the threads start
}
