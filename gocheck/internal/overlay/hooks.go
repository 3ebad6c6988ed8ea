package overlay

// A hook is a statement at the beginning of a function of the standard library.
// The function is found by its name. It must have the given signature,
// including the names of parameters, because the statement uses them.
type hook struct {
	name string // "chansend1", "(*Mutex).Lock"
	sigs []string
	code string
}

func sig(s ...string) []string { return s }

// altered notes that the program uses something that exploration changes.
const altered = "if crosscallOn() { crosscallCall(crosscallAltered, nil, 0, 0, nil) }"

const (
	pins   = "if crosscallIn(sys.GetCallerPC(), crosscallSync) { crosscallCall(crosscallPin, nil, 0, 0, nil); return 0 }"
	unpins = "if crosscallIn(sys.GetCallerPC(), crosscallSync) { crosscallCall(crosscallUnpin, nil, 0, 0, nil); return }"
)

// The hooks of package runtime act at the functions that compiled code calls.
var runtimeHooks = []hook{
	{"chansend1", sig("func(c *hchan, elem unsafe.Pointer)"),
		"if crosscallAt(sys.GetCallerPC(), crosscallConc) { crosscallSend(c, elem, true); return }"},
	{"chanrecv1", sig("func(c *hchan, elem unsafe.Pointer)"),
		"if crosscallAt(sys.GetCallerPC(), crosscallConc) { crosscallRecv(c, elem, true); return }"},
	{"chanrecv2", sig("func(c *hchan, elem unsafe.Pointer) (received bool)"),
		"if crosscallAt(sys.GetCallerPC(), crosscallConc) { _, received = crosscallRecv(c, elem, true); return }"},
	{"closechan", sig("func(c *hchan)"),
		"if crosscallAt(sys.GetCallerPC(), crosscallConc) { crosscallCloseChan(c); return }"},
	{"selectnbsend", sig("func(c *hchan, elem unsafe.Pointer) (selected bool)"),
		"if crosscallAt(sys.GetCallerPC(), crosscallConc) { return crosscallSend(c, elem, false) }"},
	{"selectnbrecv", sig("func(elem unsafe.Pointer, c *hchan) (selected, received bool)"),
		"if crosscallAt(sys.GetCallerPC(), crosscallConc) { return crosscallRecv(c, elem, false) }"},
	{"reflect_chansend", sig("func(c *hchan, elem unsafe.Pointer, nb bool) (selected bool)"),
		"if crosscallOn() { return crosscallSend(c, elem, !nb) }"},
	{"reflect_chanrecv", sig("func(c *hchan, nb bool, elem unsafe.Pointer) (selected bool, received bool)"),
		"if crosscallOn() { return crosscallRecv(c, elem, !nb) }"},
	{"reflect_chanclose", sig("func(c *hchan)"),
		"if crosscallOn() { crosscallCloseChan(c); return }"},
	{"chanlen", sig("func(c *hchan) int"),
		"if c != nil && c.timer == nil && crosscallAt(sys.GetCallerPC(), crosscallConc) { return crosscallLength(c) }"},
	{"reflect_chanlen", sig("func(c *hchan) int"),
		"if c != nil && c.timer == nil && crosscallOn() { return crosscallLength(c) }"},
	{"block", sig("func()"),
		"if crosscallAt(sys.GetCallerPC(), crosscallConc) { crosscallChoose(nil, true) }"},
	{"selectgo", sig("func(cas0 *scase, order0 *uint16, pc0 *uintptr, nsends, nrecvs int, block bool) (int, bool)"),
		"if crosscallAt(sys.GetCallerPC(), crosscallConc) { return crosscallSelectGo(cas0, nsends, nrecvs, block) }"},
	{"newproc", sig("func(fn *funcval)"),
		"if crosscallAt(sys.GetCallerPC(), crosscallConc) { crosscallCall(crosscallGo, unsafe.Pointer(fn), 0, 0, nil); return }; crosscallStarts(sys.GetCallerPC())"},
	{"Gosched", sig("func()"),
		"if crosscallAt(sys.GetCallerPC(), crosscallSync) { crosscallYield(); return }"},
	{"LockOSThread", sig("func()"), "if crosscallOn() { return }"},
	{"UnlockOSThread", sig("func()"), "if crosscallOn() { return }"},
	{"GOMAXPROCS", sig("func(n int) int"), "if crosscallIn(sys.GetCallerPC(), crosscallSync) { return crosscallProcs(n) }"},
	{"NumCPU", sig("func() int"), "if crosscallIn(sys.GetCallerPC(), crosscallSync) { return 1 }"},
	{"ready", sig("func(gp *g, traceskip int, next bool)"), "if crosscallFreezes(gp) { return }"},
	{"newcoro", sig("func(f func(*coro)) *coro"), "crosscallCoro()"},
	{"coroswitch", sig("func(c *coro)"), "crosscallFollow(c)"},
	{"coroexit", sig("func(c *coro)"), "crosscallFollow(c)"},

	// Modules that use these, too, get them by a linkname.
	{"procPin", sig("func() int"), pins},
	{"procUnpin", sig("func()"), unpins},
	{"sync_runtime_procPin", sig("func() int"), pins},
	{"sync_runtime_procUnpin", sig("func()"), unpins},
	{"sync_atomic_runtime_procPin", sig("func() int"), pins},
	{"sync_atomic_runtime_procUnpin", sig("func()"), unpins},

	{"gwrite", sig("func(b []byte)"), "if crosscallMutes() { return }"},
	{"NumGoroutine", sig("func() int"), "if n := crosscallGoroutines(); n > 0 { return n }"},
	{"Callers", sig("func(skip int, pc []uintptr) int"), "if crosscallOn() { return crosscallCallers(skip, pc) }"},
	{"Caller", sig("func(skip int) (pc uintptr, file string, line int, ok bool)"), "if crosscallOn() { return crosscallCaller(skip) }"},
	{"Stack", sig("func(buf []byte, all bool) int"), "if n, ok := crosscallStacks(sys.GetCallerPC(), buf, all); ok { return n }"},
	{"GC", sig("func()"), "if crosscallOn() { crosscallCall(crosscallCollect, nil, 0, 0, nil); return }"},
	{"SetFinalizer", sig("func(obj any, finalizer any)"), "if crosscallOn() { crosscallCall(crosscallFinalizer, nil, 0, 0, nil) }"},
	{"addCleanup", sig("func(p unsafe.Pointer, c cleanupFn) uint64", "func(p unsafe.Pointer, f *funcval) uint64"), "if crosscallOn() { crosscallCall(crosscallFinalizer, nil, 0, 0, nil) }"},
	{"internal_weak_runtime_registerWeakPointer", sig("func(p unsafe.Pointer) unsafe.Pointer"), "if crosscallOn() { crosscallCall(crosscallFinalizer, nil, 0, 0, nil) }"},
	{"ReadMemStats", sig("func(m *MemStats)"), altered},
	{"readGCStats", sig("func(pauses *[]uint64)"), altered},
	{"readMetrics", sig("func(samplesp unsafe.Pointer, len int, cap int)"), altered},
	{"GoroutineProfile", sig("func(p []StackRecord) (n int, ok bool)"), altered},
	{"pprof_goroutineProfileWithLabels", sig("func(p []profilerecord.StackRecord, labels []unsafe.Pointer) (n int, ok bool)"), altered},
	{"signal_enable", sig("func(s uint32)"), altered},

	{"timeSleep", sig("func(ns int64)"),
		"if crosscallOn() { crosscallCall(crosscallSleep, nil, uintptr(ns), 0, nil); return }"},
	{"newTimer", sig("func(when, period int64, f func(arg any, seq uintptr, delay int64), arg any, c *hchan) *timeTimer"),
		"if crosscallOn() { return crosscallMakeTimer(when, period, f, arg, c) }"},
	{"stopTimer", sig("func(t *timeTimer) bool"),
		"if crosscallOn() { r, _ := crosscallCall(crosscallStopTimer, unsafe.Pointer(t), 0, 0, nil); return r != 0 }"},
	{"resetTimer", sig("func(t *timeTimer, when, period int64) bool"),
		"if crosscallOn() { r, _ := crosscallCall(crosscallResetTimer, unsafe.Pointer(t), uintptr(when), uintptr(period), nil); return r != 0 }"},
	{"time_runtimeNow", sig("func() (sec int64, nsec int32, mono int64)"),
		"if crosscallOn() { return crosscallClock() }"},
	{"time_runtimeNano", sig("func() int64"),
		"if crosscallOn() { return crosscallTime() }"},
	{"nanotime", sig("func() int64"), // for modules that get it by a linkname; the runtime's own calls are not explored
		"if crosscallOn() && crosscallFind(sys.GetCallerPC())&crosscallSync != 0 { return crosscallTime() }"},

	{"synctestRun", sig("func(f func())"), "if crosscallOn() { crosscallStrangers = true; crosscallOutside, crosscallG = crosscallG, 0; defer crosscallHere() }"},
	{"os_beforeExit", sig("func(exitCode int)"), "if crosscallOn() { crosscallCall(crosscallExit, nil, uintptr(exitCode), 0, nil) }"},
	{"doInit", sig("func(ts []*initTask)"), "crosscallBeforeInit(ts)"},
	{"rand", sig("func() uint64"), "if crosscallOn() { return crosscallRand() }"},
	{"randinit", sig("func()"), "startupRand = crosscallStartup[:]"},

	{"sync_atomic_StorePointer", sig("func(ptr *unsafe.Pointer, new unsafe.Pointer)"),
		"if crosscallWordAt(sys.GetCallerPC()) { crosscallPointer(ptr, crosscallStore, nil, new); return }"},
	{"sync_atomic_SwapPointer", sig("func(ptr *unsafe.Pointer, new unsafe.Pointer) unsafe.Pointer"),
		"if crosscallWordAt(sys.GetCallerPC()) { return crosscallPointer(ptr, crosscallSwap, nil, new) }"},
	{"sync_atomic_CompareAndSwapPointer", sig("func(ptr *unsafe.Pointer, old, new unsafe.Pointer) bool"),
		"if crosscallWordAt(sys.GetCallerPC()) { return crosscallPointer(ptr, crosscallCompareAndSwap, old, new) == old }"},

	{"growslice", sig("func(oldPtr unsafe.Pointer, newLen, oldCap, num int, et *_type) slice"),
		"if crosscallMakes() { return crosscallGrow(sys.GetCallerPC(), oldPtr, newLen, oldCap, num, et) }"},
	{"slicecopy", sig("func(toPtr unsafe.Pointer, toLen int, fromPtr unsafe.Pointer, fromLen int, width uintptr) int"),
		"crosscallCopy(sys.GetCallerPC(), toPtr, toLen, fromPtr, fromLen, width)"},
	{"typedslicecopy", sig("func(typ *_type, dstPtr unsafe.Pointer, dstLen int, srcPtr unsafe.Pointer, srcLen int) int"),
		"crosscallCopy(sys.GetCallerPC(), dstPtr, dstLen, srcPtr, srcLen, typ.Size_)"},
	{"slicebytetostring", sig("func(buf *tmpBuf, ptr *byte, n int) string"),
		"crosscallRead(sys.GetCallerPC(), unsafe.Pointer(ptr), n, 1, false)"},
	{"slicebytetostringtmp", sig("func(ptr *byte, n int) string"),
		"crosscallRead(sys.GetCallerPC(), unsafe.Pointer(ptr), n, 1, false)"},
	{"makeslicecopy", sig("func(et *_type, tolen int, fromlen int, from unsafe.Pointer) unsafe.Pointer"),
		"if crosscallMakes() { return crosscallMakeCopy(sys.GetCallerPC(), et, tolen, fromlen, from) }"},
	{"convT", sig("func(t *_type, v unsafe.Pointer) unsafe.Pointer"),
		"crosscallRead(sys.GetCallerPC(), v, 1, t.Size_, false)"},
	{"convTnoptr", sig("func(t *_type, v unsafe.Pointer) unsafe.Pointer"),
		"crosscallRead(sys.GetCallerPC(), v, 1, t.Size_, false)"},
	{"reflect_typedmemmove", sig("func(typ *_type, dst, src unsafe.Pointer)"),
		"crosscallCopy(sys.GetCallerPC(), dst, 1, src, 1, typ.Size_)"},
	{"mapaccess1_fat", sig("func(t *abi.MapType, m *maps.Map, key, zero unsafe.Pointer) unsafe.Pointer", "func(t *abi.SwissMapType, m *maps.Map, key, zero unsafe.Pointer) unsafe.Pointer"),
		"if m != nil { crosscallRead(sys.GetCallerPC(), unsafe.Pointer(m), 1, 1, false) }"},
	{"mapaccess2_fat", sig("func(t *abi.MapType, m *maps.Map, key, zero unsafe.Pointer) (unsafe.Pointer, bool)", "func(t *abi.SwissMapType, m *maps.Map, key, zero unsafe.Pointer) (unsafe.Pointer, bool)"),
		"if m != nil { crosscallRead(sys.GetCallerPC(), unsafe.Pointer(m), 1, 1, false) }"},
	{"mapdelete", sig("func(t *abi.MapType, m *maps.Map, key unsafe.Pointer)", "func(t *abi.SwissMapType, m *maps.Map, key unsafe.Pointer)"),
		"crosscallRead(sys.GetCallerPC(), unsafe.Pointer(m), 1, 1, true)"},
	{"mapclear", sig("func(t *abi.MapType, m *maps.Map)", "func(t *abi.SwissMapType, m *maps.Map)"),
		"crosscallRead(sys.GetCallerPC(), unsafe.Pointer(m), 1, 1, true)"},
	{"mapclone", sig("func(m any) any"),
		"crosscallRead(sys.GetCallerPC(), efaceOf(&m).data, 1, 1, false)"},
	{"mapIterStart", sig("func(t *abi.MapType, m *maps.Map, it *maps.Iter)", "func(t *abi.SwissMapType, m *maps.Map, it *maps.Iter)"),
		"if m != nil { crosscallRead(sys.GetCallerPC(), unsafe.Pointer(m), 1, 1, false) }"},
	{"mapIterNext", sig("func(it *maps.Iter)"),
		"if m := it.Map(); m != nil { crosscallRead(sys.GetCallerPC(), unsafe.Pointer(m), 1, 1, false) }"},
}

