package check

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/model"
	"crosscall/memmodel/internal/primitive"
)

func batchOf(t *testing.T, args ...string) *Batch {
	t.Helper()
	files, err := Find(args)
	if err != nil {
		t.Fatal(err)
	}
	return &Batch{Files: files, Models: []*model.Model{lkmm(t)}}
}

func paths(files []File) (all []string) {
	for _, f := range files {
		all = append(all, f.Path)
	}
	return all
}

func TestFind(t *testing.T) {
	dir := t.TempDir()
	sub := filepath.Join(dir, "sub")
	mkdir(t, sub)
	for _, name := range []string{"b.litmus", "a.litmus", "notes.txt", "sub/c.litmus"} {
		write(t, filepath.Join(dir, name), "")
	}
	notes := filepath.Join(dir, "notes.txt")
	files, err := Find([]string{notes, dir})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range files {
		got = append(got, f.Rel)
	}
	if want := []string{notes, "a.litmus", "b.litmus", filepath.Join("sub", "c.litmus")}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	empty := filepath.Join(dir, "empty")
	mkdir(t, empty)
	if _, err := Find([]string{dir, empty}); err == nil || !strings.Contains(err.Error(), "empty: no file *.litmus") {
		t.Errorf("error %v", err)
	}
	if _, err := Find([]string{dir, filepath.Join(dir, "nosuch")}); err == nil || !strings.Contains(err.Error(), "nosuch") {
		t.Errorf("error %v", err)
	}
}

func TestAFileWithoutEndIsNoTest(t *testing.T) {
	name := filepath.Join(t.TempDir(), "large.litmus")
	write(t, name, "")
	if err := os.Truncate(name, maxFile+1); err != nil {
		t.Fatal(err)
	}
	if _, err := (File{Path: name}).Read(); err == nil || !strings.Contains(err.Error(), "no litmus test") {
		t.Errorf("error %v", err)
	}
}

func TestRowsComeInOrder(t *testing.T) {
	b := batchOf(t, "testdata/herd", "testdata/herd", "testdata/herd")
	var got []string
	err := b.Run(t.Context(), func(row *Row) error {
		got = append(got, row.File.Path)
		if len(row.Results) != 1 || row.Results[0].Err != nil || row.Results[0].File != row.File.Path {
			t.Errorf("%s: %+v", row.File.Path, row.Results)
		}
		return nil
	})
	if want := paths(b.Files); err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, want %q; error %v", got, want, err)
	}
}

func TestBadFilesDoNotStopABatch(t *testing.T) {
	dir := t.TempDir()
	bad, gone := filepath.Join(dir, "bad.litmus"), filepath.Join(dir, "gone.litmus")
	write(t, bad, "C bad\n{}\nP0(int *x)\n{\n\tno_such_thing(x);\n}\nexists (x=1)\n")
	b := batchOf(t, bad, "testdata/herd/mp.litmus")
	b.Files = append([]File{{gone, gone}}, b.Files...)
	var verdicts []Verdict
	err := b.Run(t.Context(), func(row *Row) error {
		r := row.Results[0]
		verdicts = append(verdicts, r.Verdict)
		if r.Verdict == Error && !strings.Contains(r.Err.Error(), row.File.Path) {
			t.Errorf("error without a place: %v", r.Err)
		}
		if r.NotApplicable {
			t.Errorf("%s is for other models, it seems", row.File.Path)
		}
		return nil
	})
	if want := []Verdict{Error, Error, Holds}; err != nil || !slices.Equal(verdicts, want) {
		t.Errorf("%q, want %q; error %v", verdicts, want, err)
	}
}

