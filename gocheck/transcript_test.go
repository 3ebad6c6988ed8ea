package gocheck_test

import (
	"path/filepath"
	"regexp"
	"testing"

	"crosscall/gocheck"
	"crosscall/gocheck/atomic"
	"crosscall/gocheck/sync"
	"crosscall/internal/golden"
	"crosscall/memmodel/render"
)

// What is printed, as documents.
var transcripts = map[string]func(*gocheck.T){
	"race": func(t *gocheck.T) {
		var ready atomic.Bool
		var v gocheck.Var[int]
		t.Name(&ready, "ready")
		t.Go(func() {
			ready.Store(true)
			v.Set(1)
		})
		for !ready.Load() {
			gocheck.Spin()
		}
		v.Get()
	},
	"deadlock": func(t *gocheck.T) {
		var a, b sync.Mutex
		var wg sync.WaitGroup
		t.Name(&a, "a")
		t.Name(&b, "b")
		wg.Go(func() { both(&a, &b) })
		wg.Go(func() { both(&b, &a) })
		wg.Wait()
	},
	"update": lostUpdate,
}

func lostUpdate(t *gocheck.T) {
	var n atomic.Int32
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { n.Store(n.Load() + 1) })
	}
	wg.Wait()
	if n.Load() != 2 {
		t.Errorf("n = %d", n.Load())
	}
}

func both(a, b *sync.Mutex) {
	a.Lock()
	defer a.Unlock()
	b.Lock()
	defer b.Unlock()
}

func TestTranscripts(t *testing.T) {
	for name, body := range transcripts {
		t.Run(name, func(t *testing.T) {
			f := explore(t, gocheck.Options{}, body).Failure
			if f == nil {
				t.Fatal("it does not fail")
			}
			var b textBuffer
			b.add(f.String())
			if err := render.Text(&b, f.Execution(name), render.TextOptions{Width: 100}); err != nil {
				t.Fatal(err)
			}
			golden.Compare(t, filepath.Join("testdata", name+".txt"), b.String())
		})
	}
}

// textBuffer leaves out what differs from place to place: folders and lines.
type textBuffer struct{ text []byte }

func (b *textBuffer) Write(p []byte) (int, error) {
	b.text = append(b.text, p...)
	return len(p), nil
}

func (b *textBuffer) add(s string) { b.text = append(b.text, s+"\n"...) }

var folders = regexp.MustCompile(`/[^ ]*/`)

func (b *textBuffer) String() string { return string(folders.ReplaceAll(b.text, nil)) }
