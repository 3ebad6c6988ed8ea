package browsertest

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// long never ends within the limits.
func long() string {
	var b strings.Builder
	b.WriteString("C long\n\n{ }\n")
	for range 9 {
		b.WriteString("\nP")
		b.WriteByte(byte('0' + strings.Count(b.String(), "\nP") - 1))
		b.WriteString("(int *x)\n{\n\tWRITE_ONCE(*x, 1);\n\tWRITE_ONCE(*x, 2);\n\tint r = READ_ONCE(*x);\n}\n")
	}
	b.WriteString("\nexists (x=7)\n")
	return b.String()
}

// verdict is what the table says under a model.
func (b *tab) verdict(model string) string {
	b.Helper()
	return b.text(".verdicts tr[data-model=" + model + "] td:nth-child(2)")
}

// TestServed clicks through the served form.
func TestServed(t *testing.T) {
	chromium(t)
	address := served(t)
	b := newTab(t, 1400, 1000, false)
	b.open(address)
	b.shot("begin")
	b.check()
	b.picture()
	b.wrong()
	b.turned()
	b.audit()
	b.cancel()
	b.link(address)
	b.tour()
	b.clean(address)
}

// TestPhone looks at the page on a phone.
func TestPhone(t *testing.T) {
	chromium(t)
	address := served(t)
	b := newTab(t, 400, 800, true)
	b.open(address)
	b.example("IRIW: independent reads")
	b.click("#check")
	b.done()
	b.shot("top")
	b.run(`document.querySelector(".viewer").scrollIntoView()`)
	b.shot("picture")
	if n := js[int](b, "document.documentElement.scrollWidth"); n > 400 {
		t.Errorf("the page is %d wide on a phone", n)
	}
	b.click("#tour-button")
	b.done()
	b.shot("tour")
	b.clean(address)
}

func (b *tab) check() {
	b.Helper()
	b.click("#check")
	b.done()
	for model, want := range map[string]string{"lkmm": "holds", "sc": "fails", "x86-tso": "holds"} {
		if got := b.verdict(model); got != want {
			b.Errorf("SB under %s: %q, want %s", model, got, want)
		}
	}
	b.click(".verdicts tr[data-model=sc]")
	if n := js[int](b, `document.querySelectorAll(".states tbody tr").length`); n != 4 {
		b.Errorf("%d states under sc, want 3 and a forbidden one", n)
	}
	b.shot("checked")
}

// picture looks around in the picture that is there: SB under sc.
func (b *tab) picture() {
	b.Helper()
	if said := b.text(".shown.now .verdict"); !strings.Contains(said, "forbids") {
		b.Errorf("the picture says %q", said)
	}
	// Executions, forward and back, with the states.
	b.click(".viewer .previous")
	if said := b.text(".shown.now .verdict"); !strings.Contains(said, "allows") {
		b.Errorf("the execution before says %q", said)
	}
	b.until(`document.querySelectorAll(".states tr[aria-selected=true]").length === 1`)
	b.click(".states tr.forbidden")
	// From an event to its line, and back.
	b.click(`.shown.now g[data-node="2"]`)
	b.until(`document.querySelector("#editor").shadowRoot.querySelectorAll(".cm-hot").length === 1`)
	b.do(chromedp.Click(chromedp.JSPath(`[...document.querySelector("#editor").shadowRoot.querySelectorAll(".cm-line")].find(l => l.textContent.includes("READ_ONCE(*y)"))`)))
	b.until(`document.querySelector(".shown.now g.pinned text").textContent.includes("READ_ONCE(*y)")`)
	b.shot("linked")
	// Kinds of edges.
	visible := `[...document.querySelectorAll(".shown.now g.edge[data-kind=fr]")].filter(e => e.style.display !== "none").length`
	if n := js[int](b, visible); n == 0 {
		b.Error("no edge of fr")
	}
	b.click(".viewer .kind[data-kind=fr]")
	if n := js[int](b, visible); n != 0 {
		b.Errorf("%d edges of fr after they are switched off", n)
	}
	b.click(".viewer .kind[data-kind=fr]")
	b.keys()
	b.saved()
}

// keys uses the keyboard in the picture.
func (b *tab) keys() {
	b.Helper()
	seen := `document.querySelector(".shown.now svg").getAttribute("viewBox")`
	before := js[string](b, seen)
	b.run(`document.querySelector(".shown.now figure").focus()`)
	b.do(chromedp.KeyEvent("+"))
	if js[string](b, seen) == before {
		b.Error("+ does not zoom")
	}
	b.do(chromedp.KeyEvent("0"))
	if got := js[string](b, seen); got != before {
		b.Errorf("0 shows %s, and not %s", got, before)
	}
	b.do(chromedp.KeyEvent("\u001b")) // Escape
	b.until(`!document.querySelector(".shown.now .pinned")`)
	b.run(`document.querySelector(".shown.now figure").focus()`)
	b.do(chromedp.KeyEvent("p"))
	if said := b.text(".shown.now .verdict"); !strings.Contains(said, "allows") {
		b.Errorf("p goes to %q", said)
	}
	b.do(chromedp.KeyEvent("n"))
	if said := b.text(".shown.now .verdict"); !strings.Contains(said, "forbids") {
		b.Errorf("n goes to %q", said)
	}
}

