package explore_test

import (
	"slices"
	"testing"

	"crosscall/memmodel/internal/explore"
)

// TestRacesInRounds: what races only in a round of waiting is flagged. In each program the rounds that
// are left out have all of the accesses that race, or one of them.
func TestRacesInRounds(t *testing.T) {
	for _, test := range []struct {
		name, init, code string
		races            bool
	}{
		{"the value is awaited", "", `
P0(int *x) { while (smp_load_acquire(x) != 7) { } }
P1(int *x) { *x = 5; smp_store_release(x, 7); }`, true},
		{"no plain write", "", `
P0(int *x) { while (smp_load_acquire(x) != 7) { } }
P1(int *x) { WRITE_ONCE(*x, 5); smp_store_release(x, 7); }`, false},
		{"a read within the round", "", `
P0(int *f, int *d) { int a = 0; while (!a) { a = smp_load_acquire(f); if (!a) { int r = *d; } } }
P1(int *f, int *d) { *d = 1; smp_store_release(f, 1); }`, true},
		{"a read behind the round", "", `
P0(int *f, int *d) { while (!smp_load_acquire(f)) { } int r = *d; }
P1(int *f, int *d) { *d = 1; smp_store_release(f, 1); }`, false},
		{"a round within a round", "", `
P0(int *f, int *g, int *d) { while (!smp_load_acquire(f)) { while (!READ_ONCE(*g)) { int r = *d; } } }
P1(int *f, int *g, int *d) { *d = 1; WRITE_ONCE(*g, 1); smp_store_release(f, 1); }`, true},
		{"the write depends on what comes behind the loop", "", `
P0(int *f, int *g, int *d) { int a = 0; while (!a) { a = READ_ONCE(*f); if (!a) { int r = *d; } } WRITE_ONCE(*g, 1); }
P1(int *f, int *g, int *d) { WRITE_ONCE(*f, 1); while (!READ_ONCE(*g)) { } *d = 1; }`, true},
		{"what is put back", "x=1;", `
P0(int *x) { while (xchg_acquire(x, 1)) { } }
P1(int *x) { int r = *x; smp_store_release(x, 0); }`, true},
		{"both in rounds", "", `
P0(int *x, int *f) { while (!xchg_acquire(x, 0)) { } }
P1(int *x, int *f) { int a = 0; while (!a) { a = smp_load_acquire(f); if (!a) { int r = *x; } } smp_store_release(x, 1); }
P2(int *x, int *f) { WRITE_ONCE(*f, 1); }`, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, m := parse(t, "{"+test.init+"}"+test.code+"\nexists (true)\n")
			p.Prog.Waits = true
			races := false
			c := explore.Config{Flagged: func(x *explore.Execution) error {
				races = races || slices.Contains(x.Flags(), "data-race")
				return nil
			}}
			n, want := count(t, p.Prog, m.Plan, c).Executions, count(t, p.Prog, m.Plan, explore.Config{}).Executions
			if n != want || races != test.races {
				t.Errorf("%d executions, race %t; want %d, %t", n, races, want, test.races)
			}
		})
	}
}
