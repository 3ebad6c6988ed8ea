package torture

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"

	"crosscall"
)

// record is a crosscall.Record that all callers share. A caller draws a ticket
// before it posts the record; the promised run must see the ticket.
type record struct {
	cpu      int
	rec      *crosscall.Record
	rng      *rand.Rand // for the function; its runs do not overlap
	tickets  atomic.Uint64
	promised atomic.Uint64 // the highest ticket that a run has to see
	seen     atomic.Uint64 // highest ticket that a run has seen
	queued   atomic.Uint64
	runs     atomic.Uint64
}

func newRecord(r *run, cpu int, seed uint64) *record {
	rec := &record{cpu: cpu, rng: rand.New(rand.NewPCG(seed, 0))}
	rec.rec = crosscall.NewRecord(func(c *crosscall.CPU) { rec.run(r, c) })
	return rec
}

func (rec *record) String() string { return fmt.Sprintf("the record of CPU %d", rec.cpu) }

func (rec *record) run(r *run, c *crosscall.CPU) {
	s := r.enter(c, rec)
	defer r.leave(s, rec)
	rec.runs.Add(1)
	if c.ID() != rec.cpu {
		r.fail("%v ran on CPU %d", rec, c.ID())
	}
	raise(&rec.seen, rec.tickets.Load())
	r.ran(opQueueRecord)
	if rec.rng.IntN(64) == 0 {
		r.panicsPosted.Add(1)
		panic(rec)
	}
}

// post posts rec, by PostRecord if it must be free, or else by QueueRecord.
func (rec *record) post(r *run, who caller, mustBeFree bool) {
	phases := r.phases()
	ticket := rec.tickets.Add(1)
	var queued bool
	var err error
	if mustBeFree {
		err = who.PostRecord(rec.cpu, rec.rec)
		queued = err == nil
	} else {
		queued, err = who.QueueRecord(rec.cpu, rec.rec)
	}
	r.noteErr(err)
	if queued {
		rec.queued.Add(1)
	}
	stable := r.stable(phases)
	switch {
	case err == nil:
		raise(&rec.promised, ticket)
	case errors.Is(err, crosscall.ErrBusy) && mustBeFree:
	case errors.Is(err, crosscall.ErrFull):
	case errors.Is(err, crosscall.ErrOffline) && !stable.Test(rec.cpu):
	default:
		r.mayFail("a record's post", nil, err)
	}
}

func (rec *record) checkCounts(r *run) {
	if queued, runs := rec.queued.Load(), rec.runs.Load(); queued != runs {
		r.fail("%v was queued %d times and ran %d times", rec, queued, runs)
	}
	if seen, promised := rec.seen.Load(), rec.promised.Load(); seen < promised {
		r.fail("%v: no run saw ticket %d, the last saw %d", rec, promised, seen)
	}
}

// raise makes v at least n.
func raise(v *atomic.Uint64, n uint64) {
	for old := v.Load(); old < n && !v.CompareAndSwap(old, n); old = v.Load() {
	}
}
