package check

import (
	"errors"
	"fmt"
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/explore"
	"crosscall/memmodel/internal/ir"
)

// safe looks for an execution in which something goes wrong, and stops at the
// first.
func (x *run) safe() error {
	r := x.result
	r.addFlags(x.test.Flags)
	r.Covers = newCovers(x.test.Covers)
	if err := x.safeOne(); err != nil {
		return err
	}
	for _, t := range x.test.Alternatives {
		if r.Failure != nil {
			return nil
		}
		before := *r
		x.test = t
		for i, c := range t.Covers {
			if c.Before {
				r.Covers[i].Status = Reached
			}
		}
		if err := x.safeOne(); err != nil {
			return err
		}
		if r.Failure == nil && before.Verdict == Incomplete {
			r.Verdict, r.Complete, r.Reason, r.BoundHit = Incomplete, false, before.Reason, before.BoundHit
		}
	}
	r.safeEnd()
	return nil
}

// safeEnd says what of a program that holds is not worth that.
func (r *Result) safeEnd() {
	if r.Verdict == Holds && r.Executions == 0 {
		r.Verdict, r.Complete, r.Reason = Incomplete, false, "no execution comes to an end: each drops out at an assumption"
	}
	r.covered()
}

func (x *run) safeOne() error {
	positive, flags := x.result.Positive, slices.Clone(x.result.Flags)
	err := x.safely()
	if broken := new(ir.BrokenPromise); errors.As(err, &broken) {
		// A pointer to a member was converted to one to a member of another type.
		test := *x.test
		test.Prog = test.Prog.Unclassed()
		x.test = &test
		x.result.Positive, x.result.Negative, x.result.Flags = positive, 0, flags
		return x.safely()
	}
	return err
}

func (x *run) safely() error {
	r := x.result
	r.states = newStateSet(0)
	stats, err := x.run(explore.Config{OfAlike: !x.options.NoSymmetry, Flagged: x.takeSafeFlagged}, x.takeSafe)
	if errors.Is(err, explore.ErrStop) {
		err = nil
	}
	if r.Failure != nil {
		stats.BoundHit = false // it depends on timing whether a worker reached the bound before
	}
	return x.conclude(stats, err)
}

// takeSafe adds an execution of a program. It ends the exploration at one that fails.
func (x *run) takeSafe(e *explore.Execution) error {
	r := x.result
	f := x.failure(e)
	if f != nil && f.Kind == explore.WrongType {
		return errors.New(f.String())
	}
	if f != nil {
		r.addSafeFlags(e)
		return x.fails(e, f)
	}
	r.Positive++
	x.keepPassing(e)
	x.passes(e)
	x.noteRaces(e)
	if x.test.RaceFree && !slices.Contains(r.Flags, LeakFlag) && e.Leaks() {
		r.addFlags([]string{LeakFlag})
	}
	return nil
}

// takeSafeFlagged adds the flags of an execution that does not count otherwise. It ends the exploration
// at one with a race that is a failure.
func (x *run) takeSafeFlagged(e *explore.Execution) error {
	if f := x.flagged(e); f != nil {
		x.result.addSafeFlags(e)
		return x.fails(e, f)
	}
	x.noteRaces(e)
	return nil
}

// fails ends the exploration at an execution that fails.
func (x *run) fails(e *explore.Execution, f *explore.Failure) error {
	r := x.result
	r.Failure = f
	r.Negative++
	if x.options.Picture {
		r.Picture = x.draw(e)
		r.Picture.Failure = f.In()
	}
	return explore.ErrStop
}

// noteRaces adds the flags of an execution that does not fail.
func (x *run) noteRaces(e *explore.Execution) {
	r := x.result
	r.addSafeFlags(e)
	r.addRaces(e)
	if x.options.Picture && r.Picture == nil && len(r.Races) > 0 {
		r.Picture = x.draw(e)
	}
}

// addSafeFlags adds the flags of an execution of a program, but for one that is a failure by itself.
func (r *Result) addSafeFlags(e *explore.Execution) {
	r.addFlags(slices.DeleteFunc(slices.Clone(e.Flags()), func(f string) bool { return f == lifeFlag }))
}

// RaceFlag is the flag of models for a data race, as LKMM has it.
const RaceFlag = "data-race"

// LeakFlag says, for a program with a main, that memory is lost in some execution: it
// is never freed, and no pointer leads to it at the end.
const LeakFlag = "memory-leak"

// lifeFlag is the flag of models of C11 for an access to memory whose malloc does
// not happen before the access.
const lifeFlag = "unallocated"

// failure is what goes wrong in an execution. In C11 a data race is a failure
// too, because a program with one has no defined behaviour.
func (x *run) failure(e *explore.Execution) *explore.Failure {
	if f := e.Failure(); f != nil {
		return f
	}
	return x.flagged(e)
}

// flagged is failure by the flags of the execution alone.
func (x *run) flagged(e *explore.Execution) *explore.Failure {
	switch {
	case !x.test.RaceFree:
		return nil
	case slices.Contains(e.Flags(), lifeFlag):
		return unallocatedIn(e)
	case slices.Contains(e.Flags(), RaceFlag):
		return raceIn(e)
	}
	return nil
}

// unallocatedIn describes the first access to memory whose malloc does not happen before
// it.
func unallocatedIn(e *explore.Execution) *explore.Failure {
	pairs := e.Flagged(lifeFlag)
	if len(pairs) == 0 {
		return explore.NewFailure(explore.MemoryMisuse, graph.Pos{}, "memory is used whose malloc does not happen before")
	}
	p := slices.MinFunc(pairs, func(a, b [2]*graph.Event) int { return inSource(a[1], b[1]) })
	return explore.NewFailure(explore.MemoryMisuse, p[1].Pos,
		fmt.Sprintf("%s uses memory whose allocation in line %d does not happen before", p[1].Text, p[0].Pos.Line))
}
