package sched

import (
	"slices"
	"unsafe"
)

// channels has the channels that the present run has used, by number.
type channels struct {
	list    []channel // more than n are kept for later runs
	n       int32
	numbers map[unsafe.Pointer]int32
	objs    *objects   // each channel is one of these
	exec    *execution // its events are on channels
}

func (cs *channels) at(id int32) *channel { return &cs.list[id] }

// number returns the number of the channel at p, which it gets at its first
// use in an execution; -1 for nil. The map keeps the channel alive, so that its
// address is not reused.
func (cs *channels) number(p unsafe.Pointer, state func(unsafe.Pointer) ChanState) int32 {
	if p == nil {
		return -1
	}
	if i, ok := cs.numbers[p]; ok {
		return i
	}
	if cs.numbers == nil {
		cs.numbers = map[unsafe.Pointer]int32{}
	}
	i := cs.add("channel", state(p))
	cs.numbers[p] = i
	return i
}

// add makes a channel, or something like one, that has no address.
func (cs *channels) add(typ string, s ChanState) int32 {
	i := cs.n
	cs.n++
	if int(i) == len(cs.list) {
		cs.list = append(cs.list, channel{})
	}
	cs.at(i).reset(cs.objs.add(typ), s)
	return i
}

// reset forgets all channels.
func (cs *channels) reset() {
	if cs.n > 0 {
		clear(cs.numbers)
		cs.n = 0
	}
}

// without is the present state that the channel would have without event f and
// the events after f in happens-before.
func (cs *channels) without(f int32, c *channel) count {
	n := len(c.counts)
	for n > 0 && c.counts[n-1].event >= f {
		n--
	}
	now := c.count(noEvent)
	if n == len(c.counts) {
		return now
	}
	sum := c.counts[n]
	for k := n; k < len(c.counts); k++ {
		a, b := c.counts[k], now
		if k+1 < len(c.counts) {
			b = c.counts[k+1]
		}
		if a.event != f && !cs.exec.after(a.event, f) {
			sum.add(a, b)
		}
	}
	return sum
}

// orderSide makes event i come after those that it conflicts with on one side.
func (cs *channels) orderSide(i int32, a access, clock []uint32) {
	hist := &cs.at(a.side / sides).hist[a.side%sides]
	for k := len(*hist) - 1; k >= 0; k-- {
		p := (*hist)[k]
		if !conflict(p.kind, a.kind) {
			continue
		}
		join(clock, cs.exec.clock(p.event))
		if p.kind == Write {
			break
		}
	}
	*hist = append(*hist, past{i, a.kind})
}

// part removes all entries of t from the queues of channels.
func (cs *channels) part(t *thread) {
	isMine := func(p waitingCase) bool { return p.t == t }
	for _, id := range t.sel.chans {
		if id >= 0 && cs.at(id).cap == 0 {
			c := cs.at(id)
			c.offers = slices.DeleteFunc(c.offers, isMine)
			c.receivers = slices.DeleteFunc(c.receivers, isMine)
		}
	}
}
