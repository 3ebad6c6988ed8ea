// Package asm reads litmus tests in assembly, in herd's format: AArch64, PPC, RISCV, X86
// and X86_64. It turns them into programs that the explorer runs.
//
//	ast, err := asm.Parse("mp.litmus", src)
//	test, err := ast.Compile()
//
// An AST is what is written: threads of instructions with their operands. It says nothing
// of memory, and can be used for other things than a model. Compile lowers it with the
// table of its machine: x86.go, aarch64.go, ppc.go, riscv.go. A row of a table is the name
// of an instruction, the operands that it takes, and its effect: the events, with the
// annotations that the cat models of the machine know, and the values.
//
// # Dependencies
//
// Registers are those of package ir, which tracks dependencies through them exactly: an
// event depends on the reads whose values its address or its value is computed from, as
// written. So EOR W2,W1,W1 is zero and depends on W1; a read of WZR, XZR or x0 depends on
// nothing. Flags are registers. A conditional branch is a control dependency of all that
// comes after it.
//
// # Sizes
//
// Registers hold 64 bits. An operation of 32 bits keeps the low 32. A variable is accessed
// in one size everywhere: a test that accesses one in two is refused, as mixed-size.
package asm
