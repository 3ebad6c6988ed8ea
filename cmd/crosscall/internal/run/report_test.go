package run

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"crosscall/memmodel/check"
	"crosscall/memmodel/native"
)

// tested runs a test that is written to a file, until enough has been counted.
func tested(t *testing.T, m *Machine, src, model string, enough func(*Report) bool) *Report {
	t.Helper()
	var against *check.Model
	if model != "" {
		var err error
		if against, err = check.LoadModel(model); err != nil {
			t.Fatal(err)
		}
	}
	name := filepath.Join(t.TempDir(), "test.litmus")
	if err := os.WriteFile(name, []byte(src), 0o666); err != nil {
		t.Fatal(err)
	}
	o := Default
	o.Size, o.Runs, o.Time = 300, 100, 2*time.Second
	for range 10 {
		r := m.Test(t.Context(), check.File{Path: name, Rel: name}, o, against, check.Options{}, nil)
		if enough(r) {
			return r
		}
		if r.Status == Wrong || r.Status == NotRun {
			t.Fatalf("%s: %s%s", r.Status, r.Err, r.Reason)
		}
		o.Seed++
	}
	t.Skip("the machine is too busy: nothing was seen in time")
	return nil
}

// TestAWrongModelIsCaught holds the machine against a model without store buffers.
func TestAWrongModelIsCaught(t *testing.T) {
	m := machine(t, 2)
	r := tested(t, m, storeBuffering, "sc", func(r *Report) bool { return r.Status == Contradicted })
	var text bytes.Buffer
	if err := r.WriteText(&text); err != nil || !strings.Contains(text.String(), "*>0:r0=0; 1:r0=0;  FORBIDDEN, SEEN\n") {
		t.Errorf("%v\n%s", err, text.String())
	}
}

func TestTheModelOfTheMachineAllowsIt(t *testing.T) {
	m := machine(t, 2)
	r := tested(t, m, storeBuffering, m.Arch.Model(), func(r *Report) bool { return r.Positive > 0 })
	if r.Status != Fine || r.Forbidden != 0 || r.Allowed != 4 {
		t.Errorf("%+v", r)
	}
}

// TestWithoutItsFences sees by the variant that the harness can see what the fences forbid.
func TestWithoutItsFences(t *testing.T) {
	m := machine(t, 2)
	src := strings.ReplaceAll(storeBuffering, "1); int", "1); smp_mb(); int")
	r := tested(t, m, src, m.Arch.Model(), func(r *Report) bool {
		if r.Positive > 0 {
			t.Fatalf("smp_mb does not order: %+v", r)
		}
		return r.Unfenced != nil && r.Unfenced.Shown > 0
	})
	if got := r.Unfenced.Removed; len(got) != 1 || got[0] != "smp_mb()" {
		t.Errorf("removed: %q", got)
	}
	plain := tested(t, m, strings.ReplaceAll(src, "smp_mb(); int r0 = READ_ONCE(*x)", "int r0 = 1"), "", func(r *Report) bool { return r.Unfenced != nil })
	if plain.Unfenced.Removed == nil {
		t.Errorf("one fence is left: %+v", plain)
	}
}

// TestAWait runs a call and its answer by one word that both sides watch: each waits until a
// load has what it waits for.
func TestAWait(t *testing.T) {
	m := machine(t, 2)
	const src = `C call
{}
P0(int *box, int *arg, int *result)
{
	WRITE_ONCE(*arg, 1);
	smp_store_release(box, 1);
	int answer = smp_cond_load_acquire(box, VAL != 1);
	int got = READ_ONCE(*result);
}
P1(int *box, int *arg, int *result)
{
	int request = smp_cond_load_acquire(box, VAL != 0);
	int passed = READ_ONCE(*arg);
	WRITE_ONCE(*result, passed + 1);
	smp_store_release(box, 2);
}
~exists (1:passed=0 \/ ~0:got=2)
`
	r := tested(t, m, src, m.Arch.Model(), func(r *Report) bool { return r.Instances > 0 })
	if r.Status != Fine || len(r.States) != 1 {
		t.Errorf("%+v", r)
	}
}

