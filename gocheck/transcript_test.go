package gocheck_test

import (
	"bytes"
	"path/filepath"
	"testing"

	"crosscall/gocheck"
	"crosscall/gocheck/atomic"
	"crosscall/gocheck/sync"
	"crosscall/internal/golden"
)

// The output, as documents.
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
			golden.Compare(t, filepath.Join("testdata", name+".txt"), f.String())
			var b bytes.Buffer
			if err := f.SVG(&b, name); err != nil {
				t.Fatal(err)
			}
			golden.Compare(t, filepath.Join("testdata", name+".svg"), b.String())
		})
	}
}
