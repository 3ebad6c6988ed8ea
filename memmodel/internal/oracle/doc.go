// Package oracle finds the executions of a program the slow way, so that the
// explorer can be checked against it. Only tests use it.
//
// It guesses the value of every read, runs every thread under every sequence of
// guesses, puts the runs together in every way, reads each value from every
// write of it and orders the writes of each location in every way; then it
// throws away what the model rules out, by relations as tables of booleans and
// operators as a textbook defines them. Each of these steps is meant to be seen
// to be right. None is meant to be fast: sixteen events are many.
//
// One thing it cannot do is values out of thin air, those that a cycle of rf
// and of address and data dependencies leaves without a source. It finds them
// where they happen to be among the values that can be guessed, and only
// there. An execution with such a cycle has Outcome.ThinAir set, and is to be
// left out of a comparison on both sides; see ThinAir.
package oracle
