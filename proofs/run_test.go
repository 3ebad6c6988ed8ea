package proofs

import (
	"context"
	"errors"
	"strings"
	"testing"

	"crosscall/memmodel/check"
)

// Every verdict is the expected one, so the answers are right.
func TestProve(t *testing.T) {
	if testing.Short() {
		t.Skip("crosscall prove --quick does the same")
	}
	rows := 0
	err := Run(t.Context(), Options{Quick: !*full}, func(r Row) error {
		rows++
		if !r.AsExpected() {
			t.Errorf("%s, %s under %s: %q: %s, want %s. %s", r.Question, r.Variant, r.Model, r.Property, r.Verdict, r.Expected, r.Reason)
		}
		if r.Verdict == check.Fails && r.Reason == "" {
			t.Errorf("%s, %s under %s: no word of what fails", r.Question, r.Variant, r.Model)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d verdicts", rows)
}

// A failure has an execution that shows it.
func TestPicture(t *testing.T) {
	o := Options{Questions: []string{"Q14"}, Models: []string{"armv8"}, Picture: true}
	var pictures []string
	if err := Run(t.Context(), o, func(r Row) error {
		if (r.Picture != nil) != (r.Verdict == check.Fails) {
			t.Errorf("%s %s, with a picture: %v", r.Variant, r.Verdict, r.Picture != nil)
		}
		if r.Picture != nil {
			pictures = append(pictures, r.Picture.Name)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(pictures, "\n"); got != "Q14, V3, under armv8" {
		t.Errorf("pictures: %s", got)
	}
}

func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	rows := 0
	if err := Run(ctx, Options{Quick: true}, func(r Row) error {
		rows++
		if r.Verdict != check.Incomplete || r.Reason != interrupted {
			t.Errorf("%s %s %s: %s", r.Question, r.Variant, r.Verdict, r.Reason)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if rows == 0 {
		t.Error("no rows")
	}
}

// An error of emit ends the run.
func TestEmitFails(t *testing.T) {
	full := errors.New("disk full")
	rows := 0
	err := Run(t.Context(), Options{Questions: []string{"Q2"}}, func(Row) error {
		rows++
		return full
	})
	if !errors.Is(err, full) || rows != 1 {
		t.Errorf("after %d rows: %v", rows, err)
	}
}

func TestOptionErrors(t *testing.T) {
	for _, test := range []struct {
		o    Options
		want string
	}{
		{Options{Questions: []string{"Q16"}}, "no question Q16: there are Q1 to Q15"},
		{Options{Models: []string{"vax"}}, `no model "vax" to prove under: there are lkmm, x86-tso, armv8, power, riscv, alpha`},
	} {
		err := Run(t.Context(), test.o, func(Row) error { return nil })
		if err == nil || err.Error() != test.want {
			t.Errorf("%v, want %s", err, test.want)
		}
	}
}

// fixedProver returns the given rows.
type fixedProver struct {
	rows []Row
	err  error
}

func (s fixedProver) Rows() []Row                                { return Go{}.Rows() }
func (s fixedProver) Prove(context.Context, bool) ([]Row, error) { return s.rows, s.err }

// Rows of a Prover are emitted with their question; those that it does not
// return are incomplete.
func TestOthers(t *testing.T) {
	found := []Row{
		{Question: "Q13", Variant: "VG", Verdict: check.Holds, Expected: check.Holds},
		{Question: "Q11", Variant: "VG one", Verdict: check.Holds, Expected: check.Holds},
		{Question: "Q11", Variant: "VG two", Verdict: check.Fails, Expected: check.Holds},
	}
	for _, test := range []struct {
		p    Prover
		want string
	}{
		{fixedProver{rows: found}, "Q11 VG one holds, Q11 VG two fails, Q12 VG incomplete (nothing came of it), Q13 VG holds"},
		{fixedProver{err: errors.New("no go")}, "Q11 VG incomplete (no go), Q12 VG incomplete (no go), Q13 VG incomplete (no go)"},
		{Go{}, "Q11 VG incomplete (it needs the source: run this in a checkout of crosscall), " +
			"Q12 VG incomplete (it needs the source: run this in a checkout of crosscall), " +
			"Q13 VG incomplete (it needs the source: run this in a checkout of crosscall)"},
	} {
		var got []string
		o := Options{Quick: true, Models: []string{"x86-tso"}, Questions: []string{"Q11", "Q12", "Q13"}, Others: []Prover{test.p}}
		if err := Run(t.Context(), o, func(r Row) error {
			if !strings.HasPrefix(r.Variant, "VG") {
				return nil
			}
			word := r.Question + " " + r.Variant + " " + string(r.Verdict)
			if r.Reason != "" {
				word += " (" + r.Reason + ")"
			}
			got = append(got, word)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(got, ", "); got != test.want {
			t.Errorf("got  %s\nwant %s", got, test.want)
		}
	}
}
