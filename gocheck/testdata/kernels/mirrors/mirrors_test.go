package mirrors

import "testing"

func fetch(t *testing.T, first func([]func() string) string) {
	got := first([]func() string{
		func() string { return "near" },
		func() string { return "far" },
	})
	if got != "near" && got != "far" {
		t.Errorf("got %q", got)
	}
}

func TestBroken(t *testing.T) { fetch(t, firstBroken) }
func TestFixed(t *testing.T)  { fetch(t, firstFixed) }
