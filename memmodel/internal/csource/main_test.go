package csource_test

import (
	"testing"

	"crosscall/memmodel/internal/litmus"
	"crosscall/memmodel/internal/model"
)

// table is the table of primitives of a model.
func table(t testing.TB, name string) *litmus.Macros {
	t.Helper()
	m, err := model.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return m.Macros
}
