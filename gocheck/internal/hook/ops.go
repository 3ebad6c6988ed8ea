package hook

// The operations that hooks in the standard library report. The overlay copies
// this file to each package that has hooks.
const (
	crosscallSelect uintptr = iota
	crosscallClose
	crosscallLen
	crosscallGo
	crosscallGosched
	crosscallSleep
	crosscallNewTimer
	crosscallStopTimer
	crosscallResetTimer
	crosscallNow
	crosscallLock
	crosscallTryLock
	crosscallUnlock
	crosscallRLock
	crosscallTryRLock
	crosscallRUnlock
	crosscallWLock
	crosscallTryWLock
	crosscallWUnlock
	crosscallGroupAdd
	crosscallGroupWait
	crosscallOnceEnter
	crosscallOnceLeave
	crosscallCondEnqueue
	crosscallCondAwait
	crosscallCondSignal
	crosscallCondBroadcast
	crosscallPoolPut
	crosscallPoolGet
	crosscallMap
	crosscallMapRead
	crosscallValue
	crosscallValueRead
	crosscallTestLog
	crosscallTestFail
	crosscallTestBegin
	crosscallTestUse
	crosscallTestEnd
	crosscallExit
	crosscallOutput
	crosscallAltered
	crosscallRefused
	crosscallCensus
	crosscallStack
	crosscallCollect
	crosscallFinalizer
	crosscallPin
	crosscallUnpin
	crosscallOps
)

// The atomic operations.
const (
	crosscallLoad uintptr = iota
	crosscallStore
	crosscallSwap
	crosscallAdd
	crosscallCompareAndSwap
	crosscallAnd
	crosscallOr
)

// These say which operations that a package calls are explored.
const (
	crosscallSync    = 1 << iota // package sync
	crosscallConc                // go statements, channels
	crosscallWord                // it is package sync/atomic, whose operations are explored if its caller is
	crosscallLent                // plain accesses are those of the caller
	crosscallThrough             // those of packages that it calls are, too, but not its own
	crosscallHelper              // with crosscallLent: but those for a package with crosscallThrough are that package's own
)
