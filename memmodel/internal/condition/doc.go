// Package condition has what litmus tests of every language share, in herd's dialect: the
// header, the initial state, the list of locations, the filter and the condition. It reads
// them (Parser), prints conditions as herd7 does (Text), and makes cells and propositions
// of them (Space). The threads, which stand between, are a front end's own.
package condition
