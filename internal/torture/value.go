package torture

import (
	"context"
	"math/rand/v2"

	"crosscall"
)

// argument is the argument of a Func. It and the result fit in the line of the
// mailbox.
type argument struct {
	t    *task
	text string
	n    uint64
}

type result struct {
	text string
	n    uint64
	cpu  int
}

// wide is an argument that does not fit.
type wide struct {
	argument
	more [16]uint64
}

func narrow(c *crosscall.CPU, a argument) result {
	a.t.function(c)
	return result{a.text, a.n, c.ID()}
}

func broad(c *crosscall.CPU, a wide) result {
	a.t.function(c)
	return result{a.text, a.n + a.more[len(a.more)-1], c.ID()}
}

// callFunc makes a call with an argument and checks the result.
func (t *task) callFunc(ctx context.Context, who caller, rng *rand.Rand, cpu int) (err error) {
	a := argument{t, t.String(), rng.Uint64()}
	var got result
	want := result{a.text, a.n, cpu}
	if rng.IntN(4) == 0 {
		w := wide{argument: a}
		w.more[len(w.more)-1] = 5
		want.n += 5
		got, err = t.r.wide.Call(ctx, who.source, cpu, w)
	} else {
		got, err = t.r.narrow.Call(ctx, who.source, cpu, a)
	}
	if err != nil {
		want = result{}
	}
	if got != want {
		t.r.fail("%v returned %+v, not %+v, and %v", t, got, want, err)
	}
	return err
}
