// Package minimize shortens a litmus test or a C program that fails. It drops the parts that
// the failure does not need: statements, threads, branches, functions, initial values, parts
// of the condition, numbers. The rest is a source that fails alike.
//
// # What alike means
//
// The smaller source is checked under the same model, and
//
//   - it fails. A C program fails in the same way (an assertion, a deadlock, a use of freed
//     memory ...) at the same place of its source. A litmus test has the same quantifier; where an "exists" finds no
//     witness, the same check of the model forbids one.
//   - its condition, or the assertion, fails only where the first one would: of a conjunction
//     that has to hold, parts are dropped; no number in it is changed.
//   - it needs as much to fail. If the first source fails in no interleaving of its threads,
//     neither does the smaller one: the failure still needs weak memory. Otherwise, if the
//     first source does not fail when its threads run one after the other, neither does the
//     smaller one. Without this demand only the assertion would remain, and it would fail
//     because nothing sets its variables.
//   - it uses no variable without a value, if the first source does not.
//
// A C program that fails without weak memory and without interleaving keeps the values of
// the events that decide the failure. Little else may remain of it.
//
// # How
//
// The edits apply to the source text before the preprocessor, so kept lines keep their
// comments and layout. A macro may stand for anything, so an edit may make an invalid
// program. The checker refuses such an edit. The largest edits are tried first. The search
// ends when no edit is possible: no single part can be dropped, and no two statements of a
// function can be dropped together. (A. Zeller, R. Hildebrandt: Simplifying and
// isolating failure-inducing input, IEEE TSE 2002; G. Misherghi, Z. Su: HDD: hierarchical
// delta debugging, ICSE 2006.)
//
// A source is not tried for longer than some number of steps, which depends on the first
// source. So what is left does not depend on the machine, unless Options.Timeout ends the
// search.
package minimize
