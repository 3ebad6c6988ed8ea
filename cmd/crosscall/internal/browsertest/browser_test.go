package browsertest

import (
	"context"
	"flag"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"crosscall/cmd/crosscall/internal/page"
	"crosscall/cmd/crosscall/internal/serve"
)

var shots = flag.String("shots", "", "write screenshots into `DIR`, to look at")

// workerEnv makes the test binary a worker of the server.
const workerEnv = "CROSSCALL_TEST_WORKER"

const (
	testTimeout = 10 * time.Second // of a request
	testMemory  = 512 << 20
)

func TestMain(m *testing.M) {
	if os.Getenv(workerEnv) != "" {
		l := page.Limits{Timeout: testTimeout, Memory: testMemory, Workers: 1}
		if err := serve.Work(context.Background(), os.Stdin, os.Stdout, l); err != nil {
			os.Exit(1)
		}
		return
	}
	flag.Parse()
	code := m.Run()
	if allocated.stop != nil {
		allocated.stop()
	}
	os.Exit(code)
}

// allocated is the browser that all tests share.
var allocated struct {
	once sync.Once
	ctx  context.Context
	stop func()
}

// chromium finds the browser, or skips the test.
func chromium(t *testing.T) string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("SKIPPED: no chromium is installed")
	return ""
}

// A tab is a page in the browser.
type tab struct {
	*testing.T
	ctx      context.Context
	mu       sync.Mutex
	requests []string // addresses that it asked for
	errors   []string // exceptions, and what breaks the policy
}

// newTab opens an empty tab of a size.
func newTab(t *testing.T, wide, high int64, dark bool) *tab {
	t.Helper()
	path := chromium(t)
	allocated.once.Do(func() {
		options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
			chromedp.Flag("disable-background-networking", true))
		ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
		browser, end := chromedp.NewContext(ctx)
		allocated.ctx, allocated.stop = browser, func() {
			end()
			cancel()
		}
		if err := chromedp.Do(browser); err != nil {
			t.Fatal(err)
		}
	})
	ctx, cancel := chromedp.NewContext(allocated.ctx)
	t.Cleanup(cancel)
	ctx, stop := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(stop)
	b := &tab{T: t, ctx: ctx}
	if err := chromedp.Listen(ctx, b.listen); err != nil {
		t.Fatal(err)
	}
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	b.do(chromedp.EmulateViewport(wide, high))
	call(b, network.Enable, network.EnableParams{})
	call(b, runtime.Enable, cdp.Empty{})
	call(b, cdppage.AddScriptToEvaluateOnNewDocument, cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: watchPolicy})
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
	return b
}

// watchPolicy keeps what a page's Content-Security-Policy refuses. A browser that replaces a
// selection in an editor tries to keep its style, without a script: that is none of the page's.
const watchPolicy = `globalThis.refused = [];
document.addEventListener("securitypolicyviolation", e => {
	if (e.violatedDirective !== "style-src-attr" || e.sourceFile) refused.push(e.violatedDirective + " " + e.blockedURI);
});`

func (b *tab) listen(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, e.Request.URL)
	case *runtime.EventExceptionThrown:
		b.errors = append(b.errors, said(e.ExceptionDetails))
	}
}

// call runs a command of the browser's protocol.
func call[P, R any](b *tab, command cdp.Command[P, R], params P) {
	b.Helper()
	if _, err := chromedp.Call(b.ctx, command, params); err != nil {
		b.Fatal(err)
	}
}

func (b *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.shot("failed")
		b.Fatal(err)
	}
}

// open goes to an address, and waits until the page is ready for clicks.
func (b *tab) open(address string) {
	b.Helper()
	b.do(chromedp.Navigate(address), chromedp.WaitVisible(chromedp.CSS("body[data-ready]")))
}

func (b *tab) click(selector string) {
	b.Helper()
	b.do(chromedp.Click(chromedp.CSS(selector)))
}

// text waits for an element, and returns its text.
func (b *tab) text(selector string) string {
	b.Helper()
	b.until("document.querySelector(" + quote(selector) + ")")
	return js[string](b, "document.querySelector("+quote(selector)+").textContent")
}

// js returns the value of an expression, or of its promise.
func js[T any](b *tab, expression string) T {
	b.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.shot("failed")
		b.Fatalf("%s: %v", expression, err)
	}
	return v
}

// until waits until an expression is true.
func (b *tab) until(expression string) {
	b.Helper()
	wait := chromedp.Poll[chromedp.Void]("Boolean("+expression+")", chromedp.WithPollingTimeout(30*time.Second), chromedp.WithPollingInterval(50*time.Millisecond))
	if err := chromedp.Do(b.ctx, wait); err != nil {
		b.shot("failed")
		problem := js[string](b, `document.querySelector("#problem")?.textContent || ""`)
		b.Fatalf("%s: %v; the page says %q", expression, err, problem)
	}
}

// run runs a statement.
func (b *tab) run(statement string) {
	b.Helper()
	b.do(chromedp.Evaluate[chromedp.Void](statement))
}

// write puts a text into the editor as a person does: it is written over what is there.
func (b *tab) write(text string) {
	b.Helper()
	b.run(`document.querySelector("#editor").shadowRoot.querySelector(".cm-content").focus()`)
	b.replace(text)
}

// replace writes over all that is in the editor that has the focus.
func (b *tab) replace(text string) {
	b.Helper()
	b.do(chromedp.KeyEvent("a", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	call(b, input.InsertText, input.InsertTextParams{Text: text})
}

// done waits for the end of a request.
func (b *tab) done() {
	b.Helper()
	b.until(`document.querySelector("#cancel").hidden`)
}

// clean fails if the page has thrown an exception, or asked for what is not at address.
func (b *tab) clean(address string) {
	b.Helper()
	if refused := js[string](b, `refused.join("; ")`); refused != "" {
		b.Errorf("the policy refuses %s", refused)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range b.errors {
		b.Errorf("the page: %s", e)
	}
	for _, r := range b.requests {
		if !strings.HasPrefix(r, address) && !strings.HasPrefix(r, "data:") && !strings.HasPrefix(r, "blob:") && r != "about:blank" {
			b.Errorf("the page asks for %s", r)
		}
	}
}

// shot writes a screenshot, if they are asked for.
func (b *tab) shot(name string) {
	b.Helper()
	if *shots == "" {
		return
	}
	png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.Log(err)
		return
	}
	if err := os.WriteFile(filepath.Join(*shots, strings.ReplaceAll(b.Name(), "/", "-")+"-"+name+".png"), png, 0o666); err != nil {
		b.Error(err)
	}
}

func quote(s string) string { return `"` + strings.ReplaceAll(s, `"`, `\"`) + `"` }

// served starts a server, and returns its address.
func served(t *testing.T) string {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() {
		ended <- serve.Run(ctx, l, serve.Options{
			Timeout: testTimeout, Memory: testMemory, Concurrent: 2, Queue: 8, Wait: time.Minute, Version: "test",
			Worker: func(page.Limits) *exec.Cmd {
				worker := exec.Command(program)
				worker.Dir, worker.Env = dir, append(os.Environ(), workerEnv+"=1")
				return worker
			},
			Log: func(format string, args ...any) {},
		})
	}()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return "http://" + l.Addr().String() + "/"
}

// fileURL is the address of a file.
func fileURL(path string) string { return (&url.URL{Scheme: "file", Path: path}).String() }

// said words an exception.
func said(e *runtime.ExceptionDetails) string {
	if e.Exception != nil && e.Exception.Description != "" {
		return e.Exception.Description
	}
	return e.Text
}
