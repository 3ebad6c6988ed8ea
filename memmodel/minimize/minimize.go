package minimize

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"crosscall/memmodel/check"
	"crosscall/memmodel/internal/asm"
)

// Options of Run. The zero value has no limit on time.
type Options struct {
	Check   check.Options // of each check; Timeout is for each, Picture and VerdictOnly are set by Run
	C       check.COptions
	Timeout time.Duration // for all of it; 0 is none

	// Progress, if there is one, is called for each source that is tried, by one goroutine.
	Progress func(Progress)
}

// Progress is how far Run is.
type Progress struct {
	Tried      int // sources that were checked
	Was, Is    int // tokens, of the first source and of what is left
	Candidates int // what could still be dropped, as far as is known
}

// A Result is what is left of a source.
type Result struct {
	Source string
	Was    int // tokens of the first source; comments are none
	Is     int // of Source
	Tried  int // sources that were checked
	// Minimal says that no statement, thread, branch or value can be dropped alone, and in C
	// no two statements of a function together. If it is false, Reason says why the search
	// ended.
	Minimal bool
	Reason  string
	// Check is the result of Source, with a picture.
	Check *check.Result

	left text // Source, with its places in the first one
	text string
}

// ErrNotFailing is the error of Run for a source that does not fail. Result.Check then has
// the result of the source.
var ErrNotFailing = errors.New("does not fail: there is nothing to minimize")

// Run drops from a source that fails under m what the failure does not need. name says
// whether it is a C program or a litmus test, as for check.Source; headers of a C program
// stay as they are.
//
// When ctx ends, or a limit is reached, the Result has the smallest source so far.
func Run(ctx context.Context, name string, src []byte, m *check.Model, o Options) (*Result, error) {
	name = filepath.ToSlash(name)
	limited := ctx
	if o.Timeout > 0 {
		var cancel context.CancelFunc
		limited, cancel = context.WithTimeoutCause(ctx, o.Timeout, fmt.Errorf("timeout: more than %v", o.Timeout))
		defer cancel()
		if o.Check.Timeout == 0 || o.Timeout < o.Check.Timeout {
			o.Check.Timeout = o.Timeout
		}
	}
	t := newText(strings.TrimPrefix(string(src), "\ufeff"))
	j, r, err := newJudge(ctx, name, t, m, o)
	switch {
	case r.Err != nil:
		return nil, r.Err
	case err != nil:
		return nil, err
	case j == nil:
		return &Result{Source: t.src, Check: r}, ErrNotFailing
	}
	x := &minimizer{judge: j, best: t, unset: unsetIn(name, t.src), progress: o.Progress, was: size(t.src), failed: map[string]bool{}}
	x.run(limited)
	return x.result(context.WithoutCancel(ctx), context.Cause(limited))
}

// A minimizer keeps the smallest source that fails alike.
type minimizer struct {
	*judge
	best     text
	unset    map[string]int // of best
	was      int
	failed   map[string]bool // keys of sources that were tried and do not fail alike
	progress func(Progress)
	minimal  bool
}

// run tries edits, those that take most away first, until none is left that can be made.
func (x *minimizer) run(ctx context.Context) {
	for ctx.Err() == nil {
		if x.round(ctx, false) {
			continue
		}
		if !x.round(ctx, true) {
			x.minimal = ctx.Err() == nil && x.undecided == 0
			return
		}
	}
}

// round tries each edit once, and reports whether any was made. After a successful edit it
// lists the edits of the new source, and goes on with those of the same size.
func (x *minimizer) round(ctx context.Context, pairs bool) (made bool) {
	edits := x.edits(pairs)
	for i := 0; i < len(edits) && ctx.Err() == nil; i++ {
		if x.progress != nil {
			x.progress(Progress{Tried: x.checks, Was: x.was, Is: size(x.best.src), Candidates: len(edits) - i})
		}
		if !x.try(ctx, edits[i]) {
			continue
		}
		made = true
		gain := edits[i].gain()
		edits = x.edits(pairs)
		i = slices.IndexFunc(edits, func(e edit) bool { return e.gain() <= gain }) - 1
		if i < -1 {
			break
		}
	}
	return made
}