func TestAnInterruptedBatchIsIncomplete(t *testing.T) {
	for _, before := range []bool{true, false} {
		b := batchOf(t, slices.Repeat([]string{"testdata/herd"}, 50)...)
		ctx, cancel := context.WithCancel(t.Context())
		if before {
			cancel()
		}
		rows, cut := 0, 0
		err := b.Run(ctx, func(row *Row) error {
			cancel()
			rows++
			if row.NotRun {
				cut++
				return nil
			}
			r := row.Results[0]
			if r.Complete == (r.Reason == interrupted) || r.Err != nil {
				t.Errorf("%s: complete %t, %q, error %v", row.File.Path, r.Complete, r.Reason, r.Err)
			}
			return nil
		})
		if err != nil || cut == 0 || rows != len(b.Files) || before && cut != rows {
			t.Errorf("%d rows of %d, %d incomplete, error %v", rows, len(b.Files), cut, err)
		}
	}
}

func TestWhoeverPrintsCanStopABatch(t *testing.T) {
	b := batchOf(t, slices.Repeat([]string{"testdata/herd"}, 50)...)
	full, calls := errors.New("disk full"), 0
	err := b.Run(t.Context(), func(*Row) error {
		calls++
		return full
	})
	if !errors.Is(err, full) || calls != 1 {
		t.Errorf("%d calls, error %v", calls, err)
	}
}

func TestAModelWithoutThePrimitive(t *testing.T) {
	b := batchOf(t, "testdata/herd/pointers.litmus")
	bare := *b.Models[0]
	table, err := primitive.ParseMacros("bare.def", []byte("READ_ONCE(X) __load{once}(X)\n"))
	if err != nil {
		t.Fatal(err)
	}
	bare.Name, bare.Macros = "bare", table
	b.Models = append(b.Models, &bare)
	err = b.Run(t.Context(), func(row *Row) error {
		if r := row.Results[0]; r.Verdict != Holds || r.NotApplicable {
			t.Errorf("lkmm: %s, %v", r.Verdict, r.Err)
		}
		if r := row.Results[1]; r.Verdict != Error || !r.NotApplicable || r.Model != "bare" {
			t.Errorf("bare: %s, %v", r.Verdict, r.Err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestABatchGoesOnWhereItWas(t *testing.T) {
	name := filepath.Join(t.TempDir(), "journal")
	run := func(ctx context.Context, stopAfter int) (resumed, fresh int, seen []string) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		b := batchOf(t, "testdata/herd")
		b.Journal = openJournal(t, name)
		defer b.Journal.Close()
		err := b.Run(ctx, func(row *Row) error {
			if len(seen) == stopAfter {
				cancel()
			}
			if row.NotRun {
				seen = append(seen, "not run")
				return nil
			}
			r := row.Results[0]
			switch {
			case row.Resumed:
				resumed++
			case r.Reason != interrupted:
				fresh++
			}
			seen = append(seen, fmt.Sprint(row.File.Path, row.Said, r.Verdict, r.Observation, r.States(), r.Flags))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return resumed, fresh, seen
	}
	_, first, _ := run(t.Context(), 2)
	resumed, rest, seen := run(t.Context(), -1)
	if resumed != first || resumed+rest != len(seen) {
		t.Errorf("%d done, then %d found and %d done, of %d", first, resumed, rest, len(seen))
	}
	if resumed, fresh, again := run(t.Context(), -1); fresh != 0 || resumed != len(seen) || !slices.Equal(again, seen) {
		t.Errorf("at last %d done, %d found:\n%q\n%q", fresh, resumed, again, seen)
	}
}

// TestInternalError: a panic in a goroutine of the explorer is an error of that
// test, with the place of the panic.
func TestInternalError(t *testing.T) {
	m := lkmm(t)
	test := *compiled(t, "testdata/loop/loop.litmus", m)
	test.Observed = append(slices.Clone(test.Observed), ir.Obs{Kind: ir.CellObs, Cell: -1})
	for range 10 {
		r := Run(context.Background(), &test, m, Options{Workers: 4})
		if r.Verdict != Error || !strings.Contains(fmt.Sprint(r.Err), "internal error") || strings.Count(fmt.Sprint(r.Err), "\ngoroutine ") != 1 {
			t.Errorf("%s: %v", r.Verdict, r.Err)
		}
	}
}
