package render

import (
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"testing"

	"crosscall/memmodel/graph"
)

func TestDump(t *testing.T) {
	d := os.Getenv("DUMP")
	if d == "" {
		t.Skip()
	}
	all := samples()
	all["ring22"] = ring(22)
	all["long130"] = long(130)
	for _, n := range slices.Sorted(maps.Keys(all)) {
		x := all[n]
		out := func(ext string, f func(w io.Writer, x *graph.Execution) error) {
			w, _ := os.Create(d + "/" + n + "." + ext)
			if err := f(w, x); err != nil {
				t.Error(err)
			}
			w.Close()
		}
		for _, wd := range []int{80, 120} {
			out(strconv.Itoa(wd)+".txt", func(w io.Writer, x *graph.Execution) error { return Text(w, x, TextOptions{Width: wd}) })
		}
		out("dot", DOT)
	}
}
