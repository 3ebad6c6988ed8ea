package memmodel

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"crosscall/memmodel/check"

	"github.com/google/go-cmp/cmp"
)

const storeBuffering = `C sb
{ }
P0(int *x, int *y) { WRITE_ONCE(*x, 1); int r = READ_ONCE(*y); }
P1(int *x, int *y) { WRITE_ONCE(*y, 1); int r = READ_ONCE(*x); }
exists (0:r=0 /\ 1:r=0)
`

const racy = `#include <crosscall.h>
int x;
void P0(void) { x = 1; }
void P1(void) { assert(x == 0); }
`

// Result has every field of a line of check --json, with the same name and value.
func TestResultIsTheLineOfJSON(t *testing.T) {
	for _, c := range []struct {
		name, src string
		o         check.Options
	}{
		{"sb.litmus", storeBuffering, check.Options{}},
		{"sb.litmus", storeBuffering, check.Options{VerdictOnly: true}},
		{"racy.c", racy, check.Options{Picture: true}},
		{"loop.litmus", "C loop\n{ }\nP0(int *x) { while (READ_ONCE(*x) < 9) { WRITE_ONCE(*x, 1); } }\nexists (x=9)\n", check.Options{}},
	} {
		m, err := check.LoadModel("lkmm")
		if err != nil {
			t.Fatal(err)
		}
		r := check.Source(t.Context(), c.name, []byte(c.src), m, c.o, check.COptions{})
		var line bytes.Buffer
		if err := r.WriteJSON(&line); err != nil {
			t.Fatal(err)
		}
		got, err := newResult(r, "")
		if err != nil {
			t.Fatal(err)
		}
		again, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(strings.TrimSpace(line.String()), string(again)); diff != "" {
			t.Errorf("%s (-line +Result):\n%s", c.name, diff)
		}
	}
}

func TestCheckErrors(t *testing.T) {
	for _, c := range []struct {
		name, src string
		o         Options
		want      string
	}{
		{"sb.litmus", "C sb\n{ }\nP0(int *x) { nosuch(*x); }\nexists (x=1)\n", Options{}, "sb.litmus:3:14:"},
		{"x.c", "int x = ;", Options{}, "x.c:1:9:"},
		{"sb.litmus", storeBuffering, Options{Model: "nosuch"}, `no model "nosuch"`},
		{"rcu.litmus", "C rcu\n{ }\nP0(int *x) { synchronize_rcu(); }\nexists (x=1)\n", Options{Model: "armv8"}, "synchronize_rcu"},
	} {
		r, err := Check(t.Context(), c.name, c.src, c.o)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, %v: want an error with %q", c.name, r, err, c.want)
		}
	}
}

// A context that has ended makes a result incomplete, and no error.
func TestCheckInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r, err := Check(ctx, "sb.litmus", storeBuffering, Options{})
	if err != nil || r.Verdict != Incomplete || r.Complete || r.Reason == "" {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestModels(t *testing.T) {
	all := Models()
	if len(all) == 0 || all[0] != "lkmm" {
		t.Errorf("%q", all)
	}
	for _, m := range all {
		r, err := Check(t.Context(), "sb.litmus", storeBuffering, Options{Model: m})
		if err != nil {
			t.Errorf("%s: %v", m, err)
			continue
		}
		if want := map[bool]Verdict{true: Fails, false: Holds}[m == "sc"]; r.Verdict != want {
			t.Errorf("%s: %s, want %s", m, r.Verdict, want)
		}
	}
}
