package sched

// A Kind says which operations on one object commute: two reads do, and two
// accumulations, and no other pair.
type Kind uint8

const (
	Read  Kind = iota // reads the object and does not change it
	Accum             // changes it, but commutes with other Accums: WaitGroup.Done, RLock
	Write             // anything else
)

func conflict(a, b Kind) bool { return a == Write || a != b }

// A guard is the condition that an operation waits for.
type guard uint8

const (
	always   guard = iota
	free           // no thread holds the object
	zero           // its count is zero
	notified       // the operation's ticket has been called
	ready          // a case of its select is
	slept          // its time has come
	due            // the timer's time has
)

// The effect of an operation on happens-before, as the Go memory model has it.
const (
	acquires     = 1 << iota // joins the clock of the last release of the object
	releases                 // stores its goroutine's clock
	joins                    // releases, and keeps the clocks that others released
	readerJoins              // RUnlock: only a writer joins its clock
	readersSeen              // the writer's join of these clocks
	keepsHistory             // some operation on such an object has a guard
)

// A Code is an operation of a drop-in.
type Code uint8

const (
	Load Code = iota
	Store
	Swap
	Add
	CompareAndSwap
	And
	Or
	lock
	tryLock
	unlock
	rLock
	tryRLock
	rUnlock
	announce
	drain
	tryAnnounce
	wgAdd
	wgDone
	wgAddInOrder
	wgDoneInOrder
	wgWait
	onceEnter
	onceLeave
	condEnqueue
	condSignal
	condBroadcast
	condWake
	poolGet
	poolPut
	choose
	wake
	chanArrive
	chanSelect
	chanTry
	chanClose
	chanLen
	timerFire
	timerStop
	timerReset
	sleep
	censusStart
	censusEnd
	census
)

// traits of each code: its kind in the worst case (a CompareAndSwap that fails
// is only a Read), its guard and its effect on happens-before.
var traits = [...]struct {
	name  string
	kind  Kind
	guard guard
	sync  uint8
}{
	Load:           {"Load", Read, always, acquires},
	Store:          {"Store", Write, always, releases},
	Swap:           {"Swap", Write, always, acquires | releases},
	Add:            {"Add", Write, always, acquires | releases},
	CompareAndSwap: {"CompareAndSwap", Write, always, acquires | releases},
	And:            {"And", Write, always, acquires | releases},
	Or:             {"Or", Write, always, acquires | releases},
	lock:           {"Lock", Write, free, acquires | keepsHistory},
	tryLock:        {"TryLock", Write, always, keepsHistory},
	unlock:         {"Unlock", Write, always, releases | keepsHistory},
	rLock:          {"RLock", Accum, free, acquires | keepsHistory},
	tryRLock:       {"TryRLock", Write, always, keepsHistory},
	rUnlock:        {"RUnlock", Accum, always, readerJoins | keepsHistory},
	announce:       {"Lock: new readers wait", Write, free, acquires | keepsHistory},
	drain:          {"Lock: all readers have left", Write, zero, acquires | readersSeen | keepsHistory},
	tryAnnounce:    {"TryLock", Write, always, keepsHistory},
	wgAdd:          {"Add", Accum, always, keepsHistory},
	wgDone:         {"Done", Accum, always, joins | keepsHistory},
	wgAddInOrder:   {"Add", Write, always, keepsHistory},
	wgDoneInOrder:  {"Done", Write, always, joins | keepsHistory},
	wgWait:         {"Wait", Read, zero, acquires | keepsHistory},
	onceEnter:      {"Do", Write, free, acquires | keepsHistory},
	onceLeave:      {"Do: f has returned", Write, always, releases | keepsHistory},
	condEnqueue:    {"Wait", Write, always, keepsHistory},
	condSignal:     {"Signal", Write, always, keepsHistory},
	condBroadcast:  {"Broadcast", Write, always, keepsHistory},
	condWake:       {"Wait: woken", Read, notified, keepsHistory},
	poolGet:        {"Get", Write, always, 0},
	poolPut:        {"Put", Write, always, 0},
	choose:         {"Choose", Read, always, 0},
	chanArrive:     {"comes to wait", Write, always, 0},
	chanSelect:     {"select", Write, ready, 0},
	chanTry:        {"select with default", Write, always, 0},
	chanClose:      {"close", Write, always, 0},
	chanLen:        {"len", Read, always, 0},
	sleep:          {"Sleep", Read, slept, 0},
	timerFire:      {"fires", Write, due, 0},
	timerStop:      {"Stop", Write, always, 0},
	timerReset:     {"Reset", Write, always, 0},
	wake:           {"looks again, for something has changed", Read, always, 0},
	censusStart:    {"starts a goroutine", Accum, always, 0},
	censusEnd:      {"ends", Accum, always, 0},
	census:         {"goroutines", Read, always, 0},
}

// An op is the next operation of a goroutine.
type op struct {
	code Code
	obj  int32 // noObj if it is on none
	arg  int32 // a ticket; how many choices there are
}

const noObj = -1

func (o op) kind() Kind { return traits[o.code].kind }
