package ir

import "crosscall/memmodel/graph"

// A Cover is a place in the source that some execution is to pass. It is passed if one of
// these registers is not zero in the end, or Before is set.
type Cover struct {
	Pos     graph.Pos
	Text    string // "cover(r == 1)"
	Threads []Obs  // registers of threads
	Final   Reg    // of Program.Final; NoReg if that does not come by
	Before  bool   // it is passed before the threads start
}
