package check

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"crosscall/memmodel/internal/csource"
	"crosscall/memmodel/internal/explore"
	"crosscall/memmodel/internal/model"
)

// TestRacesAreNamed: text, JSON and picture have both accesses of each data race of any
// execution.
func TestRacesAreNamed(t *testing.T) {
	const c = `#include <linux/atomic.h>
int x, y;
void P0(void) { x = 1; WRITE_ONCE(y, 1); }
void P1(void) { if (READ_ONCE(y)) { int r = x; x = r + 1; } }
`
	const litmus = "C racy\n{}\nP0(int *x, int *y) { *x = 1; WRITE_ONCE(*y, 1); }\n" +
		"P1(int *x, int *y) { int r0 = READ_ONCE(*y); int r1; if (r0) { r1 = *x; *x = r1 + 1; } }\nexists (1:r0=1)\n"
	for file, want := range map[string]struct{ src, first, second string }{
		"racy.c":      {c, "racy.c:3:17: x = 1 races with x at racy.c:4:45", "racy.c:3:17: x = 1 races with x = r + 1 at racy.c:4:48"},
		"racy.litmus": {litmus, "racy.litmus:3:22: *x = 1 races with *x at racy.litmus:4:69", "racy.litmus:3:22: *x = 1 races with *x = r1 + 1 at racy.litmus:4:73"},
	} {
		for _, workers := range []int{1, 3} {
			r := Source(t.Context(), file, []byte(want.src), lkmm(t), Options{Picture: true, Workers: workers}, csource.Options{})
			if r.Err != nil || len(r.Races) != 2 || r.Races[0].String() != want.first || r.Races[1].String() != want.second {
				t.Fatalf("%s: %v %v", file, r.Races, r.Err)
			}
			if s := text(t, r); !strings.Contains(s, fmt.Sprintf("Flag data-race\nRace %s\nRace %s\n", want.first, want.second)) {
				t.Error(s)
			}
			var b bytes.Buffer
			if err := r.WriteJSON(&b); err != nil || !strings.Contains(b.String(), `"races":[{"place":"`+want.first[:strings.Index(want.first, ": ")]) {
				t.Errorf("%s %v", b.String(), err)
			}
			if r.Picture == nil || len(r.Picture.Flagged) == 0 {
				t.Errorf("%s: the picture has no race", file)
			}
		}
	}
}

// TestHiddenCellsDoNotRace: an array that is written at an index which is not known beforehand may, as
// far as is known, write everything, but not what says that a thread has started or ended.
// So no round of waiting for these is kept.
func TestHiddenCellsDoNotRace(t *testing.T) {
	m, err := model.Load("rc11")
	if err != nil {
		t.Fatal(err)
	}
	s, err := csource.Parse("table.c", []byte(`#include <pthread.h>
int table[4], at[2];
void *put(void *arg)
{
	int i = *(int *)arg;
	while (table[i])
		i = (i + 1) % 4;
	table[i] = 1;
	return 0;
}
int main(void)
{
	pthread_t t[2];
	for (int i = 0; i < 2; i++) {
		at[i] = 2 * i;
		pthread_create(&t[i], 0, put, &at[i]);
	}
	for (int i = 0; i < 2; i++)
		pthread_join(t[i], 0);
	return 0;
}
`), csource.Options{})
	if err != nil {
		t.Fatal(err)
	}
	test, err := s.Compile(m.Macros, nil)
	if err != nil {
		t.Fatal(err)
	}
	none := func(*explore.Execution) error { return nil }
	var steps [2]int64
	for i, c := range []explore.Config{{}, {Flagged: none}} {
		stats, err := explore.Run(t.Context(), test.Prog, m.Plan, c, none)
		if err != nil {
			t.Fatal(err)
		}
		steps[i] = stats.Steps
	}
	if steps[0] != steps[1] {
		t.Errorf("%d steps, and %d to look for races in rounds of waiting", steps[0], steps[1])
	}
}