// reportRead is for functions that, since Go 1.27, do not report a read of m themselves. They call a
// function of their package that does, and that would be a read by the standard library.
const reportRead = "if race.Enabled && m != nil { race.ReadPC(unsafe.Pointer(m), sys.GetCallerPC(), 0) }"

// The hooks of package internal/runtime/maps are added where nothing is reported yet.
var mapHooks = []hook{
	{"runtime_mapaccess1", sig("func(typ *abi.MapType, m *Map, key unsafe.Pointer) unsafe.Pointer", "func(typ *abi.SwissMapType, m *Map, key unsafe.Pointer) unsafe.Pointer"), reportRead},
	{"runtime_mapaccess1_fast32", sig("func(typ *abi.MapType, m *Map, key uint32) unsafe.Pointer", "func(typ *abi.SwissMapType, m *Map, key uint32) unsafe.Pointer"), reportRead},
	{"runtime_mapaccess1_fast64", sig("func(typ *abi.MapType, m *Map, key uint64) unsafe.Pointer", "func(typ *abi.SwissMapType, m *Map, key uint64) unsafe.Pointer"), reportRead},
	{"runtime_mapaccess1_faststr", sig("func(typ *abi.MapType, m *Map, key string) unsafe.Pointer", "func(typ *abi.SwissMapType, m *Map, key string) unsafe.Pointer"), reportRead},
}

