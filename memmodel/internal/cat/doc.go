// Package cat compiles memory models written in the cat language of herd to
// the plans of package rel. The language, and its companion bell that declares
// the tags of events, is that of "Herding Cats" (Alglave, Maranget,
// Tautschnig, TOPLAS 2014) and of "Syntax and semantics of the weak
// consistency model specification language cat" (Alglave, Cousot, Maranget,
// 2016), as herd7 7.58 reads it.
//
// Parse makes a File, an abstract syntax tree. Compile evaluates a file with
// nodes of a plan in the place of sets and relations: a let names a node, a
// function is expanded where it is called, "let rec" becomes a fixed point of
// the plan, a check or a flag a rel.Check. Tags, tuples, functions and sets of
// tags are worked out while compiling and leave no trace.
//
// # Names
//
// A model can use, without declaring them, the base sets and relations of
// package rel, the names that lib/stdlib.cat defines, and the sets of the
// machines in names.go: MFENCE, Fence.rw.rw ... A set of events that carry a
// tag is declared by "enum" and "instructions", in a bell file or in the model
// itself: the tag 'rcu-lock makes the set Rcu-lock. A model with a bell file
// knows its own sets only, and not those of the machines. Every other name is
// an error, so that a slip does not become an empty set. "try x with y" is y
// if x has an unknown name in it, and only then.
//
// "include" looks beside the model first, by the Loader, then in lib/.
// stdlib.cat, cross.cat and aarch64deps.cat are always those of lib/.
//
// # How generators are read
//
// In herd a model can generate relations: "with co from generate_cos(co0)" runs
// the rest of the model once for each order of the writes. Here the explorer
// chooses rf and co, for the events of locks too, and runs the model once for
// each choice. So a generator is read as a name for the choice:
//
//   - "with co from generate_cos(r)" and generate_orders(S, r) bind the name to
//     the base relation co, on S. A check is added that co contains r, as far as r
//     relates events of S at one location. An order of events that do not write
//     is an error.
//
//   - "with x from cross(T)" binds x to pairs of rf. For each event e of a set S,
//     T has the set of those one-pair relations that are in r(e); x has the pairs of
//     rf that are in r(e) for some e. A check is added that each e of S is the end of
//     such a pair. r(e) is evaluated once, with a set in the place of {e}: exact if r
//     distributes over union, and if each of its pairs ends at e. A relation does if
//     it is written with {e} as the right side of a product, and then with & r, \ r,
//     r ; and |. Other uses of e are errors.
//
//   - "with x from linearisations(S, r)" binds x to a total order of S that contains r. An
//     execution is consistent if for one such order all checks hold. herd has an execution
//     for each order; here there is one for all orders. All orders are tried when
//     rf and co are complete, as many as permutations, so that is for small tests.
//
//   - herd leaves the rf and co of lock events to the model. The kernel's lock.cat
//     adds edges to rf, all to events of locks. It also adds edges to co, all from
//     or to spin_unlock, and takes the closure. The explorer has chosen these edges.
//     So such a definition is read as a demand that they be in rf or co, and the
//     name stays the base relation. Any other definition of rf or co is an ordinary definition.
//
// # Limits
//
// Unsupported, with an error that says so:
//
//   - expressions whose form depends on the events (match, forall and conditions on
//     sets of events)
//   - scopes and levels, page tables, mixed sizes
//   - checks that depend on events of registers and of steps inside an instruction
//   - recursive definitions of functions and sets together, or of one relation inside
//     another's
//
// A model with "catdep" computes dependencies from events of registers, as
// herd's aarch64.cat does in aarch64deps.cat. That file is always the one of
// lib/, which takes the dependencies that executions have. Rules of such a
// model about page tables, faults, tags and caches apply to no event.
//
// # Atomic instructions as one event
//
// In herd an AMO of RISC-V is one event that reads and writes. Here it is two. With
// Options.WholeAMOs a model sees one: whole.go.
//
// "undefined_unless" and "assert" become flags, raised where the test fails.
// "debug" does nothing. "show" of a set does nothing.
package cat
