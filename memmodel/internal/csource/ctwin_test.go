package csource_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"crosscall/memmodel/check"
	"crosscall/memmodel/internal/csource"
)

var (
	cPrograms = flag.Int("cprograms", 0, "how many random programs TestTwinCompiler compares; 0: as many as the test's form has")
	cShrink   = flag.Int("cshrink", 3, "how many of those that differ it makes smaller")
	cSeed     = flag.Int("cseed", 1, "the first of their seeds")
)

// TestTwinCompiler is the twin of the front end: random programs of one thread, and what the host's C compiler says
// that they come to. With that value asserted a program has to hold, and with another it has to fail.
func TestTwinCompiler(t *testing.T) {
	cc := compilerOf(t)
	n := 300
	if testing.Short() {
		n = 25
	}
	if *cPrograms > 0 {
		n = *cPrograms
	}
	const batch = 50
	refused := map[string]int{}
	compared, differ, crashed := 0, 0, 0
	for from := *cSeed; from < *cSeed+n; from += batch {
		var texts []string
		for seed := from; seed < min(from+batch, *cSeed+n); seed++ {
			texts = append(texts, randomC.Example(seed))
		}
		values := runC(t, cc, texts)
		if values == nil {
			crashed += len(texts)
			continue
		}
		for i, text := range texts {
			switch err := compare(t, text, values[i], (from+i)%4 == 0); e := err.(type) {
			case nil:
				compared++
			case *csource.Error:
				refused[kindOf(e.Msg)]++
			default:
				t.Errorf("seed %d: %v", from+i, err)
				if differ++; differ > *cShrink {
					continue
				}
				t.Run(fmt.Sprint("seed", from+i), func(t *testing.T) { shrink(t, cc, from+i) })
			}
		}
	}
	t.Logf("%d programs compared, %d refused, %d beside one that the compiler crashes on", compared, n-compared-crashed, crashed)
	for _, kind := range slices.Sorted(maps.Keys(refused)) {
		t.Logf("%5d %s", refused[kind], kind)
	}
	if compared < n/2 {
		t.Errorf("the front end reads only %d of %d programs", compared, n)
	}
}

// kindOf is a message without the names in it.
func kindOf(msg string) string {
	return regexp.MustCompile(`\b\w*\d\w*\b`).ReplaceAllString(msg, "N")
}

// shrink makes the program of a seed that differs smaller.
func shrink(t *testing.T, cc string, seed int) {
	for name, value := range map[string]string{"seed": fmt.Sprint(seed), "checks": "5", "nofailfile": "true"} { // -short divides by 5
		if err := flag.Set("rapid."+name, value); err != nil {
			t.Fatal(err)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		text := randomC.Draw(rt, "program")
		values := runC(t, cc, []string{text})
		if values == nil {
			return
		}
		err := compare(t, text, values[0], seed%4 == 0)
		if _, ok := err.(*csource.Error); err != nil && !ok {
			rt.Fatalf("%v\n%s", err, text)
		}
	})
}

// compilerOf is the host's C compiler.
func compilerOf(t *testing.T) string {
	if runtime.GOOS == "windows" || strconv.IntSize != 64 {
		t.Skip("long has 32 bits for the compiler of this system")
	}
	for _, name := range []string{"gcc", "cc", "clang"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("there is no C compiler to compare with")
	return ""
}

// runC compiles some programs into one, and returns the result of each; nil if the compiler crashes.
func runC(t *testing.T, cc string, texts []string) []string {
	t.Helper()
	var b strings.Builder
	b.WriteString("#include <stdio.h>\n" + headers)
	for i, text := range texts {
		b.WriteString(strings.ReplaceAll(text, "@", fmt.Sprintf("_%02d", i)))
	}
	b.WriteString("int main(void)\n{\n")
	for i := range texts {
		fmt.Fprintf(&b, "\tprintf(\"%%lu\\n\", run_%02d());\n\tfflush(stdout);\n", i)
	}
	b.WriteString("}\n")
	dir := t.TempDir()
	file, out := filepath.Join(dir, "p.c"), filepath.Join(dir, "p")
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if msg, err := exec.Command(cc, "-std=gnu17", "-w", "-O0", "-fwrapv", "-fsigned-char", "-fno-strict-aliasing", "-o", out, file).CombinedOutput(); bytes.Contains(msg, []byte("internal compiler error")) {
		t.Logf("%v: %.300s", cc, msg)
		return nil
	} else if err != nil {
		t.Fatalf("%v: %v\n%s", cc, err, msg[:min(len(msg), 3000)])
	}
	var stdout bytes.Buffer
	cmd := exec.Command(out)
	cmd.Stdout = &stdout
	err := cmd.Run()
	values := strings.Fields(stdout.String())
	if err != nil || len(values) != len(texts) {
		t.Fatalf("%v after %d programs\n%s", err, len(values), texts[min(len(values), len(texts)-1)])
	}
	return values
}

// compare checks a program with its result asserted, and with another. If thread is set, the program is a
// thread beside another; otherwise it is run by itself. The error is a *csource.Error if the program is not supported.
func compare(t *testing.T, text, value string, thread bool) error {
	right, err := verdictOf(t, text, value+"UL", thread)
	if err != nil {
		return err
	}
	if right != "holds" {
		return fmt.Errorf("with the compiler's value, %s: %s", value, right)
	}
	wrong, err := verdictOf(t, text, "1 + "+value+"UL", thread)
	if err != nil || !strings.Contains(wrong, "assert(run@") {
		return fmt.Errorf("with another value than %s: %v %v", value, wrong, err)
	}
	return nil
}

// verdictOf is what the checker says to a program.
func verdictOf(t *testing.T, text, value string, thread bool) (string, error) {
	t.Helper()
	text = headers + "#include <assert.h>\n" + strings.ReplaceAll(text, "@", "_00")
	if thread {
		text += fmt.Sprintf("#include <pthread.h>\nint other;\nvoid *work(void *p) { assert(run_00() == %s); return 0; }\nvoid *more(void *p) { other = 1; return 0; }\nint main(void)\n{\n\tpthread_t t, u;\n\tpthread_create(&t, 0, work, 0);\n\tpthread_create(&u, 0, more, 0);\n\tpthread_join(t, 0);\n\tpthread_join(u, 0);\n\treturn 0;\n}\n", value)
	} else {
		text += fmt.Sprintf("int main(void) { assert(run_00() == %s); return 0; }\n", value)
	}
	s, err := csource.Parse("p.c", []byte(text), csource.Options{})
	if err != nil {
		return "", err
	}
	test, err := s.Compile(table(t, "sc"), nil)
	if err != nil && strings.Contains(err.Error(), "assert(run") {
		return strings.ReplaceAll(err.Error(), "run_00", "run@"), nil
	}
	if err != nil {
		return "", err
	}
	r := check.Run(context.Background(), test, load(t, "sc"), check.Options{})
	switch {
	case r.Err != nil:
		return "", r.Err
	case r.Failure != nil:
		return strings.ReplaceAll(fmt.Sprintf("%v: %v", r.Verdict, r.Failure), "run_00", "run@"), nil
	case !r.Complete:
		return "incomplete: " + r.Reason, nil
	}
	return fmt.Sprint(r.Verdict), nil
}
