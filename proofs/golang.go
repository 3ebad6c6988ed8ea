package proofs

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"crosscall/memmodel/check"
)

// Go proves VG, the library's own code, by the program proofs/vg, which prints
// its rows as JSON. VG is compiled with other atomics, so this needs a checkout
// of this module and the go command.
type Go struct {
	Dir string // the root of the checkout; "" if there is none
}

// FindGo finds the checkout that contains dir.
func FindGo(dir string) Go {
	for {
		text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && bytes.HasPrefix(text, []byte("module crosscall\n")) {
			return Go{dir}
		}
		up := filepath.Dir(dir)
		if up == dir {
			return Go{}
		}
		dir = up
	}
}

// goModel is how rows of VG name their memory model: atomics in Go are
// sequentially consistent, and data races are found.
const goModel = "go"

// Rows has a row for each question that is asked of VG.
func (g Go) Rows() []Row {
	var rows []Row
	for _, id := range []string{"Q1", "Q7", "Q8", "Q11", "Q12", "Q13", "Q14", "Q15"} {
		rows = append(rows, Row{Question: id, Variant: "VG", Model: goModel, Property: "the library's own code",
			Bound: "not explored", Verdict: check.Incomplete, Expected: check.Holds})
	}
	return rows
}

// Prove runs proofs/vg.
func (g Go) Prove(ctx context.Context, quick bool) ([]Row, error) {
	if g.Dir == "" {
		return nil, errors.New("it needs the source: run this in a checkout of crosscall")
	}
	args := []string{"run", "-tags", "gocheck", "./proofs/vg"}
	if quick {
		args = append(args, "-quick")
	}
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = g.Dir
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go run ./proofs/vg: %w: %s", err, bytes.TrimSpace(complaint.Bytes()))
	}
	return readRows(bytes.NewReader(out))
}

// readRows reads rows as WriteJSON writes them, of properties that are expected
// to hold.
func readRows(r io.Reader) ([]Row, error) {
	var rows []Row
	d := json.NewDecoder(r)
	for {
		var j jsonRow
		err := d.Decode(&j)
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, fmt.Errorf("rows of proofs/vg: %w", err)
		}
		if order(j.Question) < 0 {
			return nil, fmt.Errorf("rows of proofs/vg: no question %q", j.Question)
		}
		rows = append(rows, j.row())
	}
}

func (j *jsonRow) row() Row {
	return Row{Question: j.Question, Variant: j.Variant, Model: j.Model, Property: j.Property, Bound: j.Bound,
		Verdict: j.Verdict, Expected: check.Holds, Executions: j.Executions,
		Elapsed: time.Duration(j.Seconds * float64(time.Second))}
}
