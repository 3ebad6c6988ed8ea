package bench

import (
	"slices"
	"time"

	"crosscall"
)

// contests are the measures of a run, in order. Goals are bounds on the ratio.
var contests = slices.Concat(callContests, ownerContests, costContests)

var callContests = []contest{
	{
		name: "call-awake", unit: "ns", needs: twoCPUs, countsAllocs: true,
		open: openCallAwake(crosscall.Options{}),
		against: []baseline{
			{"pingpong", onPair(newPingpong), 1.3},
			{"chan-pinned", onPair(newChanPinned), 1.0 / 60},
			{"membarrier", onPair(newMembarrier), 1.0 / 8},
		},
	},
	{
		name: "call-cancellable", unit: "ns", needs: twoCPUs, countsAllocs: true,
		open: openCallCancellable,
		against: []baseline{
			{"pingpong", onPair(newPingpong), 1.2},
			{"call-awake", openCallAwake(crosscall.Options{}), 0},
		},
	},
	{
		name: "call-single-queue", unit: "ns", needs: twoCPUs, countsAllocs: true,
		open:    openCallAwake(crosscall.Options{One: crosscall.SingleQueue}),
		against: []baseline{{"pingpong", onPair(newPingpong), 0}},
	},
	{
		name: "call-arg", unit: "ns", needs: twoCPUs, countsAllocs: true,
		open:    openCallArg,
		against: []baseline{{"pingpong", onPair(newPingpong), 1.6}},
	},
	{
		name: "call-closure", unit: "ns", needs: twoCPUs, countsAllocs: true,
		open:    openCallClosure,
		against: []baseline{{"pingpong", onPair(newPingpong), 0}},
	},
	{
		name: "call-asleep", unit: "ns", needs: twoCPUs, ops: 8,
		open: openCallAsleep,
		against: []baseline{
			{"futex", onPair(newFutex), 1.2},
			{"futex-spin", onPair(newFutexSpin), 0},
		},
	},
	{
		name: "call-goroutine", unit: "ns", needs: twoCPUs, countsAllocs: true,
		open:    openCallGoroutine,
		against: []baseline{{"chan-pinned", onPair(newChanPinnedFromGoroutine), 1.0 / 15}},
	},
	{
		name: "call-goroutine-same-cpu", unit: "ns", needs: twoCPUs, countsAllocs: true,
		open:    openCallSameCPU,
		against: []baseline{{"chan-pinned", onPair(newChanPinnedFromGoroutine), 1}},
	},
	{
		name: "call-many-shared", unit: "ns", needs: twoCPUs, countsAllocs: true,
		open:    openCallMany(crosscall.Shared),
		against: []baseline{{"pingpong", onPair(newPingpong), 0}},
	},
	{
		name: "call-many-per-target", unit: "ns", needs: twoCPUs, countsAllocs: true,
		open:    openCallMany(crosscall.PerTarget),
		against: []baseline{{"pingpong", onPair(newPingpong), 0}},
	},
	{
		name: "post", unit: "ns", needs: twoCPUs, countsAllocs: true,
		open:    openPost(crosscall.Options{}),
		against: []baseline{{"chan-buffered", onPair(newChanBuffered), 1.0 / 10}},
	},
	{
		name: "post-single-queue", unit: "ns", needs: twoCPUs, countsAllocs: true,
		open:    openPost(crosscall.Options{One: crosscall.SingleQueue}),
		against: []baseline{{"chan-buffered", onPair(newChanBuffered), 0}},
	},
	{
		name: "post-goroutine", unit: "ns", needs: twoCPUs, countsAllocs: true,
		open:    openPostGoroutine,
		against: []baseline{{"chan-buffered", onPair(newChanBufferedFromGoroutine), 1.0 / 5}},
	},
}

// ownerContests compare state that CPUs own with state that mutexes protect.
var ownerContests = []contest{
	ownerContest("owner-counter", newHotCounter, byPosts, 1/4.1),
	ownerContest("owner-map", newHotMap, byPosts, 1/2.7),
	ownerContest("owner-heap", newHotHeap, byPosts, 1/1.4),
	ownerContest("owner-lru", newHotLRU, byPosts, 1/2.0),
	ownerContest("owner-counter-call", newHotCounter, bySingleCalls, 0),
	ownerContest("owner-map-call", newHotMap, bySingleCalls, 0),
	ownerContest("owner-heap-call", newHotHeap, bySingleCalls, 0),
	ownerContest("owner-lru-call", newHotLRU, bySingleCalls, 0),
	{
		name: "kv-get", unit: "ns", needs: twoCPUs, countsAllocs: true,
		open:    openKVOwned,
		against: []baseline{{"sharded-mutex", openKVMutex, 0}},
	},
	{
		name: "http-call", unit: "ns", batch: httpBatch,
		open:    openHTTPCall(wallTime),
		against: []baseline{{"mutex", openHTTPMutex(wallTime), 1.3}},
	},
	{
		name: "http-call-cpu", unit: "ns", batch: httpBatch,
		open:    openHTTPCall(processCPUTime),
		against: []baseline{{"mutex", openHTTPMutex(processCPUTime), 0}},
	},
	{
		name: "percpu-add-any", unit: "ns", needs: twoCPUs,
		open:    openAddAny,
		against: []baseline{{"atomic-add", openAtomicAdd, 1}},
	},
}

// costContests measure the cost of a System for the rest of the program, and the
// other way round.
var costContests = []contest{
	{
		name: "fence-idle", unit: "ns", ops: 4,
		open:    openFenceIdle(idleReturns),
		against: []baseline{{"limit", openFenceLimit, 1}},
	},
	{
		name: "fence-idle-poll", unit: "ns", ops: 4,
		open:    openFenceIdle(idleStays),
		against: []baseline{{"limit", openFenceLimit, 1}},
	},
	{
		name: "idle-cpu", unit: "%", ops: 1, once: true,
		open:    openIdleCPU,
		against: []baseline{{"limit", openIdleLimit, 1}},
	},
	{
		name: "background-idle", unit: "ns", batch: 40 * time.Millisecond,
		open:    openBesideIdle,
		against: []baseline{{"no-system", openAlone, 0}},
	},
	{
		name: "background-called", unit: "ns", batch: 40 * time.Millisecond,
		open:    openBesideCalled,
		against: []baseline{{"no-system", openAlone, 0}},
	},
	{
		name: "gc-pause", unit: "ns", needs: twoCPUs, ops: 10,
		open:    openGCBesideCalls,
		against: []baseline{{"no-system", openGCAlone, 0}},
	},
}

// onPair opens a baseline that runs between the two CPUs of a site.
func onPair(open func(callerCPU, peerCPU int) (probe, error)) func(*site) (probe, error) {
	return func(s *site) (probe, error) { return open(s.caller, s.target) }
}

// ownerContest is one of two CPUs that use one state. mutex-batch has no goal: it
// shows how much of an owner's advantage is that of the batch.
func ownerContest(name string, state func() hot, send func(*owned, *crosscall.CPU) performer, goal float64) contest {
	return contest{
		name: name, unit: "ns", needs: twoCPUs, countsAllocs: true,
		open: openOwned(state, send),
		against: []baseline{
			{"mutex", openLocked(state), goal},
			{"mutex-batch", openLockedBatch(state), 0},
		},
	}
}