func at(code string) string { return "if crosscallAt(crosscallsys.GetCallerPC()) { " + code + " }" }

// The hooks of package sync. code replaces the function's body.
var syncHooks = []hook{
	{"(*Mutex).Lock", sig("func()"), at("crosscallDo(crosscallLock, m, 0); return")},
	{"(*Mutex).TryLock", sig("func() bool"), at("return crosscallDo(crosscallTryLock, m, 0) != 0")},
	{"(*Mutex).Unlock", sig("func()"), at("crosscallDo(crosscallUnlock, m, 0); return")},
	{"(*RWMutex).RLock", sig("func()"), at("crosscallDo(crosscallRLock, rw, 0); return")},
	{"(*RWMutex).TryRLock", sig("func() bool"), at("return crosscallDo(crosscallTryRLock, rw, 0) != 0")},
	{"(*RWMutex).RUnlock", sig("func()"), at("crosscallDo(crosscallRUnlock, rw, 0); return")},
	{"(*RWMutex).Lock", sig("func()"), at("crosscallDo(crosscallWLock, rw, 0); return")},
	{"(*RWMutex).TryLock", sig("func() bool"), at("return crosscallDo(crosscallTryWLock, rw, 0) != 0")},
	{"(*RWMutex).Unlock", sig("func()"), at("crosscallDo(crosscallWUnlock, rw, 0); return")},
	{"(*WaitGroup).Add", sig("func(delta int)"), at("crosscallGroup(wg, delta); return")},
	{"(*WaitGroup).Done", sig("func()"), at("crosscallGroup(wg, -1); return")},
	{"(*WaitGroup).Wait", sig("func()"), at("crosscallDo(crosscallGroupWait, wg, 0); return")},
	{"(*Once).Do", sig("func(f func())"), at("crosscallOnce(o, f); return")},
	{"(*Cond).Wait", sig("func()"), at("crosscallWait(c); return")},
	{"(*Cond).Signal", sig("func()"), at("c.checker.check(); crosscallDo(crosscallCondSignal, c, 0); return")},
	{"(*Cond).Broadcast", sig("func()"), at("c.checker.check(); crosscallDo(crosscallCondBroadcast, c, 0); return")},
	{"(*Pool).Put", sig("func(x any)"), at("crosscallPut(p, x); return")},
	{"(*Pool).Get", sig("func() any"), at("return crosscallGet(p)")},
	{"(*Map).Load", sig("func(key any) (value any, ok bool)"), oneStep("MapRead", "m", "")},
	{"(*Map).Store", sig("func(key, value any)"), oneStep("Map", "m", "")},
	{"(*Map).Clear", sig("func()"), oneStep("Map", "m", "")},
	{"(*Map).LoadOrStore", sig("func(key, value any) (actual any, loaded bool)"), oneStep("Map", "m", "")},
	{"(*Map).LoadAndDelete", sig("func(key any) (value any, loaded bool)"), oneStep("Map", "m", "")},
	{"(*Map).Delete", sig("func(key any)"), oneStep("Map", "m", "")},
	{"(*Map).Swap", sig("func(key, value any) (previous any, loaded bool)"), oneStep("Map", "m", "")},
	{"(*Map).CompareAndSwap", sig("func(key, old, new any) (swapped bool)"), oneStep("Map", "m", "")},
	{"(*Map).CompareAndDelete", sig("func(key, old any) (deleted bool)"), oneStep("Map", "m", "")},
	{"(*Map).Range", sig("func(f func(key, value any) bool)"), oneStep("MapRead", "m", "f = crosscallCallback(m, f); ")},
}

