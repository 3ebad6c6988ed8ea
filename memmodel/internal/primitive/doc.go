// Package primitive reads tables of primitives. A table says which events each primitive
// is: READ_ONCE is a read with a tag, spin_lock takes a lock. Both front ends use it. A
// litmus test is written in the language of tables and lowered with them. In a C program
// each call of a primitive is lowered by Macros.Lower.
//
// A table is parsed by ParseMacros. Statements and expressions of threads are read by the
// same Parser, and made instructions by the same Lowerer.
//
// # The language of tables
//
// The language is that of the kernel's linux-kernel.def, which is read as it
// is. An entry is a name with parameters and its definition: an expression, or
// statements in braces. Parameters are replaced by arguments unevaluated, as in
// a C macro, and an entry may use others.
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
//	__srcu{tags}(X)  __srcu{tags}(X,V)      a fence with an address; 0. V is not used
//	__xchg{tags}(X,V)                       read and write V; the old value
//	__cmpxchg{tags}(X,O,V)                  the same if the value is O; the old value
//	__atomic_op{tags}(X,op,V)               read, compute, write
//	__atomic_op_return{tags}(X,op,V)        the same; the new value
//	__atomic_fetch_op{tags}(X,op,V)         the same; the old value
//	__atomic_add_unless{tags}(X,V,U)        add V unless the value is U; 1 if done, else 0
//	__lock(X)   __unlock(X)                 of a spinlock
//	__trylock(X)   __islocked(X)            1 or 0
//
// A bare tag becomes a tag of the event. For a read-modify-write it means the
// same as in herd7. In a table like that of Linux 6.12, {once} is a read and a
// write tagged once; {acquire} tags the read and {release} the write, and the
// other half is once; {mb} is a fence mb, both halves once, and another fence
// mb, the fences only where a compare-and-exchange succeeds. __atomic_op has no
// tag there and reads with noreturn. In a newer table, which is recognized by a
// bare tag of an __atomic_op, a tag goes to both halves. As in herd7, the older
// kind of table has atomic_add_unless without defining it.
//
// # Tables for machines
//
// Keys say which events an operation is on a machine. Items between the braces
// have the form key=list, and are separated by semicolons.
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
// it is in a cat file's set RMW, as in herd7.
//
// In a list of fences, blanks separate the fences, and commas the tags of one
// fence. In a list of tags, blanks and commas mean the same.
//
// The entry unsupported("reason") makes the use of a primitive an error, with
// that reason. Entries named __plain_load(L) and __plain_store(L,V) define *p
// and *p = v; without them plain accesses have no tags. An example, for a
// machine with acquire and release instructions and a full fence:
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
// A call without an entry in the table is an error.
package primitive
