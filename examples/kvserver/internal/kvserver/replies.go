package kvserver

import "crosscall/examples/kvserver/internal/resp"

// replies puts a client's replies in the order of its commands. Replies that
// are made on other CPUs may arrive later than those that follow them.
//
// A reply that is ready while none before it is missing goes to out at once.
// Otherwise it waits in late, and a slot has its place.
type replies struct {
	out  []byte // to be written
	sent int    // out[:sent] is written

	slots      []slot // a ring; its length is a power of two
	head, tail uint32
	late       []byte
}

// slot is one missing reply, or several replies that wait for an earlier one.
type slot struct {
	left     int32 // parts that are missing
	kind     slotKind
	total    int
	from, to int // in late, if nothing is missing
}

type slotKind uint8

const (
	whole   slotKind = iota // one part, a reply as it is
	sumOf                   // numbers that are added
	allDone                 // numbers that only mean that all is done
)

// missing is the number of slots: 0 if all replies are in out.
func (r *replies) missing() int { return int(r.tail - r.head) }

// unsent is the number of bytes that wait in all.
func (r *replies) unsent() int { return len(r.out) - r.sent + len(r.late) }

func (r *replies) at(seq uint32) *slot { return &r.slots[seq&uint32(len(r.slots)-1)] }

// buffer is the slice to which a ready reply is appended; ready takes the
// longer slice.
func (r *replies) buffer() []byte {
	if r.head == r.tail {
		return r.out
	}
	return r.late
}

func (r *replies) ready(longer []byte) {
	if r.head == r.tail {
		r.out = longer
		return
	}
	from := len(r.late)
	r.late = longer
	if last := r.at(r.tail - 1); last.left == 0 && last.to == from {
		last.to = len(longer)
		return
	}
	*r.push() = slot{from: from, to: len(longer)}
}

// expect reserves the next place for a reply, which put completes, or as many
// calls of add as there are parts.
func (r *replies) expect(kind slotKind) (seq uint32) {
	*r.push() = slot{left: 1, kind: kind}
	return r.tail - 1
}

// more adds one to the expected parts of a reply.
func (r *replies) more(seq uint32) { r.at(seq).left++ }

func (r *replies) push() *slot {
	if r.missing() == len(r.slots) {
		bigger := make([]slot, max(16, 2*len(r.slots)))
		for seq := r.head; seq != r.tail; seq++ {
			bigger[seq&uint32(len(bigger)-1)] = *r.at(seq)
		}
		r.slots = bigger
	}
	r.tail++
	return r.at(r.tail - 1)
}

// put completes a reply.
func (r *replies) put(seq uint32, reply []byte) {
	if seq == r.head {
		r.out = append(r.out, reply...)
		r.head++
		r.advance()
		return
	}
	from := len(r.late)
	r.late = append(r.late, reply...)
	r.complete(seq, from)
}

// add completes a part of a reply.
func (r *replies) add(seq uint32, n int) {
	s := r.at(seq)
	s.total += n
	if s.left--; s.left > 0 {
		return
	}
	if seq == r.head {
		r.out = appendTotal(r.out, s.total, s.kind == allDone)
		r.head++
		r.advance()
		return
	}
	from := len(r.late)
	r.late = appendTotal(r.late, s.total, s.kind == allDone)
	r.complete(seq, from)
}

func (r *replies) complete(seq uint32, from int) {
	s := r.at(seq)
	s.left, s.from, s.to = 0, from, len(r.late)
}

// advance moves replies to out that waited for the first missing one.
func (r *replies) advance() {
	for r.head != r.tail && r.at(r.head).left == 0 {
		s := r.at(r.head)
		r.out = append(r.out, r.late[s.from:s.to]...)
		r.head++
	}
	if r.head != r.tail {
		return
	}
	r.late = r.late[:0]
	if cap(r.late) > maxSpare {
		r.late = nil
	}
	if len(r.slots) > maxSlots {
		r.slots = nil
	}
}

const (
	maxSpare = 64 << 10 // bytes of a buffer that is kept for its next use
	maxSlots = 1 << 10
)

// appendTotal is the answer to a command that adds numbers.
func appendTotal(out []byte, n int, ok bool) []byte {
	if ok {
		return append(out, resp.OK...)
	}
	return resp.AppendInt(out, int64(n))
}
