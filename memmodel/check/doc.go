// Package check runs litmus tests and C programs under memory models. It
// reports the results in herd7's words, as JSON, as a table with a column for
// each model, or as a comparison with expected results.
//
// A verdict is only given if it is known. If a loop's bound, a timeout or an
// interrupt leaves executions unexplored, the test is incomplete, unless those
// that were found decide its condition: one witness is enough for "exists",
// whatever the other executions are.
package check
