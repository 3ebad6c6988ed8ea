// Package check runs litmus tests under memory models and reports what came
// of it: in herd7's words, as JSON, as a table with a column a model, or as a
// comparison with what was expected.
//
// A verdict is only given if it is known. What was not explored (a loop's
// bound, a timeout, an interrupt) makes a test incomplete, unless what was
// found settles its condition: one witness is enough for "exists", and no more
// executions can take it back.
package check