// saved looks at the file that the picture is saved as.
func (b *tab) saved() {
	b.Helper()
	svg := js[string](b, `new Promise(done => {
		const make = URL.createObjectURL;
		URL.createObjectURL = blob => { URL.createObjectURL = make; blob.text().then(done); return make.call(URL, blob); };
		document.querySelector(".viewer .save").click();
	})`)
	for _, want := range []string{"<svg", "xmlns=", "<style", "stroke-width", "The model forbids", "WRITE_ONCE"} {
		if !strings.Contains(svg, want) {
			b.Errorf("the saved picture has no %q", want)
		}
	}
}

// wrong writes a test that is wrong, and goes to the place.
func (b *tab) wrong() {
	b.Helper()
	b.write("C wrong\n\n{ }\n\nP0(int *x)\n{\n\tWRITE_ONCE(*x 1);\n}\n\nexists (x=1)\n")
	b.click("#check")
	b.done()
	if said := b.text("#problem"); !strings.Contains(said, "test.litmus:7:16") && !strings.Contains(said, "sb.litmus:7:16") {
		b.Errorf("the problem is %q", said)
	}
	b.until(`document.querySelector("#editor").shadowRoot.querySelectorAll(".cm-lintRange-error, .cm-lintPoint-error").length === 1`)
	b.shot("wrong")
}

// turned checks a test whose name would turn the text behind it.
func (b *tab) turned() {
	b.Helper()
	b.write("C a\u202eb\n\n{ }\n\nP0(int *x)\n{\n\tWRITE_ONCE(*x, 1);\n}\n\nexists (x=1)\n")
	b.until(`document.querySelector("#editor").shadowRoot.querySelectorAll(".cm-specialChar").length === 1`)
	b.click("#check")
	b.done()
	if said := js[string](b, "document.body.innerText + [...document.querySelectorAll('pre')].map(e => e.textContent)"); strings.Contains(said, "\u202e") || !strings.Contains(said, `a\u202eb`) {
		b.Errorf("the page shows %q", said)
	}
	b.shot("turned")
}

// audit audits an example.
func (b *tab) audit() {
	b.Helper()
	b.example("MP with a release and an acquire")
	b.click("#audit")
	b.done()
	if n := js[int](b, `document.querySelectorAll(".barriers tbody tr").length`); n != 2 {
		b.Errorf("%d barriers, want 2", n)
	}
	if said := b.text(".barriers tbody tr td:nth-child(3)"); !strings.HasPrefix(said, "needed") {
		b.Errorf("under lkmm the release is %q", said)
	}
	b.click(".barriers tbody button")
	b.until(`document.querySelector(".shown.now .verdict").textContent.includes("allows")`)
	b.shot("audited")
}

// example chooses one.
func (b *tab) example(title string) {
	b.Helper()
	found := js[bool](b, `(() => {
		const list = document.querySelector("#examples"), option = [...list.options].find(o => o.textContent === `+quote(title)+`);
		if (!option) return false;
		list.value = option.value;
		list.dispatchEvent(new Event("change"));
		return true;
	})()`)
	if !found {
		b.Fatalf("no example %q", title)
	}
}

// cancel ends what would go on for long.
func (b *tab) cancel() {
	b.Helper()
	b.example("CoRR: coherence")
	b.write(long())
	b.click("#check")
	b.until(`/\d executions/.test(document.querySelector("#progress").textContent)`)
	b.shot("running")
	b.click("#cancel")
	b.done()
	if said := b.text("#progress"); said != "cancelled" {
		b.Errorf("after cancel it says %q", said)
	}
	b.example("SB with full barriers")
	b.click("#check")
	b.done()
	if got := b.verdict("lkmm"); got != "fails" {
		b.Errorf("after cancel SB+mbs: %q", got)
	}
}

// link opens the link to a test in another tab.
func (b *tab) link(address string) {
	b.Helper()
	const text = "C linked <b>ü</b>\n\n{ }\n\nP0(int *x)\n{\n\tWRITE_ONCE(*x, 1);\n}\n\nexists (x=1)\n"
	b.write(text)
	b.click("#link")
	b.until(`location.hash.startsWith("#t=")`)
	link := js[string](b, "location.href")
	other := newTab(b.T, 400, 800, true)
	other.open(link)
	got := js[string](other, `[...document.querySelector("#editor").shadowRoot.querySelectorAll(".cm-line")].map(l => l.textContent).join("\n")`)
	if got != strings.TrimSuffix(text, "\n")+"\n" && got != text {
		b.Errorf("the link holds %q", got)
	}
	other.clean(address)
}

// tour visits a question of the review.
func (b *tab) tour() {
	b.Helper()
	b.click("#tour-button")
	b.done()
	b.do(chromedp.SetValue(chromedp.CSS("#stops"), "3"))
	b.run(`document.querySelector("#stops").dispatchEvent(new Event("change"))`)
	b.until(`document.querySelector("#asks").textContent.includes("func and info")`)
	b.until(`document.querySelector(".verdicts tr[data-model=lkmm]")`)
	if got := b.verdict("lkmm"); got != "fails" {
		b.Errorf("Q4, V1 under lkmm: %q", got)
	}
	b.shot("tour")
	b.click("#looks button:last-child")
	b.until(`document.querySelector(".verdicts tr[data-model=lkmm]")`)
	b.done()
}
