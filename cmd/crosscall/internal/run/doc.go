// Package run runs litmus tests on the CPUs of this machine and counts the outcomes. The
// code of the threads is that of package native; the threads are executors of package
// crosscall.
//
// A run is a sequence of slices. In a slice every thread goes through Options.Size instances
// of the test in one call of its code, on an executor of its own. Then the outcomes are
// counted. A slice in which a thread was descheduled, as it finds by gaps of the clock, is
// thrown away and counted as such.
package run
