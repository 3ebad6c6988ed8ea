//go:build !gocheck

package main

var mutants = []mutant{
	{name: "walker does not test refs", file: "shared.go", scenario: "shared list/reuse", found: "assertion", often: true,
		edits: []string{" && r.refs.Load() != 0", ""}},
	{name: "walker does not test the mask", file: "shared.go", scenario: "shared list/two sleep", found: "assertion",
		edits: []string{"return r.cpumask[in.cpu/64].Load()>>(in.cpu%64)&1 != 0 && ", "return "}},
	{name: "bit is not cleared", file: "shared.go", scenario: "shared list/two sleep", found: "assertion",
		edits: []string{"	r.cpumask[in.cpu/64].And(^(uint64(1) << (in.cpu % 64)))\n", ""}},
	{name: "refs before the record is on the list", file: "shared.go", scenario: "shared list/used three times", found: "incomplete", often: true,
		edits: []string{"refs int32) {\n", "refs int32) {\n	r.refs.Store(refs)\n", "could run it and take it off the list before it was put on (Q6).\n	r.refs.Store(refs)\n", "\n"}},
	{name: "function after refs", file: "shared.go", scenario: "shared list/reuse", found: "race",
		edits: []string{"	r.fn, r.csd = fn, csd\n", "", "	s.q.shared.add(r, int32(n))\n", "	s.q.shared.add(r, int32(n))\n	atomics.Write(&r.fn)\n	r.fn, r.csd = fn, csd\n"}},
	{name: "record at the tail", file: "shared.go", scenario: "shared list/moved record", found: "assertion", often: true,
		edits: []string{`	old := l.head.Load()
	atomics.Write(&r.prev)
	r.prev = nil
	r.next.Store(old)
	if old != nil {
		atomics.Write(&old.prev)
		old.prev = r
	}
	l.head.Store(r)
`, `	r.prev = nil
	r.next.Store(nil)
	if last := l.head.Load(); last == nil {
		l.head.Store(r)
	} else {
		for last.next.Load() != nil {
			last = last.next.Load()
		}
		r.prev = last
		last.next.Store(r)
	}
`}},
	{name: "record taken off leaves its neighbour's way back", file: "shared.go", scenario: "shared list/moved record", found: "incomplete",
		edits: []string{"		next.prev = r.prev\n", ""}},
	{name: "record is free before it is off the list", file: "shared.go", scenario: "shared list/reuse for another", found: "incomplete",
		edits: []string{"	in.q.shared.del(r)\n", "", "	r.flags.Store(0) // csd_unlock: from here on r is its owner's again\n", "	r.flags.Store(0)\n	in.q.shared.del(r)\n"}},
	{name: "record is free once one has answered", file: "shared.go", scenario: "shared list/reuse", found: "race",
		edits: []string{"	case left > 0:\n", "	case left > 0:\n		r.flags.Store(0)\n"}},
	{name: "record is used while in flight", file: "shared.go", scenario: "shared list/reuse", found: "assertion",
		edits: []string{"	if r.flags.Load()&csdLock != 0 {\n", "	if r.flags.Load()&^csdLock != 0 {\n"}},
	{name: "empty mask is sent", file: "shared.go", scenario: "shared list/mask emptied", found: "livelock",
		edits: []string{"csd); n == 0 {", "csd); n < 0 {"}},
	{name: "mask on its way to the right value", file: "shared.go", scenario: "shared list/reuse for fewer", found: "assertion",
		edits: []string{"		r.markBefore(i, w)\n", "		r.markBefore(i, w)\n		r.cpumask[i].Store(mask.Word(i))\n"}},
	{name: "rings by the record's own mask", file: "shared.go", scenario: "shared list/one sleeps", found: "assertion",
		edits: []string{"	for i, w := range s.ipi {\n", "	for i := range s.ipi {\n		w := r.cpumask[i].Load()\n"}},
	{name: "walker does not look anew after a function", file: "shared.go", scenario: "shared list/nested", found: "assertion", often: true,
		edits: []string{"n > 0 {\n		return n, false\n	}\n", "n > 0 {\n		n++\n	}\n"}},
	{name: "crowd's record without its lock", file: "shared.go", scenario: "shared list/crowd", found: "race",
		edits: []string{"		s.lock.Lock()\n		defer s.lock.Unlock()\n", "		_ = s.lock\n"}},
	{name: "list without its lock", file: "shared.go", scenario: "shared list/three senders", found: "race",
		edits: []string{"(r *cfd[C], refs int32) {\n	l.mu.Lock()\n	defer l.mu.Unlock()\n", "(r *cfd[C], refs int32) {\n"}},
	{name: "records not by age", file: "shared.go", scenario: "single queue/by age", found: "assertion",
		edits: []string{"	if in.q.cfg.SingleQueue {\n		return in.walkByAge()", "	if in.q == nil {\n		return in.walkByAge()"}},

	{name: "call overtakes a record", file: "inbox.go", scenario: "shared list/order, reused", found: "assertion", often: true,
		edits: []string{"if in.q.shared.head.Load() != nil || l.tail", "if l.tail"}},
	{name: "call overtakes posts", file: "inbox.go", scenario: "lanes/order", found: "assertion",
		edits: []string{"in.q.shared.head.Load() != nil || l.tail.Load() != l.next {", "in.q.shared.head.Load() != nil {"}},
	{name: "call goes before the record it came after", file: "inbox.go", scenario: "shared list/order, reused", found: "assertion",
		edits: []string{"if l.requested() && int64(r.number(in.cpu)-l.order()) > 0 {", "if l.requested() {"}},
	{name: "record overtakes posts", file: "inbox.go", scenario: "shared list/order", found: "assertion",
		edits: []string{"		n += l.serveRing(limit)\n	}\n	return n\n", "	}\n	_ = limit\n	return n\n"}},
	{name: "mailbox loaded twice", file: "inbox.go", scenario: "lanes/failing call", found: "assertion", often: true,
		edits: []string{"if f := l.box.Load(); f != nil && f != failed && !l.running {", "if l.box.Load() != nil && l.box.Load() != failed && !l.running {\n			f := l.box.Load()"}},
	{name: "last look leaves out records", file: "inbox.go", scenario: "shared list/one sleeps, reuse", found: "livelock",
		edits: []string{"	return in.single.pending() || in.shares() || in.fenced()\n", "	return in.single.pending() || in.fenced()\n"}},
	{name: "last look leaves out the mailbox", file: "inbox.go", scenario: "lanes/two calls", found: "livelock",
		edits: []string{"		if l.requested() || l.tail.Load() != l.next {", "		if l.tail.Load() != l.next {"}},
	{name: "last look leaves out the single queue", file: "inbox.go", scenario: "single queue/call", found: "livelock",
		edits: []string{"	return in.single.pending() || in.shares()", "	return in.shares()"}},
	{name: "mailbox is given to two", file: "inbox.go", scenario: "lanes/guests", found: "assertion",
		edits: []string{"	if l.claimed.Load() || !in.q.Online", "	if !in.q.Online", "	if l == nil || l.claimed.Load() {", "	if l == nil {"}},
	{name: "fence passes within a function", file: "inbox.go", scenario: "lanes/fence", found: "race",
		edits: []string{"	case csd.fenced():\n", "	case csd.fenced() && in.q == nil:\n"}},
	{name: "fence does not pass where a function waits", file: "inbox.go", scenario: "lanes/fences crosswise", found: "livelock",
		edits: []string{"(in.depth == 0 || in.depth == 1 && in.quiet)", "in.depth == 0"}},
	{name: "record's start sees nothing of who coalesced", file: "inbox.go", scenario: "lanes/record that coalesces", found: "race",
		edits: []string{"		csd.flags.Swap(0) //", "		csd.flags.Store(0) //"}},

	{name: "answer before the function", file: "lane.go", scenario: "lanes/two calls", found: "race",
		edits: []string{"	in.invoke(fn)\n	l.box.Store(nil)\n", "	l.box.Store(nil)\n	in.invoke(fn)\n"}},
	{name: "caller is woken before the answer", file: "lane.go", scenario: "lanes/two calls", found: "livelock",
		edits: []string{"	in.invoke(fn)\n", "	in.invoke(fn)\n	in.q.host.Answer(l.src, in.cpu)\n", "		}\n		in.q.host.Answer(l.src, in.cpu)\n", "		}\n"}},
	{name: "mailbox not looked at anew after what precedes it", file: "lane.go", scenario: "lanes/nested", found: "assertion",
		edits: []string{"	for l.requested() && l.order() == after {\n", "	for {\n"}},
	{name: "mailbox before the tail", file: "lane.go", scenario: "lanes/order", found: "assertion",
		edits: []string{"	l.limit = l.tail.Load()\n", "", "		l.walked = l.order()\n	}\n", "		l.walked = l.order()\n	}\n	l.limit = l.tail.Load()\n"}},
	{name: "ring holds one more than it has slots", file: "lane.go", scenario: "lanes/full ring", found: "assertion", often: true,
		edits: []string{"l.room = l.head.Load() + uint64(len(l.slots))", "l.room = l.head.Load() + uint64(len(l.slots)) + 1"}},
	{name: "slots given back before they are cleared", file: "lane.go", scenario: "lanes/full ring", found: "race",
		edits: []string{"	size := uint64(len(l.slots))\n", "	l.head.Store(l.next)\n	size := uint64(len(l.slots))\n"}},
	{name: "slots given back before they are read", file: "lane.go", scenario: "lanes/full ring", found: "race",
		edits: []string{"		at := &l.slots", "		l.head.Store(l.next + 1)\n		at := &l.slots"}},
	{name: "tail before the slot", file: "lane.go", scenario: "lanes/short posts", found: "race",
		edits: []string{"	s := &l.slots[n&uint64(len(l.slots)-1)]\n	atomics", "	l.tail.Store(n + 1)\n	s := &l.slots[n&uint64(len(l.slots)-1)]\n	atomics", "	l.tail.Store(n + 1)\n	return true\n", "	return true\n"}},

	{name: "crowd's lane without its lock", file: "queue.go", scenario: "lanes/guests that post", found: "race",
		edits: []string{"		in.crowdMu.Lock()\n		sent = s", "		sent = s", "		in.crowdMu.Unlock()\n	default", "	default"}},
	{name: "offline does not wait for who is about to post", file: "queue.go", scenario: "lanes/offline, guests", found: "race",
		edits: []string{"{&in.crowdMu, q.crowd.lock, &in.single.mu}", "{q.crowd.lock, &in.single.mu}"}},
	{name: "offline does not wait for the single queue's lock", file: "queue.go", scenario: "single queue/offline, guests", found: "race",
		edits: []string{"{&in.crowdMu, q.crowd.lock, &in.single.mu}", "{&in.crowdMu, q.crowd.lock}"}},
	{name: "offline closes nothing", file: "queue.go", scenario: "lanes/offline, a CPU", found: "race", often: true,
		edits: []string{"		q.online[cpu/64].And(^(uint64(1) << (cpu % 64)))\n", "		q.online[cpu/64].And(^uint64(0))\n"}},

	{name: "online is asked before the lock", file: "single.go", scenario: "single queue/offline, guests", found: "race",
		edits: []string{"	q.mu.Lock()\n	defer q.mu.Unlock()\n	if !force && !in.q.Online(in.cpu) {\n		return Offline\n	}\n", "	if !force && !in.q.Online(in.cpu) {\n		return Offline\n	}\n	q.mu.Lock()\n	defer q.mu.Unlock()\n"}},
	{name: "queue is marked empty after it is unlocked", file: "single.go", scenario: "single queue/two sources", found: "assertion",
		edits: []string{"		q.first.Store(nil)\n		q.mu.Unlock()\n", "		q.mu.Unlock()\n		q.first.Store(nil)\n"}},
	{name: "who finds the queue empty does not ring", file: "single.go", scenario: "single queue/call", found: "livelock",
		edits: []string{"		sent = Rung\n", ""}},
	{name: "first after the doorbell was decided on", file: "single.go", scenario: "single queue/call", found: "livelock",
		edits: []string{"		q.first.Store(r)\n", "", "	q.tail = r\n", "	if q.head == q.tail {\n		q.first.Store(r)\n	}\n	q.tail = r\n"}},
	{name: "what was taken is dropped", file: "single.go", scenario: "single queue/nested", found: "assertion",
		edits: []string{"	if q.taken == nil && q.first", "	if q.first"}},

	{name: "record is free before all have answered", file: "csd.go", scenario: "lanes/one record for many", found: "assertion", often: true,
		edits: []string{"left != 0 {\n", "left != 0 {\n			d.flags.Store(0)\n"}},
	{name: "answers are counted by a load and a store", file: "csd.go", scenario: "lanes/one record for many", found: "livelock",
		edits: []string{"		if left := d.refs.Add(-1); left != 0 {", "		left := d.refs.Load() - 1\n		if d.refs.Store(left); left != 0 {"}},
	{name: "forgives one too few", file: "csd.go", scenario: "lanes/one record for many", found: "livelock",
		edits: []string{"d.refs.Add(int32(-n)) == 0", "d.refs.Add(int32(1-n)) == 0"}},
	{name: "forgives one too many", file: "csd.go", scenario: "lanes/one record for many", found: "assertion",
		edits: []string{"d.refs.Add(int32(-n)) == 0", "d.refs.Add(int32(-1-n)) == 0"}},
	{name: "who forgives last does not complete", file: "csd.go", scenario: "lanes/one record for many", found: "livelock",
		edits: []string{"	if d.refs.Add(int32(-n)) == 0 {\n		d.flags.Store(0)\n	}\n", "	d.refs.Add(int32(-n))\n"}},
	{name: "sleeper is looked for before the record is free", file: "csd.go", scenario: "lanes/parked", found: "livelock",
		edits: []string{"	if d.flags.Swap(0)&csdParked != 0 {", "	parked := d.flags.Load()&csdParked != 0\n	d.flags.Store(0)\n	if parked {"}},
	{name: "waiter is read after the record is free", file: "csd.go", scenario: "lanes/record used again", found: "race",
		edits: []string{"	atomics.Read(&d.waiter)\n	w := d.waiter\n	if d.flags.Swap(0)&csdParked != 0 {", "	parked := d.flags.Swap(0)&csdParked != 0\n	atomics.Read(&d.waiter)\n	if w := d.waiter; parked {"}},
	{name: "lock is taken while in flight", file: "csd.go", scenario: "lanes/record that coalesces", found: "assertion",
		edits: []string{"return d.flags.Or(csdLock)&csdLock == 0", "return d.flags.Or(csdLock) >= 0"}},
	{name: "lock is tried by a load", file: "csd.go", scenario: "lanes/record that coalesces", found: "race",
		edits: []string{"{ return d.flags.Or(csdLock)&csdLock == 0 }", "{ return d.flags.Load()&csdLock == 0 && d.flags.Or(csdLock)&csdLock == 0 }"}},
	{name: "an error is lost to another", file: "csd.go", scenario: "shared list/failing", found: "assertion",
		edits: []string{"		if d.faults.CompareAndSwap(f.next, f) {\n			return\n		}\n", "		d.faults.Store(f)\n		return\n"}},
}

var equivalent = []mutant{
	// Q9: the target that answered last has left a zero there.
	{name: "owner does not zero refs", file: "shared.go", scenario: "shared list/reuse",
		edits: []string{"	r.refs.Store(0)\n", ""}},
	// Q6: who takes the record off needs the lock, so it is on the list by then.
	{name: "refs before the record is on the list, under the lock", file: "shared.go", scenario: "shared list/used three times",
		edits: []string{"	old := l.head.Load()\n", "	r.refs.Store(refs)\n	old := l.head.Load()\n", "could run it and take it off the list before it was put on (Q6).\n	r.refs.Store(refs)\n", "\n"}},
	// Q4: the walker that sees the mask so early finds refs zero.
	{name: "mask before the function", file: "shared.go", scenario: "shared list/reuse",
		edits: []string{"	atomics.Write(&r.fn)\n	atomics.Write(&r.csd)\n	r.fn, r.csd = fn, csd\n", "", "	return n\n}\n\nfunc (r *cfd[C]) markBefore", "	atomics.Write(&r.fn)\n	atomics.Write(&r.csd)\n	r.fn, r.csd = fn, csd\n	return n\n}\n\nfunc (r *cfd[C]) markBefore"}},
}
