// Package torture makes random calls of every kind, from everywhere, while all
// that can change does, and checks what package crosscall guarantees: the manner
// of the kernel's kernel/scftorture.c.
//
// Every call is a task, which knows on which CPUs it may run and, once the call
// has returned, on which it must. Where the two differ, the world moved during
// the call: others changed its mask or took a CPU offline. What changes is marked
// as such beforehand (see mask and hotplug), so that the two differ in nothing
// else, and a function that is lost or runs where it should not is noticed.
//
// Nothing here is timed: the functions and calls make progress, or the watchdog
// reports that none does.
package torture
