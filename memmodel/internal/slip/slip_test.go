package slip_test

import (
	"slices"
	"testing"

	"crosscall/memmodel/internal/slip"
)

func TestClosest(t *testing.T) {
	names := []string{"ldar", "ldapr", "ldr", "Fence.rw.w"}
	for _, c := range []struct {
		word  string
		limit int
		want  string
	}{
		{"ldaar", 2, "ldapr"}, {"ldaqr", 1, "ldapr"}, {"LDR", 0, "ldr"}, {"fence.rw.ww", 1, "Fence.rw.w"}, {"stlr", 1, ""}, {"ldxr", 1, "ldar"},
	} {
		if got := slip.Closest(c.word, c.limit, slices.Values(names)); got != c.want {
			t.Errorf("%s: %q, want %q", c.word, got, c.want)
		}
	}
}
