package csource_test

import (
	"testing"

	"crosscall/memmodel/internal/model"
	"crosscall/memmodel/internal/primitive"
)

// table is the table of primitives of a model.
func table(t testing.TB, name string) *primitive.Macros {
	t.Helper()
	m, err := model.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return m.Macros
}
