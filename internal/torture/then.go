package torture

import (
	"context"
	"errors"
	"math/rand/v2"

	"crosscall"
	"crosscall/cpumask"
)

// then is the function that CallThen or Batch.Then runs last, on the caller's CPU.
type then struct {
	*task
	who   caller
	begin func(error) // judges the error that it gets
}

func (r *run) newThen(who caller, rng *rand.Rand) *then {
	t := &then{task: r.newTask(opThen, who.beside(), rng), who: who} // in the order of the functions' ends
	t.may = cpumask.Of(who.self())
	t.budget = 2
	return t
}

func (t *then) owe() { t.task.owe(t.who, t.may) }

func (t *then) function(c *crosscall.CPU, err error) {
	t.body(c, func(s *cpuState) {
		if s.depth > crosscall.MaxNesting {
			t.r.fail("CPU %d: %v began within %d functions", c.ID(), t, s.depth-1)
		}
		t.begin(err)
		t.r.work(t.task, s, c)
	})
}

// callThen makes a call by CallThen.
func (r *run) callThen(who caller, rng *rand.Rand, budget int) {
	if who.cpu == nil {
		return
	}
	cpu := r.pickCPU(rng)
	t := r.newTask(opCallThen, who, rng)
	t.waits, t.budget = true, budget
	if r.possible(cpu) {
		t.may.Set(cpu)
	}
	t.must = t.may
	then := r.newThen(who, rng)
	then.begin = func(err error) {
		r.noteErr(err)
		t.judge(err)
	}
	var err error
	who.closed(func() { err = who.cpu.CallThen(cpu, t.function, then.function) })
	if err == nil {
		then.owe()
		return
	}
	then.refuse()
	t.refusedWith(err, true, cpu, who.self())
}

// refusedWith judges a call that was not accepted.
func (t *task) refusedWith(err error, mayBeFull bool, cpus ...int) {
	r := t.r
	r.noteErr(err)
	t.refuse()
	switch {
	case errors.Is(err, crosscall.ErrOffline):
		stable := r.stable(t.phases)
		for _, cpu := range cpus {
			if !r.possible(cpu) || !stable.Test(cpu) {
				return
			}
		}
		r.fail("%v, between CPUs %v, which are online: %v", t, cpus, err)
	case errors.Is(err, crosscall.ErrFull) && mayBeFull:
	case errors.Is(err, crosscall.ErrClosed) && r.mayBeClosed(t):
	default:
		r.fail("%v: %v", t, err)
	}
}

// async makes a call by Async, does other work, and then waits or not.
func (r *run) async(ctx context.Context, who caller, rng *rand.Rand, budget int) {
	cpu := r.pickCPU(rng)
	t := r.newTask(opAsync, who, rng)
	t.waits, t.budget = true, budget
	if r.possible(cpu) {
		t.may.Set(cpu)
	}
	h, err := who.Async(cpu, t.function)
	if err != nil {
		t.refusedWith(err, who.cpu != nil, cpu)
		return
	}
	if budget > 0 && rng.IntN(2) == 0 {
		r.issue(who, rng, budget/2)
	}
	t.must = t.may
	if rng.IntN(4) == 0 {
		if h.Done() {
			t.finished(cpu)
		}
		t.owe(who, t.may)
		return
	}
	err = h.Wait(ctx)
	if cut := ctx.Err(); cut != nil && errors.Is(err, cut) {
		r.noteErr(err)
		r.cut.Add(1)
		t.owe(who, t.may)
		return
	}
	r.noteErr(err)
	t.judge(err)
}
