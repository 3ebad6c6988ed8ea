package litmus

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strings"
	"testing"
)

func TestTmpCorpus(t *testing.T) {
	def, err := os.ReadFile("/tmp/lkmm/linux-kernel.def")
	if err != nil {
		t.Skip()
	}
	m, err := ParseMacros("linux-kernel.def", def)
	if err != nil {
		t.Fatal(err)
	}
	def2, _ := os.ReadFile("/tmp/lkmm-new/linux-kernel.def")
	if _, err := ParseMacros("linux-kernel-new.def", def2); err != nil {
		t.Fatal(err)
	}
	oracle := map[string]map[string]any{}
	f, _ := os.Open("/tmp/oracle/lkmm.jsonl")
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<26)
	for sc.Scan() {
		var r map[string]any
		if json.Unmarshal(sc.Bytes(), &r) == nil {
			oracle[r["file"].(string)] = r
		}
	}
	files, _ := os.ReadFile("/tmp/lt/files")
	n, bad, checked := 0, 0, 0
	res := map[string]int{}
	for _, p := range strings.Fields(string(files)) {
		n++
		src, _ := os.ReadFile(p)
		a, err := Parse(p, src)
		var test *Test
		if err == nil {
			test, err = a.Compile(m)
		}
		rel := strings.TrimPrefix(p, "/tmp/corpus/")
		o := oracle[rel]
		herdBad := o != nil && o["stderr"] != ""
		if err != nil {
			bad++
			if bad < 40 || herdBad {
				fmt.Println("ERR", err, herdBad)
			}
			continue
		}
		if herdBad {
			fmt.Println("HERD rejects", rel, o["stderr"])
			continue
		}
		res[a.Result]++
		if o == nil || o["output"] == "" {
			continue
		}
		out := o["output"].(string)
		lines := strings.Split(out, "\n")
		checked++
		kind := map[Quantifier]string{Exists: "Allowed", NotExists: "Forbidden", ForAll: "Required"}[test.Quant]
		if want := "Test " + test.Name + " " + kind; lines[0] != want {
			t.Errorf("%s: %q want %q", rel, want, lines[0])
		}
		var names []string
		if len(lines) > 2 && strings.HasSuffix(lines[2], ";") {
			for _, x := range strings.Split(lines[2], "; ") {
				names = append(names, strings.Split(x, "=")[0])
			}
			if strings.Join(names, " ") != strings.Join(test.ObservedNames, " ") {
				t.Errorf("%s: %q want %q", rel, test.ObservedNames, names)
			}
		}
		for _, l := range lines {
			if strings.HasPrefix(l, "Condition ") && l != "Condition "+test.CondText {
				t.Errorf("%s: %q want %q", rel, test.CondText, l)
			}
		}
	}
	fmt.Println(n, "files", bad, "bad", checked, "checked")
	var ks []string
	for k := range res {
		ks = append(ks, fmt.Sprint(k, "=", res[k]))
	}
	sort.Strings(ks)
	fmt.Println(ks)
}

func BenchmarkTmp(b *testing.B) {
	def, _ := os.ReadFile("/tmp/lkmm/linux-kernel.def")
	m, _ := ParseMacros("linux-kernel.def", def)
	for _, p := range []string{"/tmp/corpus/manual/locked/SUW+or-ow+l-ow-or.litmus", "/tmp/corpus/manual/lwn573497/C-dist-r+o+rl-o-o-rul+o-srcu-o.litmus"} {
		src, err := os.ReadFile(p)
		if err != nil {
			continue
		}
		b.Run("x", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				a, err := Parse(p, src)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := a.Compile(m); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
