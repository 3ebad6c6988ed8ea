package gocheck_test

import (
	"strings"
	"testing"

	"crosscall/gocheck"
)

// pipeline sums the numbers that two workers double, and ends with its last
// channel.
func pipeline() int {
	in, out, done := gocheck.MakeChan[int](1), gocheck.MakeChan[int](0), gocheck.MakeChan[struct{}](2)
	for range 2 {
		gocheck.Go(func() {
			for v, ok := in.Recv(); ok; v, ok = in.Recv() {
				out.Send(2 * v)
			}
			done.Send(struct{}{})
		})
	}
	gocheck.Go(func() {
		for i := range 3 {
			in.Send(i)
		}
		in.Close()
	})
	sum := 0
	for ended := 0; ended < 2; {
		var v int
		switch gocheck.Select(out.Receiving(&v, nil), done.Receiving(nil, nil)) {
		case 0:
			sum += v
		case 1:
			ended++
		}
	}
	return sum
}

func TestChan(t *testing.T) {
	if n := pipeline(); n != 6 {
		t.Errorf("outside of an exploration: %d", n)
	}
	r := gocheck.Check(t, gocheck.Options{}, func(t *gocheck.T) {
		if n := pipeline(); n != 6 {
			t.Errorf("sum is %d", n)
		}
	})
	t.Log(r)
}

// With an explorer and without it, the operations behave as Go's.
func TestChanOperations(t *testing.T) {
	test := func(fail func(string, ...any)) {
		c := gocheck.MakeChan[string](1)
		var none *gocheck.Chan[string]
		if !c.TrySend("a") || c.TrySend("b") || c.Len() != 1 || none.Len() != 0 || none.TrySend("c") {
			fail("TrySend")
		}
		if i := gocheck.SelectNow(none.Receiving(nil, nil), c.Sending("d")); i != -1 {
			fail("select %d", i)
		}
		if v, ok, done := c.TryRecv(); v != "a" || !ok || !done {
			fail("TryRecv %q", v)
		}
		if _, _, done := c.TryRecv(); done {
			fail("TryRecv of an empty one")
		}
		c.Close()
		if v, ok := c.Recv(); v != "" || ok {
			fail("Recv %q", v)
		}
		for _, f := range []func(){c.Close, none.Close, func() { c.Send("e") }} {
			func() {
				defer func() {
					if recover() == nil {
						fail("no panic")
					}
				}()
				f()
			}()
		}
	}
	test(t.Errorf)
	r := gocheck.Check(t, gocheck.Options{}, func(t *gocheck.T) { test(t.Errorf) })
	if r.Executions != 1 {
		t.Error(r)
	}
}

func TestChanDeadlock(t *testing.T) {
	f := explore(t, gocheck.Options{}, func(t *gocheck.T) {
		done := gocheck.MakeChan[int](0)
		done.NameChan(t, "done")
		t.Go(func() { done.Send(1) })
	}).Failure
	if f == nil || f.Kind != gocheck.Leak || !strings.Contains(f.Message, "G1 waits to send to done at ") {
		t.Fatal(f)
	}
}
