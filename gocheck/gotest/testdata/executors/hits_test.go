// Package executors has tests of code that runs on the executors of package crosscall.
package executors

import (
	"testing"

	"crosscall"
	"crosscall/cpumask"
	"crosscall/percpu"
)

// open makes two executors, whatever CPUs the machine has.
func open(t *testing.T) *crosscall.System {
	t.Helper()
	sys, err := crosscall.Open(crosscall.Options{CPUs: cpumask.Range(0, 1), Virtual: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := sys.Close(); err != nil {
			t.Error(err)
		}
	})
	return sys
}

func TestShared(t *testing.T) {
	sys := open(t)
	hits := 0
	if err := sys.CallEvery(t.Context(), func(*crosscall.CPU) { hits++ }); err != nil {
		t.Fatal(err)
	}
}

func TestOwned(t *testing.T) {
	sys := open(t)
	hits := percpu.New[int](sys)
	if err := sys.CallEvery(t.Context(), func(c *crosscall.CPU) { *hits.On(c)++ }); err != nil {
		t.Fatal(err)
	}
}
