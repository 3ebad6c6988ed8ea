package oracle

// A Dialect has the events of random programs for a model. A word is the tags
// of an event, with spaces between; "" is none. A word that a list has twice is
// drawn twice as often.
type Dialect struct {
	Reads, Writes []string // words of loads and stores
	Atomics       []string // words of both halves of an atomic operation
	Fences        []string // words of fences
	Lock, Unlock  []string // words of lock events; none if there are to be no locks
	RCU           bool     // rcu-lock, rcu-unlock, sync-rcu, and the same with srcu
	// Exclusives are words of both halves of load- and store-exclusives; none if there are to
	// be none. Yields: what a store-exclusive says of itself may depend on it. Picks:
	// programs may have ir.Program.Picks.
	Exclusives    []string
	Yields, Picks bool
}

// Kernel is the dialect of LKMM.
var Kernel = Dialect{
	Reads:   []string{"once", "once", "acquire", ""},
	Writes:  []string{"once", "once", "release", ""},
	Atomics: []string{"once", "acquire", "release", "noreturn"},
	Fences: []string{"mb", "mb", "rmb", "rmb", "wmb", "wmb", "barrier", "before-atomic", "after-atomic",
		"after-spinlock", "after-unlock-lock", "after-srcu-read-unlock", "memb"},
	Lock: []string{""}, Unlock: []string{""},
	RCU: true,
}

// Dialects has the dialects of the models that package model ships, by name.
var Dialects = map[string]Dialect{
	"lkmm": Kernel,
	"sc": {
		Reads: []string{""}, Writes: []string{""}, Atomics: []string{""}, Fences: []string{"none"},
		Lock: []string{""}, Unlock: []string{""},
	},
	"x86-tso": {
		Reads: []string{""}, Writes: []string{""}, Atomics: []string{"X", "EX"}, Fences: []string{"MFENCE"},
		Lock: []string{"X"}, Unlock: []string{""},
	},
	"armv8": {
		Reads: []string{"", "", "", "", "A", "A", "Q", "Q", "pair.1 sca", "pair.2 sca"}, Writes: []string{"", "", "", "L", "L", "pair.1 sca", "pair.2 sca"},
		Atomics: []string{"X", "X A", "X L", "X NoRet", "X LSE A L"},
		Fences:  []string{"DMB.ISH", "DMB.ISHLD", "DMB.ISHST", "ISB", "dmb.full", "dmb.ld", "dmb.st", "dsb.st"},
		Lock:    []string{"X A"}, Unlock: []string{"L"},
		Exclusives: []string{"EX", "EX A", "EX L", "EX A L"}, Picks: true,
	},
	"power": {
		Reads: []string{""}, Writes: []string{""}, Atomics: []string{"EX"},
		Fences: []string{"SYNC", "LWSYNC", "LWSYNC", "ISYNC", "EIEIO"},
		Lock:   []string{"X"}, Unlock: []string{""},
		Exclusives: []string{"EX"},
	},
	"riscv": {
		Reads: []string{"", "", "Acq"}, Writes: []string{"", "", "Rel"},
		Atomics: []string{"X", "X Acq", "X Rel", "X AcqRel", "EX", "EX Acq", "EX Rel", "EX AcqRel"},
		Fences: []string{"Fence.rw.rw", "Fence.r.r", "Fence.w.w", "Fence.r.rw", "Fence.rw.w", "Fence.tso",
			"Fence.r.w", "Fence.w.r", "Fence.w.rw", "Fence.rw.r"},
		Lock: []string{"X Acq"}, Unlock: []string{"Rel"},
		Exclusives: []string{"EX", "EX Acq", "EX Rel", "EX AcqRel"}, Yields: true,
	},
	"alpha": {
		Reads: []string{""}, Writes: []string{""}, Atomics: []string{""}, Fences: []string{"MB", "WMB"},
		Lock: []string{"X"}, Unlock: []string{""},
	},
	"rc11": {
		Reads:   []string{"RLX A", "RLX A", "ACQ A", "SC A", ""},
		Writes:  []string{"RLX A", "RLX A", "REL A", "SC A", ""},
		Atomics: []string{"RLX A", "ACQ A", "REL A", "SC A"},
		Fences:  []string{"ACQ", "REL", "SC", "ALLOC"},
		Lock:    []string{"ACQ A"}, Unlock: []string{"REL A"},
	},
	"rc20": {
		Reads:   []string{"RLX A", "RLX A", "ACQ A", "SC A", ""},
		Writes:  []string{"RLX A", "RLX A", "REL A", "SC A", ""},
		Atomics: []string{"RLX A", "ACQ A", "REL A", "SC A"},
		Fences:  []string{"ACQ", "REL", "SC", "ALLOC"},
		Lock:    []string{"ACQ A"}, Unlock: []string{"REL A"},
	},
}

// Words returns all words that d draws.
func (d Dialect) Words() []string {
	var all []string
	for _, list := range [][]string{d.Reads, d.Writes, d.Atomics, d.Fences, d.Lock, d.Unlock, d.Exclusives} {
		all = append(all, list...)
	}
	if d.RCU {
		all = append(all, "rcu-lock", "rcu-unlock", "sync-rcu", "srcu-lock", "srcu-unlock", "sync-srcu")
	}
	return all
}
