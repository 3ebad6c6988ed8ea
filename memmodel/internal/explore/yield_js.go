package explore

import "runtime"

// yield lets other goroutines run, and timers: WebAssembly has one thread, and its
// scheduler takes it from nobody.
func yield() { runtime.Gosched() }
