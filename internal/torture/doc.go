// Package torture makes random calls of every kind, from everywhere, while
// masks, CPUs and idle functions change, and checks the guarantees of package
// crosscall, in the manner of the kernel's kernel/scftorture.c.
//
// Every call is a task, which knows the CPUs on which it may run and, once the
// call has returned, those on which it must have run. The two differ only if
// others changed its mask or took a CPU offline during the call. Such changes are
// announced before they are made (see mask and hotplug), so a function that is
// lost, or that runs where it must not, is noticed.
//
// There are no time limits: functions and calls make progress, or the watchdog
// reports that none does.
package torture
