// Package native turns litmus tests into machine code. It runs nothing: a harness with
// pinned threads does (cmd/crosscall/internal/run).
//
//	t, err := native.Load("sb.litmus", src, native.AMD64)
//	code, err := t.Emit(native.Config{...})
//
// A test is lowered with the table of primitives of the machine's model, x86-tso or armv8,
// which says what each primitive is there: loads, stores, fences and atomic operations with
// their annotations. Each of those is one instruction, or a loop of load exclusive and store
// exclusive. So what runs is what the model speaks of, without a compiler in between.
//
// # Values
//
// Registers and variables hold what they hold in the model: numbers of 64 bits. An address
// is the number that it has there. It is translated where it is used, by way of a table, so
// that the address depends on the values that it is computed from.
//
// # The loop
//
// The code of a thread goes through many instances of the test, one after another. For each
// it sets the registers, touches or flushes the variables at random, waits at a barrier for
// the other threads, runs the body, and writes the registers that are observed to its
// results. A Block says where all this is. No wait is without an end: the clock limits it.
package native