// oneStep is for functions that the standard library composes of smaller
// operations. These are not explored, for any caller.
func oneStep(op, receiver, more string) string {
	return "if crosscallOn() { " + at("crosscallDo(crosscall"+op+", "+receiver+", 0)") + "; " + more + "crosscallQuiet(); defer crosscallResume() }"
}

func wholeValue(op string) string {
	return "if crosscallOn() { " + at("crosscallWhole("+op+", v)") + "; crosscallQuiet(); defer crosscallResume() }"
}

var atomicHooks = []hook{
	{"(*Value).Load", sig("func() (val any)"), wholeValue("crosscallValueRead")},
	{"(*Value).Store", sig("func(val any)"), wholeValue("crosscallValue")},
	{"(*Value).Swap", sig("func(new any) (old any)"), wholeValue("crosscallValue")},
	{"(*Value).CompareAndSwap", sig("func(old, new any) (swapped bool)"), wholeValue("crosscallValue")},
}

var testingHooks = []hook{
	{"(*common).log", sig("func(s string)", "func(s string, isErr bool)"), "crosscallLog(c, s)"},
	{"(*common).Fail", sig("func()"), "crosscallFail(c)"},
	{"Benchmark", sig("func(f func(b *B)) BenchmarkResult"), "if crosscallOn() { crosscallCall(crosscallRefused, nil, 0, 0, nil) }"},
	{"highPrecisionTimeNow", sig("func() highPrecisionTime"), "if crosscallOn() { return highPrecisionTime{} }"},
	{"highPrecisionTimeSince", sig("func(b highPrecisionTime) time.Duration", "func(a highPrecisionTime) time.Duration"), "if crosscallOn() { return 0 }"},
	{"(*T).report", sig("func()"), "if t.chatty == nil && crosscallOn() && (!t.Failed() || crosscallListing()) { return }"},
	{"(*T).Run", sig("func(name string, f func(t *T)) bool"), "if t.level == 0 { if !crosscallClaim(t, name) { return true }; defer crosscallClaimed() }"},
	{"runFuzzTests", sig("func(deps testDeps, fuzzTests []InternalFuzzTarget, deadline time.Time) (ran, ok bool)"), "if crosscallSkipsFuzz(deps, fuzzTests) { return false, true }"},
	{"runExamples", sig("func(matchString func(pat, str string) (bool, error), examples []InternalExample) (ran, ok bool)"), "if crosscallSkipsExamples(matchString, examples) { return false, true }"},
	{"(*common).resetRaces", sig("func()"), "if crosscallOn() { return }"},
	{"(*common).runCleanup", sig("func(ph panicHandling) (panicVal any)"), "if crosscallHasNoCleanup(c) { return nil }"},
	{"(*common).Context", sig("func() context.Context"), "crosscallUseContext()"},
}

