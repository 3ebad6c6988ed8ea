package gotest

import (
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func begins(n, test string) string { return markBegin + "\x1f" + n + "\x1f" + test + "\x1f7" + markEnd }

const ends = markBegin + markEnd

func TestSplit(t *testing.T) {
	out := "hello\n" + begins("2", "TestB") + "in B, without a line's end" + ends + "between\n" + begins("10", "TestC") + ends + begins("11", "TestD") + "dies"
	head, list, tail := split([]byte(out))
	want := []piece{{n: 2, test: "TestB", text: []byte("in B, without a line's end"), ended: true},
		{n: 10, test: "TestC", text: []byte("between\n"), ended: true}, {n: 11, test: "TestD", text: []byte("dies")}}
	if diff := cmp.Diff(want, list, cmp.AllowUnexported(piece{}), cmpopts.IgnoreFields(piece{}, "began"), cmpopts.EquateEmpty()); diff != "" || string(head) != "hello\n" || len(tail) > 0 {
		t.Errorf("%q, %q, pieces (-want +got):\n%s", head, tail, diff)
	}
	if _, list, tail = split([]byte(begins("1", "TestA") + ends + "PASS\n")); len(list) != 1 || string(tail) != "PASS\n" {
		t.Errorf("%v %q", list, tail)
	}
}

// TestMayHelp: a second process runs tests only if no test can notice that.
func TestMayHelp(t *testing.T) {
	o := &Options{}
	for _, p := range []struct {
		pkg  pkg
		want bool
	}{
		{pkg{Imports: []string{"sync"}, TestImports: []string{"testing", "time"}}, true},
		{pkg{Imports: []string{"os/exec"}}, false},
		{pkg{TestImports: []string{"net/http"}}, false},
		{pkg{XTestImports: []string{"os"}}, false},
		{pkg{Dir: "testdata/shop/suite", TestGoFiles: []string{"suite_test.go"}}, false},
	} {
		if got := o.mayHelp(&p.pkg); got != p.want {
			t.Errorf("%+v: %v", p.pkg, got)
		}
	}
	if (&Options{FailFast: true}).mayHelp(&pkg{}) {
		t.Error("with -failfast a second process may start a test after one has failed")
	}
}

// TestTwoProcesses: two processes run each test once, and its output has its place.
func TestTwoProcesses(t *testing.T) {
	long(t)
	_, out := explore(t, options(), "shop", "./channels")
	var order []string
	for _, m := range verdict.FindAllStringSubmatch(out, -1) {
		order = append(order, m[1])
	}
	var want []string
	src, err := os.ReadFile("testdata/shop/channels/channels_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range declared.FindAllStringSubmatch(string(src), -1) {
		want = append(want, m[1])
	}
	if !slices.Equal(order, want) {
		t.Errorf("%v, want %v", order, want)
	}
}
