package litmus_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"crosscall/memmodel/check"
	"crosscall/memmodel/litmus"
	"crosscall/memmodel/model"
)

func TestTmpOwn(t *testing.T) {
	mod, err := model.Load("/tmp/lkmm/linux-kernel.cfg")
	if err != nil {
		t.Fatal(err)
	}
	m, err := litmus.ParseMacros(mod.DefFile, mod.Def)
	if err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob("/tmp/lt/x/*.litmus")
	for _, f := range files {
		src, _ := os.ReadFile(f)
		c := exec.Command("/tmp/lt/h.sh", f)
		want, _ := c.CombinedOutput()
		a, err := litmus.Parse(f, src)
		if err != nil {
			t.Error(err)
			continue
		}
		test, err := a.Compile(m)
		if err != nil {
			t.Error(err)
			continue
		}
		var b bytes.Buffer
		res := check.Run(context.Background(), test, mod, check.Options{})
		if res.Err != nil {
			t.Error(res.Err)
		}
		res.WriteText(&b)
		if g, w := keep(b.String()), keep(string(want)); g != w {
			fmt.Printf("=== %s\ngot:\n%s\nwant:\n%s\n", f, g, w)
		} else {
			fmt.Println("ok", f)
		}
	}
}