func TestTooFewCPUs(t *testing.T) {
	m := machine(t, 1)
	var b strings.Builder
	b.WriteString("C many\n{}\n")
	for i := range len(m.CPUs()) + 1 {
		fmt.Fprintf(&b, "P%d(int *x) { WRITE_ONCE(*x, 1); }\n", i)
	}
	b.WriteString("exists (x=1)\n")
	name := filepath.Join(t.TempDir(), "many.litmus")
	if err := os.WriteFile(name, []byte(b.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	r := m.Test(t.Context(), check.File{Path: name}, Default, nil, check.Options{}, nil)
	if r.Status != NotRun || !strings.Contains(r.Reason, "each thread needs one") {
		t.Errorf("%+v", r)
	}
}

func TestWhatEndsARun(t *testing.T) {
	m := machine(t, 1)
	for _, c := range []struct{ name, src, want string }{
		{"a lock that is never given back", "C l\n{}\nP0(spinlock_t *l) { spin_lock(l); spin_lock(l); }\nexists (1:r=0)\n", "no thread"},
		{"no address", "C p\n{ p=0; }\nP0(int **p) { int *q = READ_ONCE(*p); WRITE_ONCE(*q, 1); }\nexists (0:q=0)\n", "no variable's"},
		{"RCU", "C rcu\n{ x=0; }\nP0(int *x) { synchronize_rcu(); int r = READ_ONCE(*x); }\nexists (0:r=0)\n", "algorithm"},
		{"PPC", "PPC ppc\n{ 0:r1=x; }\n P0 ;\n lwz r2,0(r1) ;\nexists (0:r2=0)\n", "assembly of PPC"},
	} {
		name := filepath.Join(t.TempDir(), "test.litmus")
		if err := os.WriteFile(name, []byte(c.src), 0o666); err != nil {
			t.Fatal(err)
		}
		o := Default
		o.Size, o.Runs, o.Gap = 1, 1, time.Second
		r := m.Test(t.Context(), check.File{Path: name}, o, nil, check.Options{}, nil)
		if said := r.Err + r.Reason; !strings.Contains(said, c.want) {
			t.Errorf("%s: %s %q, want %q", c.name, r.Status, said, c.want)
		}
	}
}

// TestALockIsBounded runs a thread that waits for itself.
func TestALockIsBounded(t *testing.T) {
	m := machine(t, 1)
	test, err := native.Load("l.litmus", []byte("C l\n{}\nP0(spinlock_t *l, int *x) { spin_lock(l); spin_lock(l); WRITE_ONCE(*x, 1); }\nexists (x=1)\n"), m.Arch)
	if err != nil {
		t.Fatal(err)
	}
	o := Default
	o.Size, o.Runs, o.Gap = 1, 1, time.Millisecond
	r, err := m.Run(t.Context(), test, o, nil)
	if err != nil || r.Late+r.Thrown != 1 || r.Instances != 0 {
		t.Errorf("%+v, error %v", r, err)
	}
}

// TestAnInterruptedRun ends runs at any moment: the memory of a run is given back only when no
// thread uses it.
func TestAnInterruptedRun(t *testing.T) {
	m := machine(t, 1)
	src := storeBuffering
	if len(m.CPUs()) < 2 {
		src = "C x\n{}\nP0(int *x) { WRITE_ONCE(*x, 1); }\nexists (x=1)\n"
	}
	test, err := native.Load("x.litmus", []byte(src), m.Arch)
	if err != nil {
		t.Fatal(err)
	}
	o := Default
	o.Runs, o.Time = 0, time.Hour
	for i := range 20 {
		ctx, stop := context.WithTimeout(t.Context(), time.Duration(i)*500*time.Microsecond)
		if _, err := m.Run(ctx, test, o, nil); err != nil {
			t.Errorf("error %v", err)
		}
		stop()
	}
	ctx, stop := context.WithCancel(t.Context())
	if r, err := m.Run(ctx, test, o, func(*Result) { stop() }); err != nil || r.Slices == 0 {
		t.Errorf("%+v, error %v", r, err)
	}
}

// report is one with all that a report can have.
func report() *Report {
	return &Report{
		File: "sb.litmus", Test: "SB", Arch: "amd64", Kind: "Allowed", Condition: "exists (0:r0=0 /\\ 1:r0=0)",
		States: []State{
			{"0:r0=0; 1:r0=0;", 0, false, allowedNotSeen}, {"0:r0=0; 1:r0=1;", 1000000, false, allowedSeen}, {"0:r0=1; 1:r0=12;", 7, true, forbiddenSeen},
		},
		Instances: 1000007, Positive: 7, Negative: 1000000, Slices: 1001, Thrown: 3, Late: 1, Seconds: 1.5,
		Model: "x86-tso", Complete: true, Allowed: 2, Seen: 1, Forbidden: 1,
		Unfenced: &Unfenced{Removed: []string{"smp_mb()"}, Instances: 10, Shown: 5, PerSecond: 1234}, Status: Contradicted,
	}
}

func TestText(t *testing.T) {
	var b bytes.Buffer
	if err := report().WriteText(&b); err != nil {
		t.Fatal(err)
	}
	const want = `Test SB Allowed
Histogram (2 states)
0     :>0:r0=0; 1:r0=0;   allowed, not seen
1000000:>0:r0=0; 1:r0=1;   allowed, seen
7     *>0:r0=1; 1:r0=12;  FORBIDDEN, SEEN
Ok

Witnesses
Positive: 7, Negative: 1000000
Condition exists (0:r0=0 /\ 1:r0=0) is validated
Observation SB Sometimes 7 1000000
Model SB x86-tso: 2 states allowed, 1 of them seen, 1 forbidden ones seen
Unfenced SB without smp_mb(): seen in 5 of 10, 1234 a second
Thrown SB of 1001 slices: a thread was descheduled in 3, waited in vain in 1
Time SB 1.50

`
	if b.String() != want {
		t.Errorf("%s", b.String())
	}
}

func TestTableAndPage(t *testing.T) {
	c := &Campaign{Machine: "amd64, 2 CPUs", Reports: []*Report{report(), {Test: "IRIW", Status: NotRun, Reason: "4 threads <&>"}}}
	var page, text bytes.Buffer
	if err := c.WriteHTML(&page); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"FORBIDDEN, SEEN", "4 threads &lt;&amp;&gt;", "Of 2 states that the model allows in the tests that ran, 1 were seen"} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("no %q in the page", want)
		}
	}
	table := NewTable(&text)
	for _, r := range c.Reports {
		table.Add(r)
	}
	if err := table.Flush(); err != nil {
		t.Fatal(err)
	}
	const want = `test  instances  states  allowed  forbidden  condition          without fences
SB    1000007    2       2        1          Sometimes 0.0007%  seen 50%
IRIW  -          -       -        -          not run
Not-run IRIW 4 threads <&>
`
	if text.String() != want {
		t.Errorf("%s", text.String())
	}
}

