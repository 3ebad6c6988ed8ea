package csource_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"crosscall/memmodel/check"
	"crosscall/memmodel/internal/csource"
	"crosscall/memmodel/internal/model"
)

var kernelHead = regexp.MustCompile(`^/\* models: ([a-z0-9 -]+); twins: ([0-9]+) \*/\n`)

// TestKernel explores testdata/kernel. Each program holds under the models that its
// first line names. Each of its broken variants, which BROKEN selects, fails under the
// first of these models. With -short only the first model and the first variant are taken,
// and of the programs every sixth.
func TestKernel(t *testing.T) {
	files, err := filepath.Glob("testdata/kernel/*.c")
	if err != nil || len(files) == 0 {
		t.Fatal("no files: ", err)
	}
	for i, file := range files {
		if testing.Short() && i%6 != 0 {
			continue
		}
		t.Run(strings.TrimSuffix(filepath.Base(file), ".c"), func(t *testing.T) {
			t.Parallel()
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			head := kernelHead.FindSubmatch(src)
			if head == nil {
				t.Fatal("the first line names no models")
			}
			models := strings.Fields(string(head[1]))
			twins, _ := strconv.Atoi(string(head[2]))
			if testing.Short() {
				models, twins = models[:1], min(twins, 1)
			}
			for _, name := range models {
				if got := explored(t, file, src, name, 0); !strings.HasPrefix(got, "holds") {
					t.Errorf("%s: %s", name, got)
				}
			}
			for twin := 1; twin <= twins; twin++ {
				if got := explored(t, file, src, models[0], twin); !strings.HasPrefix(got, "fails") {
					t.Errorf("%s, twin %d: %s", models[0], twin, got)
				}
			}
		})
	}
}

func explored(t *testing.T, file string, src []byte, name string, twin int) string {
	t.Helper()
	s, err := csource.Parse(filepath.Base(file), src, csource.Options{Defines: map[string]string{"BROKEN": strconv.Itoa(twin)}})
	if err != nil {
		return err.Error()
	}
	test, err := s.Compile(table(t, name), nil)
	if err != nil {
		return err.Error()
	}
	r := check.Run(context.Background(), test, load(t, name), check.Options{})
	if r.Err != nil {
		return r.Err.Error()
	}
	return fmt.Sprintf("%v %v %s", r.Verdict, r.Failure, r.Reason)
}

// TestKernelUses compiles and explores a use of each of the kernel's primitives, with
// all the headers included.
func TestKernelUses(t *testing.T) {
	table, err := os.ReadFile("testdata/kernel/uses.txt")
	if err != nil {
		t.Fatal(err)
	}
	var include strings.Builder
	for _, h := range kernelHeaders(t) {
		fmt.Fprintf(&include, "#include <%s>\n", h)
	}
	n := 0
	for row := range strings.Lines(string(table)) {
		if n++; row[0] == '#' || testing.Short() && n%64 != 0 { // each reads all the headers
			continue
		}
		f := strings.Split(strings.TrimSuffix(row, "\n"), "\t")
		if len(f) < 3 {
			t.Fatalf("no use: %s", row)
		}
		want := strings.Join(f[3:], "")
		t.Run(f[0], func(t *testing.T) {
			t.Parallel()
			src := include.String() + f[1] + "\nvoid P0(void) { " + strings.ReplaceAll(f[2], `\n`, "\n") + " }\n"
			got := explored(t, "t.c", []byte(src), "lkmm", 0)
			if want == "" && !strings.HasPrefix(got, "holds") || !strings.Contains(got, want) {
				t.Errorf("%s\nwant %s", got, want)
			}
		})
	}
}

func kernelHeaders(t *testing.T) (list []string) {
	t.Helper()
	for _, pattern := range []string{"linux/*.h", "linux/sched/*.h", "asm/*.h"} {
		files, err := filepath.Glob("shim/" + pattern)
		if err != nil || len(files) == 0 {
			t.Fatal("no headers: ", err)
		}
		for _, f := range files {
			list = append(list, strings.TrimPrefix(filepath.ToSlash(f), "shim/"))
		}
	}
	return list
}

// TestHeaders includes each header by itself, with -short one in sixteen.
func TestHeaders(t *testing.T) {
	for i, h := range kernelHeaders(t) {
		if testing.Short() && i%16 != 0 {
			continue
		}
		t.Run(h, func(t *testing.T) {
			t.Parallel()
			if err := compile(t, "#include <"+h+">\nvoid P0(void) {}\n", "lkmm"); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestEachPrimitiveIsInAHeader: what a litmus test may use by the name that the kernel has for it,
// a C file may use, too. Headers may put a name together: then it is without its order there.
func TestEachPrimitiveIsInAHeader(t *testing.T) {
	m, err := model.Load("lkmm")
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, h := range kernelHeaders(t) {
		src, err := os.ReadFile("shim/" + h)
		if err != nil {
			t.Fatal(err)
		}
		text.Write(src)
	}
	words := map[string]bool{}
	for _, word := range strings.FieldsFunc(text.String(), func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		words[word] = true
	}
	ofLitmus := []string{"smp_memb"} // the fence that membarrier(2) makes of another CPU's barrier()
	for _, name := range m.Macros.Names() {
		bare := name
		for _, order := range []string{"_acquire", "_release", "_relaxed"} {
			bare = strings.TrimSuffix(bare, order)
		}
		if !strings.HasPrefix(name, "__") && !strings.HasPrefix(name, "c11_") && !words[name] && !words[bare] && !slices.Contains(ofLitmus, name) {
			t.Errorf("no header has %s", name)
		}
	}
}
