//go:build gocheck

package main

import "crosscall/gocheck"

// A scenario is a program over the queue. Each of its executions checks all
// guarantees of the queue (see world and message), so its verdict is about all of
// them.
type scenario struct {
	name  string
	asks  []string // the questions with scenarios of their own that it is for
	large bool     // left out of the quick form
	body  func(*gocheck.T)
}

// A design is one of the three transports, or the bounds for functions that wait
// within each other, or the parts beside the streams.
type design struct {
	name      string
	bound     string
	scenarios []scenario
}

var designs = []design{
	{"shared list", "1 to 3 senders, 1 to 3 targets, a record used up to three times, with posts and calls around it", sharedList},
	{"lanes", "1 to 3 senders, 1 or 2 targets, 1 to 4 requests each, also from within functions", lanes},
	{"nesting", "1 to 3 CPUs at a limit of 1 or 2, rings of 1 or 2, 1 to 5 requests each, from within functions", nesting},
	{"completions", "1 to 3 CPUs, 1 to 3 completions of up to three senders, also as the answers of calls to 1 or 2 targets", completions},
	{"control requests", "1 or 2 CPUs, 1 or 2 control requests each, also while functions wait at a limit of 1", controls},
	{"single queue", "1 or 2 senders, 1 or 2 targets, 1 to 3 requests each, with records of the shared list", singleQueue},
}

// A question is one of the review's, with the property that the scenarios check for
// it.
type question struct {
	id, property string
	own          bool // it has scenarios of its own: it is not asked of all
}

var questions = []question{
	{"Q1", "a mask that others empty meanwhile is no call, and nobody waits for it", true},
	{"Q7", "no target's answer is lost on a record that is used again", true},
	{"Q8", "nobody runs what it was not asked for, whatever was in the mask before", true},
	{"Q11", "each target runs a function once, after what its sender sent before; done means all have, and the record is theirs till then", false},
	{"Q12", "no request is missed, by who polls and by who sleeps", false},
	{"Q13", "every wait ends", false},
	{"Q14", "who has waited sees what the functions wrote: there is no data race", false},
	{"Q15", "all who are asked are rung, once each, whatever they do to the mask meanwhile", true},
}
