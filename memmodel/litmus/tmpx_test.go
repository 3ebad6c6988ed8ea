package litmus_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strings"
	"testing"
	"time"

	"crosscall/memmodel/check"
	"crosscall/memmodel/litmus"
	"crosscall/memmodel/model"
)

func keep(s string) string {
	var out []string
	for _, l := range strings.Split(s, "\n") {
		if strings.HasPrefix(l, "Time ") || strings.HasPrefix(l, "Hash=") || strings.HasPrefix(l, "Positive") || l == "" || l == "Flag lock-final" {
			continue
		}
		if strings.HasPrefix(l, "Observation ") {
			f := strings.Fields(l)
			l = strings.Join(f[:3], " ")
		}
		out = append(out, l)
	}
	return strings.Join(out, "\n")
}

func TestTmpHerd(t *testing.T) {
	mod, err := model.Load(os.Getenv("MODEL"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := litmus.ParseMacros(mod.DefFile, mod.Def)
	if err != nil {
		t.Fatal(err)
	}
	f, _ := os.Open("/tmp/oracle/lkmm.jsonl")
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<26)
	n, bad := 0, 0
	var errs []string
	for sc.Scan() {
		var r struct {
			File, Output, Stderr string
			Seconds              float64
			Timeout              bool
		}
		if json.Unmarshal(sc.Bytes(), &r) != nil || r.Timeout || r.Seconds > 0.1 || !strings.Contains(r.File, os.Getenv("SUB")) {
			continue
		}
		src, _ := os.ReadFile("/tmp/corpus/" + r.File)
		a, err := litmus.Parse(r.File, src)
		if err != nil {
			t.Error(err)
			continue
		}
		test, err := a.Compile(m)
		if err != nil {
			errs = append(errs, err.Error())
			continue
		}
		res := check.Run(context.Background(), test, mod, check.Options{Timeout: 5 * time.Second})
		if res.Err != nil {
			errs = append(errs, res.Err.Error())
			continue
		}
		var b bytes.Buffer
		res.WriteText(&b)
		n++
		if got, want := keep(b.String()), keep(r.Output); got != want {
			bad++
			if bad < 8 {
				fmt.Printf("=== %s\ngot:\n%s\nwant:\n%s\n", r.File, got, want)
			} else {
				fmt.Println("===", r.File)
			}
		}
	}
	sort.Strings(errs)
	for _, e := range errs {
		fmt.Println("ERR", e)
	}
	fmt.Println(n, "compared", bad, "differ")
}
