package audit_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"crosscall/memmodel/audit"
)

// TestHoldsInVain: if no execution reaches a cover, the barriers are not audited.
func TestHoldsInVain(t *testing.T) {
	const src = "#include <linux/atomic.h>\n#include <crosscall.h>\nint d, f;\n" +
		"void P0(void) { WRITE_ONCE(d, 1); smp_store_release(&f, 1); }\n" +
		"void P1(void) { int r = smp_load_acquire(&f); cover(r == WANT); assert(!r || READ_ONCE(d)); }\n"
	for want, says := range map[string]string{"1": "holds: no execution fails", "2": "holds in vain: no execution reaches"} {
		name := filepath.Join(t.TempDir(), "cover.c")
		if err := os.WriteFile(name, []byte(strings.ReplaceAll(src, "WANT", want)), 0o600); err != nil {
			t.Fatal(err)
		}
		r := run(t, open(t, name), audit.Options{Models: load(t, "lkmm")})
		var text, list bytes.Buffer
		if err := r.WriteText(&text, audit.TextOptions{}); err != nil || !strings.Contains(text.String(), says) {
			t.Errorf("cover(r == %s): %s %v", want, text.String(), err)
		}
		if err := r.WriteJSON(&list); err != nil || strings.Contains(list.String(), `"promise":"vacuous"`) != (want == "2") {
			t.Errorf("cover(r == %s): %s %v", want, list.String(), err)
		}
		if (r.Count().Incomplete > 0) != (want == "2") {
			t.Errorf("cover(r == %s): %+v", want, r.Count())
		}
	}
}