var osHooks = []hook{
	{"(*File).Write", sig("func(b []byte) (n int, err error)"), "if crosscallMuted(f) { return len(b), nil }"},
}

// The hooks of package syscall, on Linux.
var syscallHooks = []hook{
	{"Gettid", sig("func() (tid int)"), "if crosscallOn() { return crosscallThread }"},
}

var flagHooks = []hook{
	{"(*FlagSet).Var", sig("func(value Value, name string, usage string)"), "f.crosscallAgain(value, name)"},
}

// The hooks of package internal/race receive the accesses that packages report
// themselves: maps do so for their callers.
var raceHooks = []hook{
	{"ReadPC", sig("func(addr unsafe.Pointer, callerpc, pc uintptr)"), "crosscallPlain(callerpc, addr, 1, false)"},
	{"ReadObjectPC", sig("func(t *abi.Type, addr unsafe.Pointer, callerpc, pc uintptr)"), "crosscallPlain(callerpc, addr, t.Size_, false)"},
	{"WritePC", sig("func(addr unsafe.Pointer, callerpc, pc uintptr)"), "crosscallPlain(callerpc, addr, 1, true)"},
	{"WriteObjectPC", sig("func(t *abi.Type, addr unsafe.Pointer, callerpc, pc uintptr)"), "crosscallPlain(callerpc, addr, t.Size_, true)"},
}
