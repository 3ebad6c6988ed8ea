package browsertest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"crosscall/cmd/crosscall/internal/page"
)

// TestStatic uses the static form, whose server is gone once the page is there.
func TestStatic(t *testing.T) {
	chromium(t)
	dir := t.TempDir()
	if err := page.WriteStatic(context.Background(), dir, "test"); err != nil {
		t.Fatal(err)
	}
	var asked int
	files := http.FileServer(http.Dir(dir))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		if r.Method != http.MethodGet || r.URL.RawQuery != "" || strings.Contains(r.URL.Path, "..") {
			t.Errorf("the page asks for %s %s", r.Method, r.URL)
		}
		files.ServeHTTP(w, r)
	}))
	address := server.URL + "/"
	b := newTab(t, 1400, 1000, true)
	b.open(address)
	b.until(`performance.getEntriesByType("resource").filter(e => e.responseEnd > 0 && /checker|wasm_exec|worker|picture/.test(e.name)).length >= 4`)
	server.CloseClientConnections()
	server.Close()
	before := asked
	b.check()
	b.picture()
	b.wrong()
	b.audit()
	b.cancel()
	b.own()
	b.shot("own")
	if asked != before {
		t.Errorf("the page has asked for %d files more", asked-before)
	}
	b.clean(address)
}

// own checks under a model of the reader's own, and one that is wrong.
func (b *tab) own() {
	b.Helper()
	b.example("x86, to change")
	b.click("#check")
	b.done()
	if got := b.text(`.verdicts tr[data-model="own.cat"] td:nth-child(2)`); got != "holds" {
		b.Errorf("SB under a model of one's own: %s", got)
	}
	b.run(`document.querySelector("#cat").shadowRoot.querySelector(".cm-content").focus()`)
	b.replace("\"X86, wrong\"\n\nacyclic po | nothing as x\n")
	b.click("#check")
	b.done()
	if said := b.text("#problem"); !strings.Contains(said, "own.cat:3:14") {
		b.Errorf("the problem of the model is %q", said)
	}
}
