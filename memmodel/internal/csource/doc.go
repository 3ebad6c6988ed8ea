// Package csource reads C as kernels are written in, and C11 with pthreads, and
// makes programs of it.
//
//	s, err := csource.Parse("queue.c", src, csource.Options{})
//	test, err := s.Compile(table, nil)
//
// The front end is modernc.org/cc/v4: no compiler is needed. Headers are this
// package's own, few and short. READ_ONCE and the other primitives are in them by
// name only; the table of a model says which events each one is, as for litmus
// tests: see package litmus. A [Source] can be compiled with many tables, and with
// some primitives replaced by others.
//
// # Threads
//
// In the style of the kernel, functions P0, P1 ... are the threads. They, and the
// optional init and final, take nothing and return nothing:
//
//	#include <linux/atomic.h>
//	#include <crosscall.h>
//
//	int data, flag;
//
//	void init(void)  { data = 1; }          // runs first, by itself
//	void P0(void)    { WRITE_ONCE(data, 2); smp_store_release(&flag, 1); }
//	void P1(void)    { if (smp_load_acquire(&flag)) assert(data == 2); }
//	void final(void) { assert(data == 2); } // runs last, on the last values
//
// In the style of pthreads, main makes threads by pthread_create. The part of
// main before the first of them runs by itself. If main then does nothing that
// another thread could notice until it has joined them all, its rest is run
// last, on the last values, and main is no thread. Otherwise main is a thread.
// The return of main, or exit, ends the process: other threads may wait then. Threads
// can make and join threads.
//
// A file that a preprocessor has made, or that declares what the C library does, is read
// with the headers of this package instead: see library.go.
//
// There is no condition. A program holds if in no execution an assertion fails, an
// access is to no variable, memory is used after it is freed or is freed twice,
// allocated memory is read that was never set, a thread releases a lock that it does
// not hold, or a thread waits forever.
//
// With a main, it must not have a data race either, as rc11 defines it (or lkmm,
// where it uses the kernel's primitives): C11 gives no meaning to a program that has
// one. In the style of the kernel a data race is a flag. The models of machines and
// sc do not know what a data race is: a plain access is a load or a store there.
//
//	assert(e)     has to hold; so do BUG_ON(e) and WARN_ON(e) not to
//	cover(e)      has to be reached with e by some execution, or the program holds in
//	              vain; so has cover()
//	assume(e)     leaves out executions in which e does not hold
//	choose(n)     any of 0 to n-1; n is a constant
//	idle()        in a loop: it is fine to wait here forever
//
// A round of a loop that changes nothing is waiting, and is not repeated: spin loops
// need no bound. Other loops are followed as far as the explorer's bound says, if
// what other threads do decides how long they go on.
//
// synchronize_rcu and synchronize_srcu wait for the sections that have begun before. It
// is a deadlock if a reader in such a section waits for something that its waiter does
// only afterwards, or for a lock that the waiter holds. It is also one if a thread waits
// for a section of its own. A thread whose assertion fails in its section, or that waits
// there forever, stays in the section to the end. If srcu_up_read ends a section in
// another thread, its ordering is modelled, but deadlocks still count the section where
// it began.
//
// # What is C here
//
// Functions are put in line. If a function calls itself, executions that nest deeper
// than 9 calls are cut off. Static variables, memory that malloc returns, and locals
// whose address escapes are shared memory. Other locals are not, and dependencies go
// through them exactly: through members of structs and elements of arrays,
// arguments, results, and pointers to functions. The table's __plain_load and
// __plain_store say what a plain access is.
//
// Under the model of a language, a control dependency reaches from a branch to
// where both ways meet again; under the model of a machine, to the end of the
// thread.
//
// Integers have the sizes of linux/amd64, and wrap around, as they do in the kernel.
// Divisions by zero, quotients that do not fit, and shifts by more than there are bits, fail as assertions do.
// Operands are evaluated from left to right, arguments too.
//
// Addresses are in bytes: sizeof, offsetof and container_of are what they are in C.
// Memory is accessed as the type that it was declared with; an access to the same
// bytes in another size is an error. The size of an allocation needs a sizeof that says
// the type, or a pointer of that type that it is assigned to. A size that is not constant
// is that of up to 16 elements, as is an array of variable size. An allocation in a loop returns up to 16 objects,
// or 64 in code that runs by itself; executions that need more are cut off. Allocation
// does not fail.
//
// Not supported, each with an error that says where: floating point, assembly other than a compiler barrier, goto to
// computed places, locks in a union with other members, packed structs,
// attributes that are not known.
//
// Members of a union that are parts of a larger one are parts of a word: see parts.go.
//
// With Options.Kernel, files of a Linux source tree can be included as they are:
// kerneltree.go says which headers are then taken from there. A function of the tree that
// cannot be compiled is an error only where a thread comes to it.
//
// A variable with __attribute__((cleanup(f))) is passed to f on every way out of its
// scope. A bit-field is read and written with its whole word. The work that call_rcu,
// kfree_rcu, smp_call_function_single and irq_work_queue defer is a thread of its own.
// A per-CPU variable has copies at one distance from each other.
//
// The use of a local variable before it has a value is an error; after its function has
// returned, it is noticed where others can have its address, in programs with a main. A
// lock or mutex is free from the start, initialized or not; init cannot take it for one
// of the threads. An index that goes beyond a
// variable by more than 16 bytes may reach another.
//
// # Headers
//
//	crosscall.h                    the harness
//	linux/compiler.h, types.h, kernel.h, atomic.h, bitops.h, spinlock.h, mutex.h,
//	list.h, rculist.h, llist.h, rcupdate.h, srcu.h, cpumask.h, smp.h, percpu.h,
//	slab.h, cleanup.h, rwlock.h, rwsem.h, semaphore.h, completion.h, sched.h, wait.h,
//	wait_bit.h, seqlock.h, refcount.h, kref.h, bit_spinlock.h, jump_label.h, lockref.h,
//	irq_work.h, kthread.h, percpu-refcount.h, percpu_counter.h, u64_stats_sync.h,
//	err.h, overflow.h, lockdep.h, kcsan-checks.h, timer.h, hrtimer.h, workqueue.h,
//	interrupt.h, hashtable.h, rculist_nulls.h, notifier.h, kobject.h, skbuff.h,
//	rcuwait.h, xarray.h, idr.h, rbtree.h, once.h, ratelimit.h, percpu-rwsem.h, bitmap.h, bitfield.h, and others that include these
//	asm/barrier.h
//	stdatomic.h, pthread.h, threads.h, semaphore.h, assert.h, stdlib.h, stdint.h, stdbool.h,
//	stddef.h, limits.h, string.h, stdio.h, errno.h, sched.h, unistd.h, signal.h, alloca.h, time.h, stdarg.h
//	genmc.h, lkmm.h, dat3m.h, rcu.h  what programs for GenMC and Dat3M use
//
// Lists are real pointers, with the kernel's steps. A cpumask is one word; NR_CPUS is
// 4 unless defined. smp_processor_id is the number of the thread. With
// RCU_ASSIGN_POINTER_WMB defined, rcu_assign_pointer is smp_wmb and a plain write, as
// it was before Linux 3.15. Interrupts are not modelled: spin_lock_irqsave is
// spin_lock. Printing prints nothing.
//
// C11's atomics are c11_load_acquire and so on in the tables, with the mappings of
// compilers for each machine; lkmm and alpha have none.
package csource