// try makes an edit if what is left fails alike.
func (x *minimizer) try(ctx context.Context, e edit) bool {
	next := x.best.apply(e)
	key := x.key(next)
	if x.failed[key] {
		return false
	}
	if setsLess(x.unset, unsetIn(x.name, next.src)) || !x.alike(ctx, next) || ctx.Err() != nil {
		x.failed[key] = true
		return false
	}
	x.best, x.unset, x.undecided = next, unsetIn(x.name, next.src), 0
	return true
}

// key is by what a source is known. A failure of a C program has a place in the first
// source: two ways to one source may differ in that.
func (x *minimizer) key(t text) string {
	if !isC(x.name) {
		return t.src
	}
	b := []byte(t.src)
	for _, at := range t.origin {
		b = binary.LittleEndian.AppendUint32(b, uint32(at))
	}
	return string(b)
}

// edits lists the edits of the best source, those that take most away first.
func (x *minimizer) edits(pairs bool) []edit {
	list := editsOf(x.name, x.best.src, pairs)
	slices.SortStableFunc(list, func(a, b edit) int { return cmp.Compare(b.gain(), a.gain()) })
	return list
}

func editsOf(name, src string, pairs bool) []edit {
	if isC(name) {
		return cEdits(src, pairs)
	}
	start, err := initialStateOf(name, src)
	switch {
	case err != nil:
		return nil
	case asm.Is([]byte(src)):
		return asmEdits(src, start, pairs)
	}
	return litmusEdits(src, start, pairs)
}

// setsLess reports whether an edit removes the value of a variable that is used.
func setsLess(before, after map[string]int) bool {
	for name, n := range after {
		if n > before[name] {
			return true
		}
	}
	return false
}

func unsetIn(name, src string) map[string]int {
	if isC(name) {
		return cTree(src).unset()
	}
	start, err := initialStateOf(name, src)
	if err != nil || asm.Is([]byte(src)) {
		return nil
	}
	w, _ := litmusTree(src, start)
	names := w.unset()
	w.unsetRegisters(names)
	return names
}

// result checks the printed form of the smallest source once more, and keeps its picture.
func (x *minimizer) result(ctx context.Context, why error) (*Result, error) {
	if asm.Is([]byte(x.best.src)) {
		x.align(ctx)
	}
	r := &Result{Source: x.best.src, left: x.best, Was: x.was, Is: size(x.best.src), Minimal: x.minimal}
	r.Check = x.source(ctx, r.Source, x.model, true)
	r.Tried = x.checks
	switch {
	case x.minimal:
	case errors.Is(why, context.Canceled):
		r.Reason = "interrupted"
	case why != nil:
		r.Reason = why.Error()
	default:
		r.Reason = fmt.Sprintf("%d sources take too long to check", x.undecided)
	}
	r.text = textOf(r)
	printed := x.best
	printed.src = r.text
	for range len(r.text) - len(x.best.src) {
		printed.origin = append(printed.origin, -1)
	}
	if r.Check.Verdict != check.Fails || !x.alike(ctx, printed) {
		return nil, fmt.Errorf("internal error, please report it with this file: what is left of %s does not fail alike", x.name)
	}
	return r, nil
}

// align puts the columns of a test in assembly below each other.
func (x *minimizer) align(ctx context.Context) {
	start, err := initialStateOf(x.name, x.best.src)
	if err != nil {
		return
	}
	if next := aligned(x.best, start); x.alike(ctx, next) {
		x.best = next
	}
}

// size counts the tokens of a source: comments and layout are none.
func size(src string) (n int) {
	x := scanner{src: src}
	for _, ok := x.next(); ok; _, ok = x.next() {
		n++
	}
	return n
}
