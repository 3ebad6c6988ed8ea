package csource_test

import (
	"os"
	"runtime/debug"
	"sync"
	"testing"

	"crosscall/memmodel/internal/model"
	"crosscall/memmodel/internal/primitive"
)

func TestMain(m *testing.M) {
	debug.SetGCPercent(800) // as the command: reading C leaves much garbage, and few objects behind
	os.Exit(m.Run())
}

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