func TestJournal(t *testing.T) {
	name := filepath.Join(t.TempDir(), "journal")
	j, err := OpenJournal(name)
	if err != nil {
		t.Fatal(err)
	}
	unfinished := report()
	unfinished.Status = Unfinished
	if err := j.Add("a", report()); err != nil {
		t.Fatal(err)
	}
	if err := j.Add("b", unfinished); err != nil {
		t.Fatal(err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, append(data, `{"key":"c","rep`...), 0o666); err != nil { // it was cut off
		t.Fatal(err)
	}
	if j, err = OpenJournal(name); err != nil {
		t.Fatal(err)
	}
	got, _ := json.Marshal(j.Find("a"))
	want, _ := json.Marshal(report())
	if !bytes.Equal(got, want) || j.Find("b") != nil || j.Find("c") != nil {
		t.Errorf("%s", got)
	}
	if other, err := OpenJournal(name); err == nil {
		other.Close()
		if runtime.GOOS == "linux" {
			t.Error("two runs have one journal")
		}
	} else if !strings.Contains(err.Error(), "another run has it") {
		t.Error(err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte("notes\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenJournal(name); err == nil || !strings.Contains(err.Error(), ":1: not a line that --resume wrote") {
		t.Errorf("error %v", err)
	}
}

func TestOptions(t *testing.T) {
	for _, o := range []func(*Options){
		func(o *Options) { o.Size = 0 }, func(o *Options) { o.Runs = 0 }, func(o *Options) { o.Stride = 0 }, func(o *Options) { o.Delay = -1 },
		func(o *Options) { o.Jitter = 11 }, func(o *Options) { o.Barrier = "all" }, func(o *Options) { o.Gap = 0 }, func(o *Options) { o.Runs = -1 },
	} {
		bad := Default
		o(&bad)
		if bad.Validate() == nil {
			t.Errorf("%+v is taken", bad)
		}
	}
	if d := Default; d.Validate() != nil {
		t.Error(d.Validate())
	}
	for s, want := range map[string]string{"1,0": "[1 0]", "0": "for 1 threads", "0,0": "given twice", "9,0": "may not use CPU 9; it may use [0 1]"} {
		a, err := ParseAffinity(s)
		if err != nil {
			t.Fatal(err)
		}
		list, err := a.place(2, []int{0, 1}, nil)
		if got := fmt.Sprint(list, err); !strings.Contains(got, want) {
			t.Errorf("%s: %s", s, got)
		}
	}
	if _, err := ParseAffinity("x"); err == nil {
		t.Error("affinity x is taken")
	}
	for _, c := range []struct{ size, stride, want int }{{10, 1, 10}, {10, 2, 11}, {9, 6, 11}, {1, 5, 1}} {
		if got := coprime(c.size, c.stride); got != c.want {
			t.Errorf("size %d, stride %d: %d", c.size, c.stride, got)
		}
	}
}
