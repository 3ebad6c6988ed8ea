// Package litmus reads litmus tests in C, the dialect of the Linux kernel's
// tools/memory-model and of herd7, and turns them into programs.
//
// A test is parsed into an AST, which says nothing of memory models. Compile
// then replaces the calls in it (READ_ONCE, smp_mb, spin_lock ...) by the
// events that a table of primitives says they are made of:
//
//	ast, err := litmus.Parse("mp.litmus", src)
//	table, err := litmus.ParseMacros("linux-kernel.def", def)
//	test, err := ast.Compile(table)
//
// An AST and a table can be used by many goroutines and with each other in any
// combination: the same test with the tables of several machines is how to ask
// what each of them makes of kernel code.
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
// and by the plain *p. There are if, while, do and for, but no functions, break,
// goto or return. Beyond herd7's dialect there are &&, ||, ?: and !, which
// evaluate what C would, a[i], and the comparisons < <= > >= in conditions.
//
// All values are of 64 bits, whatever their types are: nothing wraps around
// where an int would, and as it does in herd7, whose values have 32. Where C
// leaves open which of two reads in an expression comes first, both ways are
// explored, so that the same outcome may be counted twice; in herd7 neither
// comes before the other. (If the third operand of a primitive is one of the
// two, it is an error.) Where herd7 takes something for what it is not in C,
// it is an error here: octal numbers, a register that hides another, ++ and +=,
// casts to less than 32 bits, divisors that may be 0, and names in a condition
// that the test does not have.
//
// # The language of tables
//
// It is that of the kernel's linux-kernel.def, which is read as it is. An
// entry is a name with parameters and what that stands for: an expression, or
// statements in braces. Parameters are replaced by arguments unevaluated, as
// in a C macro, and an entry may use others.
//
//	READ_ONCE(X) __load{once}(X)
//	smp_load_acquire(X) __load{acquire}(*X)
//	smp_store_mb(X,V) { __store{once}(X,V); __fence{mb}; }
//	atomic_inc_and_test(X) __atomic_op_return{mb}(X,+,1) == 0
//
// Entries end in these primitives of the language. L is something in memory,
// such as *p; X is an address; op is one of + - & | ^ &~.
//
//	__load{tags}(L)                         a read; its value
//	__store{tags}(L,V)                      a write
//	__fence{tags}                           a fence
//	__srcu{tags}(X)                         a fence with an address
//	__xchg{tags}(X,V)                       read and write V; the old value
//	__cmpxchg{tags}(X,O,V)                  the same if the value is O; the old value
//	__atomic_op{tags}(X,op,V)               read, compute, write
//	__atomic_op_return{tags}(X,op,V)        the same; the new value
//	__atomic_fetch_op{tags}(X,op,V)         the same; the old value
//	__atomic_add_unless{tags}(X,V,U)        add V unless the value is U; 1 if done, else 0
//	__lock(X)   __unlock(X)                 of a spinlock
//	__trylock(X)   __islocked(X)            1 or 0
//
// A bare tag becomes a tag of the event. For a read-modify-write it means what
// it means to herd7: in a table like that of Linux 6.12, {once} is a read and
// a write tagged once; {acquire} tags the read and {release} the write, and the
// other half is once; {mb} is a fence mb, both halves once, and another fence
// mb, the fences only where a compare-and-exchange succeeds. __atomic_op has no
// tag there and reads with noreturn. In a table like those since then, which
// is known by its __atomic_op having a bare tag, a tag goes to both halves.
// Also, as with herd7, the older kind of table has atomic_add_unless without
// defining it.
//
// # Tables for machines
//
// What an operation is made of on a machine is said with keys: items between
// the braces are separated by semicolons, and of the form key=list.
//
//	read=    tags of the read
//	write=   tags of the write
//	both=    tags of the read and of the write
//	before=  fences before
//	after=   fences after
//	fail=    tags of the read of an attempt that fails, read= if not given:
//	         of __cmpxchg, __atomic_add_unless and __trylock
//	ctrl=, failctrl=   fences after, with a control dependency from the read to
//	         them: of __load and of operations that read and write
//	failbefore=, failafter=   fences around such an attempt; none if not given
//
// The read of a __cmpxchg or __atomic_add_unless that fails has the tag RMW too:
// a cat file's set RMW holds it, as it does with herd7.
//
// In a list of fences, blanks separate the fences, and commas the tags of one
// fence. In a list of tags they are the same.
//
// The entry unsupported("reason") makes it an error to use a primitive, with
// that reason. Entries named __plain_load(L) and __plain_store(L,V) say what
// *p is, and *p = v; without them plain accesses have no tags. An example, for
// a machine with acquire and release instructions and a full fence:
//
//	READ_ONCE(X) __load(X)
//	WRITE_ONCE(X,V) { __store(X,V); }
//	smp_load_acquire(X) __load{A}(*X)
//	smp_store_release(X,V) { __store{L}(*X,V); }
//	smp_mb() { __fence{FULL}; }
//	xchg(X,V) __xchg{write=L; after=FULL}(X,V)
//	cmpxchg(X,O,V) __cmpxchg{write=L; after=FULL}(X,O,V)
//	spin_lock(X) { __lock{read=A}(X); }
//	synchronize_rcu() unsupported("no machine has grace periods")
//
// A call that the table has no entry for is an error.
package litmus
