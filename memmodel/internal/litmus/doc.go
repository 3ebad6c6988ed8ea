// Package litmus reads litmus tests in C, the dialect of the Linux kernel's
// tools/memory-model and of herd7, and turns them into programs.
//
// A test is parsed into an AST, which does not depend on a memory model.
// Compile then replaces the calls in it (READ_ONCE, smp_mb, spin_lock ...) by
// the events that a table of primitives has for them:
//
//	ast, err := litmus.Parse("mp.litmus", src)
//	table, err := primitive.ParseMacros("linux-kernel.def", def)
//	test, err := ast.Compile(table)
//
// An AST and a table can be used by many goroutines, and in any combination.
// The same test with the tables of several machines shows how each of them runs
// kernel code.
//
// # The dialect
//
// A test is a line "C name", any lines of comment or of the form key=value, an
// initial state in braces, the threads P0, P1 ..., and a condition:
//
//	C message-passing
//	{ int x = 0; p = x; 1:r2 = 7; }
//	P0(int *x, int **p) { WRITE_ONCE(*x, 1); smp_store_release(p, x); }
//	P1(int **p) { int *r1 = smp_load_acquire(p); r3 = READ_ONCE(*r1); }
//	locations [x; 1:r2]
//	filter (1:r1=x)
//	exists (1:r3=0)
//
// The parameters of a thread are the addresses of the shared variables of the
// same names. All other names are registers; they need no declaration, and
// hold 0 unless the initial state says otherwise. Memory is accessed by calls
// and by the plain *p. There are if, while, do and for, but no functions or
// switch. Beyond herd7's dialect there are:
//
//   - &&, ||, ?: and !, which evaluate only the operands that C evaluates
//   - a[i]; r++, ++r and r += e on registers
//   - break, goto, labels and return
//   - the comparisons < <= > >= in conditions
//   - smp_cond_load_acquire, atomic_fetch_add_unless and spin_lock_irqsave
//
// All values have 64 bits, also those of smaller types. They do not wrap around where an
// int would, or where values of herd7 do, which have 32 bits. C leaves open which of two
// reads in an expression comes first. Both orders are explored, so that the same outcome
// may be counted twice; in herd7 neither read comes before the other. (If the third
// operand of a primitive is one of the two, it is an error.)
//
// Where herd7 gives a construct another meaning than C does, it is an error here: octal
// numbers, a register that hides another, += within expressions, casts to less than 32
// bits, divisors that may be 0, and names in a condition that the test does not have.
package litmus
