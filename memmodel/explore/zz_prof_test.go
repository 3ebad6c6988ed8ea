package explore_test

import (
	"context"
	"crosscall/memmodel/explore"
	"crosscall/memmodel/litmus"
	"crosscall/memmodel/model"
	"fmt"
	"os"
	"testing"
	"time"
)

func TestZZ(t *testing.T) {
	f := os.Getenv("ZZ")
	src, _ := os.ReadFile(f)
	m, err := model.Load("lkmm")
	if err != nil {
		t.Fatal(err)
	}
	mac, _ := litmus.ParseMacros("x", m.Def)
	a, err := litmus.Parse(f, src)
	if err != nil {
		t.Fatal(err)
	}
	ts, err := a.Compile(mac)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	ctx, c := context.WithTimeout(context.Background(), 6*time.Second)
	defer c()
	st, err := explore.Run(ctx, ts.Prog, m.Plan, explore.Config{}, func(x *explore.Execution) error { n++; return nil })
	fmt.Println(st, err)
}
