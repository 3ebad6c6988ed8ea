package check

import (
	"context"
	"os"
	"testing"

	"crosscall/memmodel/csource"
	"crosscall/memmodel/litmus"
	"crosscall/memmodel/model"
)

func TestZProf(t *testing.T) {
	f := os.Getenv("CF")
	if f == "" {
		t.Skip()
	}
	src, _ := os.ReadFile(f)
	s, err := csource.Parse(f, src, csource.Options{Defines: map[string]string{"N": os.Getenv("CN")}})
	if err != nil {
		t.Fatal(err)
	}
	m, _ := model.Load(os.Getenv("CM"))
	macros, _ := litmus.ParseMacros(m.DefFile, m.Def)
	test, err := s.Compile(macros, nil)
	if err != nil {
		t.Fatal(err)
	}
	r := Run(context.Background(), test, m, Options{})
	r.WriteText(os.Stdout)
}
