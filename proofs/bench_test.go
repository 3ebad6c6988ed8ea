package proofs

import (
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"crosscall/memmodel/check"
)

// These bound the executions of a program that is explored with -short, and
// without.
const (
	few  = 20
	many = 1100
)

// TestBench explores the programs in bench, which other explorers of this kind
// read without changes, and counts their executions. Explorers with the same
// notion of an execution find the same number.
func TestBench(t *testing.T) {
	for _, row := range benchRows(t) {
		t.Run(strings.Join(row[:3], " "), func(t *testing.T) {
			want, err := strconv.ParseInt(row[3], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			if want > many || testing.Short() && want > few {
				t.Skip("takes too long here")
			}
			test, m := compileBench(t, row)
			r := check.Run(context.Background(), test, m, check.Options{NoSymmetry: true})
			if r.Verdict != check.Holds || r.Executions != want {
				t.Errorf("%s, %d executions, %v; want %d that hold", r.Verdict, r.Executions, r.Failure, want)
			}
		})
	}
}

// BenchmarkBench measures the exploration of these programs: see executions/s.
func BenchmarkBench(b *testing.B) {
	for _, row := range benchRows(b) {
		b.Run(strings.Join(row[:3], "/"), func(b *testing.B) {
			test, m := compileBench(b, row)
			n := int64(0)
			for b.Loop() {
				n += check.Run(context.Background(), test, m, check.Options{NoSymmetry: true}).Executions
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "executions/s")
		})
	}
}

// benchRows are file, definition, model and number of executions.
func benchRows(tb testing.TB) [][]string {
	tb.Helper()
	f, err := os.Open("bench/expected.csv")
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		tb.Fatal(err)
	}
	return rows[1:]
}

func compileBench(tb testing.TB, row []string) (*check.Test, *check.Model) {
	tb.Helper()
	file := filepath.Join("bench", row[0])
	src, err := os.ReadFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	name, value, _ := strings.Cut(row[1], "=")
	s, err := check.ParseC(file, src, check.COptions{Defines: map[string]string{name: value}})
	if err != nil {
		tb.Fatal(err)
	}
	m, err := check.LoadModel(row[2])
	if err != nil {
		tb.Fatal(err)
	}
	test, err := s.Compile(m.Macros, nil)
	if err != nil {
		tb.Fatal(err)
	}
	return test, m
}
