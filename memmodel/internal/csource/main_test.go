package csource_test

import (
	"sync"
	"testing"

	"crosscall/memmodel/internal/litmus"
	"crosscall/memmodel/internal/model"
)

var tables sync.Map // of string to *litmus.Macros

// table is the table of primitives of a model.
func table(t testing.TB, name string) *litmus.Macros {
	t.Helper()
	if m, ok := tables.Load(name); ok {
		return m.(*litmus.Macros)
	}
	m, err := model.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	macros, err := litmus.ParseMacros(m.DefFile, m.Def)
	if err != nil {
		t.Fatal(err)
	}
	tables.Store(name, macros)
	return macros
}
