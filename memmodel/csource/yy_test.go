//go:build zz

package csource_test

import (
	"crosscall/memmodel/csource"
	"crosscall/memmodel/litmus"
	"crosscall/memmodel/model"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

func TestY(t *testing.T) {
	f := os.Getenv("LF")
	if f == "" {
		t.Skip()
	}
	list, _ := os.ReadFile(f)
	tabs := map[string]*litmus.Macros{}
	for _, n := range []string{"lkmm", "rc11"} {
		m, _ := model.Load(n)
		tabs[n], _ = litmus.ParseMacros(m.DefFile, m.Def)
	}
	ok := 0
	var tp, tc time.Duration
	for _, name := range strings.Fields(string(list)) {
		src, _ := os.ReadFile(name)
		func() {
			defer func() {
				if r := recover(); r != nil {
					fmt.Printf("PANIC %s: %v\n", name, r)
				}
			}()
			t0 := time.Now()
			s, err := csource.Parse(name, src, csource.Options{})
			tp += time.Since(t0)
			if err != nil {
				fmt.Printf("P %v\n", err)
				return
			}
			mn := "rc11"
			if strings.Contains(string(src), "lkmm.h") {
				mn = "lkmm"
			}
			t0 = time.Now()
			_, err = s.Compile(tabs[mn], nil)
			if d := time.Since(t0); d > 20*time.Millisecond {
				fmt.Println("SLOW", name, d)
			}
			tc += time.Since(t0)
			if err != nil {
				fmt.Printf("C %s %v\n", name, err)
				return
			}
			ok++
		}()
	}
	fmt.Println("ok", ok, "parse", tp, "compile", tc)
}
