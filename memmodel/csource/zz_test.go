//go:build zz

package csource_test

import (
	"context"
	"crosscall/memmodel/check"
	"crosscall/memmodel/csource"
	"crosscall/memmodel/litmus"
	"crosscall/memmodel/model"
	"fmt"
	"os"
	"testing"
	"time"
)

func TestZ(t *testing.T) {
	for _, f := range os.Args[1:] {
		_ = f
	}
	f := os.Getenv("CF")
	if f == "" {
		t.Skip()
	}
	src, _ := os.ReadFile(f)
	var s *csource.Source
	var err error
	for range 3 {
		t0 := time.Now()
		s, err = csource.Parse(f, src, csource.Options{})
		fmt.Println("parse", time.Since(t0), err)
	}
	if err != nil {
		return
	}
	mn := os.Getenv("CM")
	if mn == "" {
		mn = "lkmm"
	}
	m, err := model.Load(mn)
	if err != nil {
		t.Fatal(err)
	}
	tab, err := litmus.ParseMacros(m.DefFile, m.Def)
	if err != nil {
		t.Fatal(err)
	}
	t0 := time.Now()
	test, err := s.Compile(tab, nil)
	fmt.Println("compile", time.Since(t0), err)
	if err != nil {
		return
	}
	if os.Getenv("CD") != "" {
		fmt.Print(csource.Dump(test.Prog))
	}
	if os.Getenv("CN") != "" {
		return
	}
	ctx, c := context.WithTimeout(context.Background(), 20*time.Second)
	defer c()
	r := check.Run(ctx, test, m, check.Options{})

	if r != nil {
		r.WriteText(os.Stdout)
	}
}
