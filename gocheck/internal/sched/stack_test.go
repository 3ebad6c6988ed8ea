package sched

import "testing"

func TestNextBranchSkipsWhoSleeps(t *testing.T) {
	exec := newExecution()
	st := newStack(&exec)
	var n node
	n.reset()
	for _, thread := range []int32{3, 2, 1} {
		w := st.tree.new(&event{thread: thread})
		st.tree.nodes[w].next, n.alts = n.alts, w
	}
	n.sleep.add(2)
	for _, want := range []int32{1, 3} {
		if !st.nextBranch(&n) || n.thread != want {
			t.Errorf("the branch of %d, want %d", n.thread, want)
		}
	}
	if st.nextBranch(&n) {
		t.Error("no branch is left")
	}
}

func TestChoices(t *testing.T) {
	var st stack
	var n node
	n.reset()
	n.choice = 2
	for _, want := range []int32{0, 1} {
		if !st.nextChoice(&n, &event{code: choose, arg: 3}, 0) || n.choice != want {
			t.Errorf("choice %d, want %d", n.choice, want)
		}
		n.tried++
	}
	if st.nextChoice(&n, &event{code: choose, arg: 3}, 0) {
		t.Error("all three were taken")
	}
}

func TestFollowForgetsWhatComesLater(t *testing.T) {
	st := stack{passes: []pass{{1, 1}, {4, 2}, {6, 1}}, vains: []vain{{depth: 2}, {depth: 5}}}
	if !st.passed(4, 2) || st.passed(4, 1) || !st.passed(1, 1) || st.passed(7, 1) {
		t.Error("a Spin is known by the events before it and its number")
	}
	st.follow(4)
	if st.prefix != 5 || st.fresh != 4 || st.racesUpTo != 4 || len(st.passes) != 2 || len(st.vains) != 1 {
		t.Errorf("%+v", st)
	}
}

// Two writes race: the second thread's is requested first, unless it sleeps there.
func TestReverse(t *testing.T) {
	for _, asleep := range []bool{false, true} {
		r := newReplayed()
		r.does(0, Store, Write, true)
		r.does(1, Store, Write, true)
		st := newStack(&r.exec)
		for range 2 {
			st.nodes = append(st.nodes, node{})
			st.nodes[len(st.nodes)-1].reset()
		}
		if asleep {
			st.nodes[0].sleep.add(1)
		}
		st.reverse(r.list[0], &r.reversals)
		if n := &st.nodes[0]; st.nextBranch(n) == asleep || !asleep && n.thread != 1 {
			t.Errorf("asleep: %v, branch of %d", asleep, n.thread)
		}
	}
}
