package browsertest

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"crosscall/memmodel"
	"crosscall/viewer"
)

// viewed opens a page that a command wrote.
func viewed(t *testing.T, file string, wide, high int64, dark bool) *tab {
	b := newTab(t, wide, high, dark)
	b.do(chromedp.Navigate(fileURL(file)))
	b.until(`document.querySelector(".viewer.live .shown.now svg")`)
	return b
}

// ring has n threads in a circle, each of which reads what the one before it writes.
func ring(n int) string {
	var s strings.Builder
	s.WriteString("C ring\n\n{ }\n")
	var all []string
	for i := range n {
		fmt.Fprintf(&s, "\nP%d(int *x%d, int *x%d)\n{\n\tint r = READ_ONCE(*x%d);\n\tWRITE_ONCE(*x%d, 1);\n}\n", i, i, (i+1)%n, i, (i+1)%n)
		all = append(all, fmt.Sprintf("%d:r=1", i))
	}
	return s.String() + "\nexists (" + strings.Join(all, " /\\ ") + ")\n"
}

// TestCheckHTML looks at what check --html writes, for 40 threads: it opens where it can be
// read, and fits into the window when it is told to.
func TestCheckHTML(t *testing.T) {
	chromium(t)
	r, err := memmodel.Check(context.Background(), "ring.litmus", ring(40), memmodel.Options{VerdictOnly: true})
	if err != nil || r.Execution == nil {
		t.Fatal(r, err)
	}
	var text bytes.Buffer
	if err := r.Execution.HTML(&text); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "ring.html")
	if err := os.WriteFile(file, text.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	b := viewed(t, file, 1400, 1000, true)
	scale := `(() => { const svg = document.querySelector(".now svg"); return svg.clientWidth / svg.viewBox.baseVal.width; })()`
	if got := js[float64](b, scale); got < 0.5 {
		t.Errorf("it opens at a scale of %v: too small to be read", got)
	}
	b.shot("40-threads")
	b.do(chromedp.KeyEvent("0"))
	if got := js[float64](b, scale); got > 0.3 {
		t.Errorf("0 shows it at a scale of %v: not all of it", got)
	}
	b.click(".source li.linked")
	b.until(`document.querySelectorAll(".now g.pinned").length === 1`)
	b.do(chromedp.KeyEvent("\u001b"))
	b.until(`document.querySelectorAll(".now g.pinned").length === 0`)
	b.clean("file://")
}

// TestGotestHTML looks at a page as gotest --html writes it, on a phone: the golden file of
// package draw, with the script and the style that it leaves out.
func TestGotestHTML(t *testing.T) {
	chromium(t)
	page, err := os.ReadFile("../../../../gocheck/internal/draw/testdata/wide.html")
	if err != nil {
		t.Fatal(err)
	}
	whole := strings.NewReplacer("(the viewer's script)\n", viewer.Script(), "(the viewer's style)\n", viewer.Style()).Replace(string(page))
	file := filepath.Join(t.TempDir(), "wide.html")
	if err := os.WriteFile(file, []byte(whole), 0o666); err != nil {
		t.Fatal(err)
	}
	b := viewed(t, file, 400, 800, false)
	b.shot("phone")
	if n := js[int](b, "document.documentElement.scrollWidth"); n > 400 {
		t.Errorf("the page is %d wide on a phone", n)
	}
	b.click(".now tr[data-node] td")
	b.until(`document.querySelectorAll(".now g.pinned").length === 1`)
	b.click(".viewer .kind[data-kind=race]")
	b.until(`document.querySelector(".now g[data-kind=race]").style.display === "none"`)
	b.clean("file://")
}
