package examples_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"crosscall/gocheck"
	"crosscall/gocheck/examples"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// right are the bodies whose executions must all pass. wrong are those that must
// fail, with the failures.
var right = map[string]func(*gocheck.T){
	"tagged stack":          taggedStack,
	"seqlock":               seqlock((*examples.SeqLock).Read),
	"double-checked":        lazy(func() getter { return new(examples.Lazy) }),
	"list, grace period":    list(true),
	"stack without reusing": treiber(false),
}

var wrong = map[string]struct {
	body func(*gocheck.T)
	kind gocheck.Kind
	says string
}{
	"ABA":                       {treiber(true), gocheck.Assertion, "has 2 owners"},
	"seqlock, no second look":   {seqlock((*examples.SeqLock).ReadOnce), gocheck.Assertion, "torn"},
	"seqlock of plain words":    {plainSeqlock, gocheck.Race, "seqlock.go"},
	"double-checked, plain":     {lazy(func() getter { return new(examples.PlainLazy) }), gocheck.Race, "lazy.go"},
	"double-checked, but once":  {lazy(func() getter { return new(examples.HastyLazy) }), gocheck.Assertion, "two"},
	"list without grace period": {list(false), gocheck.Race, "rcu.go"},
}

func TestRight(t *testing.T) {
	for name, body := range right {
		t.Run(name, func(t *testing.T) {
			t.Log(gocheck.Check(t, gocheck.Options{}, body))
		})
	}
}

func TestWrong(t *testing.T) {
	for name, c := range wrong {
		t.Run(name, func(t *testing.T) {
			r, err := gocheck.Explore(context.Background(), gocheck.Options{}, c.body)
			if err != nil {
				t.Fatal(err)
			}
			f := r.Failure
			if f == nil || f.Kind != c.kind || !strings.Contains(f.String(), c.says) {
				t.Fatalf("%v\n%v\nwant %s: %s", r, f, c.kind, c.says)
			}
			t.Logf("found by execution %d:\n%s", r.Executions, f)
		})
	}
}

// treiber: one goroutine pops while another pops two nodes and, with reuse,
// pushes the first back. Each node must have one owner at the end.
func treiber(reuse bool) func(*gocheck.T) {
	return func(t *gocheck.T) {
		s := &examples.Stack{}
		nodes := []*examples.Node{{Name: "a"}, {Name: "b"}}
		s.Push(nodes[1])
		s.Push(nodes[0])
		var owned []*examples.Node
		t.Go(func() { owned = append(owned, s.Pop()) })
		t.Go(func() {
			first, second := s.Pop(), s.Pop()
			if reuse && first != nil {
				s.Push(first)
				first = nil
			}
			owned = append(owned, first, second)
		})
		t.Final(func() {
			for n := s.Pop(); n != nil; n = s.Pop() {
				owned = append(owned, n)
			}
			for _, n := range nodes {
				owners := len(slices.DeleteFunc(slices.Clone(owned), func(o *examples.Node) bool { return o != n }))
				if owners != 1 {
					t.Errorf("node %s has %d owners", n.Name, owners)
				}
			}
		})
	}
}

func taggedStack(t *gocheck.T) {
	s := examples.NewTaggedStack(2)
	s.Push(2)
	s.Push(1)
	var owners [3]int
	t.Go(func() { owners[s.Pop()]++ })
	t.Go(func() {
		first, second := s.Pop(), s.Pop()
		if first != 0 {
			s.Push(first)
		}
		owners[second]++
	})
	t.Final(func() {
		for n := s.Pop(); n != 0; n = s.Pop() {
			owners[n]++
		}
		if owners[1] != 1 || owners[2] != 1 {
			t.Errorf("owners of nodes 1 and 2: %v", owners[1:])
		}
	})
}

func seqlock(read func(*examples.SeqLock) (a, b int32)) func(*gocheck.T) {
	return func(t *gocheck.T) {
		l := &examples.SeqLock{}
		t.Go(func() {
			l.Write(1, 1)
			l.Write(2, 2)
		})
		for range 2 {
			t.Go(func() {
				if a, b := read(l); a != b {
					t.Errorf("torn: %d, %d", a, b)
				}
			})
		}
	}
}

func plainSeqlock(t *gocheck.T) {
	l := &examples.PlainSeqLock{}
	t.Go(func() { l.Write(1, 1) })
	t.Go(func() { l.Read() })
}

type getter interface{ Get() *examples.Config }

func lazy(make func() getter) func(*gocheck.T) {
	return func(t *gocheck.T) {
		l := make()
		var got [3]*examples.Config
		for i := range got {
			t.Go(func() {
				got[i] = l.Get()
				if n := got[i].Size.Get(); n != 42 {
					t.Errorf("size %d", n)
				}
			})
		}
		t.Final(func() {
			if got[0] != got[1] || got[1] != got[2] {
				t.Errorf("there are two of them")
			}
		})
	}
}

// list has two readers, and a writer that removes an element and reuses it.
func list(wait bool) func(*gocheck.T) {
	return func(t *gocheck.T) {
		l := examples.NewList(2, 1, 10)
		for r := range 2 {
			t.Go(func() {
				if sum := l.Sum(r); sum != 11 && sum != 10 {
					t.Errorf("sum %d", sum)
				}
			})
		}
		t.Go(func() {
			e := l.RemoveFirst()
			if wait {
				l.Synchronize()
			}
			e.Value.Set(1000)
		})
	}
}
