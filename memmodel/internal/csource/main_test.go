package csource_test

import (
	"sync"
	"testing"

	"crosscall/memmodel/internal/model"
	"crosscall/memmodel/internal/primitive"
)

// models has the models that were loaded, by name.
var models sync.Map

// load loads a model, once for all tests.
func load(t testing.TB, name string) *model.Model {
	t.Helper()
	if m, ok := models.Load(name); ok {
		return m.(*model.Model)
	}
	m, err := model.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	models.Store(name, m)
	return m
}

// table is the table of primitives of a model.
func table(t testing.TB, name string) *primitive.Macros {
	t.Helper()
	return load(t, name).Macros
}
