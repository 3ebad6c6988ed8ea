// Package minimize drops from a litmus test or a C program that fails what the failure
// does not need: statements, threads, branches, functions, initial values, parts of the
// condition, numbers. What is left is a source that fails alike.
//
// # What alike means
//
// The smaller source is checked under the same model, and
//
//   - it fails. A C program fails in the same way (an assertion, a deadlock ...) at the same
//     place of its source. A litmus test has the same quantifier; where an "exists" finds no
//     witness, the same check of the model forbids one.
//   - its condition, or the assertion, fails only where the first one would: of a conjunction
//     that has to hold, parts are dropped; no number in it is changed.
//   - it needs as much for that. If no interleaving of the threads fails, none does
//     of what is left: the failure is still one of weak memory. Otherwise, if threads that
//     run one after the other do not fail, those that are left do not either. Without this
//     demand, an assertion would be left alone, and fail for want of what it is about.
//   - it uses no variable that was given no value, if the first source does not.
//
// A C program that needs neither weak memory nor interleaving to fail is left with the
// values of the events that decide, and little else may be left of it.
//
// # How
//
// The edits follow the source as it is written, before the preprocessor: comments and
// layout stay where they are on what is kept. A macro may stand for anything, so that an
// edit may make nonsense; the checker refuses it then. Edits are tried from those that
// take most away to those that take least, until no edit is left that can be made: nothing can be dropped by itself,
// and of the statements of a function no two. (A. Zeller, R. Hildebrandt: Simplifying and
// isolating failure-inducing input, IEEE TSE 2002; G. Misherghi, Z. Su: HDD: hierarchical
// delta debugging, ICSE 2006.)
package minimize
