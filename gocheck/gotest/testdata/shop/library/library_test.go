// Package library has tests whose goroutines give values to the standard library while
// others use them.
package library

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/gob"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"io"
	"log/slog"
	"math/big"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"regexp"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"text/template"
)

// pair runs f and g in two goroutines.
func pair(f, g func()) {
	var wg sync.WaitGroup
	wg.Go(f)
	wg.Go(g)
	wg.Wait()
}

type order struct {
	ID    int
	Names []string
}

func TestRacedMarshal(t *testing.T) {
	o := &order{}
	pair(func() { json.Marshal(o) }, func() { o.ID = 1 })
}

func TestRacedMarshalMap(t *testing.T) {
	m := map[string]int{"a": 1}
	pair(func() { m["b"] = 1 }, func() { json.Marshal(m) })
}

func TestRacedUnmarshal(t *testing.T) {
	o := &order{}
	pair(func() { json.Unmarshal([]byte(`{"ID":1}`), o) }, func() { _ = o.ID })
}

func TestRacedUnmarshalBytes(t *testing.T) {
	b := []byte("{}")
	pair(func() { json.Unmarshal(b, new(order)) }, func() { b[0] = ' ' })
}

func TestRacedGob(t *testing.T) {
	o := &order{ID: 1}
	pair(func() { o.ID = 2 }, func() { gob.NewEncoder(io.Discard).Encode(o) })
}

func TestRacedSprint(t *testing.T) {
	o := &order{}
	pair(func() { o.ID = 1 }, func() { _ = fmt.Sprint(o) })
}

func TestRacedSprintBytes(t *testing.T) {
	b := []byte("abc")
	pair(func() { _ = fmt.Sprintf("%s", b) }, func() { b[0] = 'x' })
}

// Printing an atomic variable reads it as it is.
func TestRacedSprintAtomic(t *testing.T) {
	var o struct{ n atomic.Int64 }
	pair(func() { o.n.Add(1) }, func() { _ = fmt.Sprintf("%v", &o) })
}

func TestRacedSprintAtomicFirst(t *testing.T) {
	var o struct{ n atomic.Int64 }
	pair(func() { _ = fmt.Sprintf("%v", &o) }, func() { o.n.Add(1) })
}

func TestRacedLog(t *testing.T) {
	o := &order{}
	pair(func() { t.Logf("%+v", o) }, func() { o.Names = nil })
}

func TestRacedHandler(t *testing.T) {
	var b bytes.Buffer
	l := slog.New(slog.NewTextHandler(&b, nil))
	pair(func() { l.Info("a") }, func() { _ = b.Len() })
}

func TestRacedTemplate(t *testing.T) {
	o := &order{}
	tm := template.Must(template.New("").Parse("{{.ID}}"))
	pair(func() { tm.Execute(io.Discard, o) }, func() { o.ID = 1 })
}

func TestRacedDeepEqual(t *testing.T) {
	o := &order{}
	pair(func() { reflect.DeepEqual(o, &order{}) }, func() { o.ID = 1 })
}

func TestRacedSwapper(t *testing.T) {
	s := []int{2, 1}
	pair(func() { sort.Slice(s, func(i, j int) bool { return i > j }) }, func() { _ = s[0] })
}

func TestRacedAs(t *testing.T) {
	var target *os.PathError
	pair(func() { errors.As(&os.PathError{}, &target) }, func() { _ = target })
}

func TestRacedHeader(t *testing.T) {
	h := http.Header{}
	pair(func() { h.Set("a", "1") }, func() { h.Get("a") })
}

func TestRacedValues(t *testing.T) {
	v := url.Values{}
	pair(func() { v.Add("a", "1") }, func() { v.Encode() })
}

func TestRacedImage(t *testing.T) {
	m := image.NewRGBA(image.Rect(0, 0, 1, 1))
	pair(func() { m.Set(0, 0, color.Black) }, func() { m.At(0, 0) })
}

func TestRacedHash(t *testing.T) {
	h := sha256.New()
	pair(func() { h.Write([]byte("a")) }, func() { h.Write([]byte("b")) })
}

func TestRacedBase64(t *testing.T) {
	b := []byte("abc")
	pair(func() { base64.StdEncoding.EncodeToString(b) }, func() { b[1] = 'x' })
}

// Two goroutines that share only what the standard library guards by itself (tables, pools and
// locks) do not race.

var (
	quotes  = strings.NewReplacer("a", "bb", "c", "d")
	letters = regexp.MustCompile(`a+(b|c)*`)
	report  = template.Must(template.New("").Parse("{{.ID}} {{range .Names}}{{.}}{{end}}"))
)

func TestRightUnshared(t *testing.T) {
	use := func() {
		o := order{1, []string{"a"}}
		b, _ := json.Marshal(&o)
		if json.Unmarshal(b, &o); fmt.Sprint(o) != "{1 [a]}" {
			t.Error(o)
		}
		var s strings.Builder
		if report.Execute(&s, o); s.String() != "1 a" || quotes.Replace("ac") != "bbd" || letters.FindString("xabd") != "ab" {
			t.Error(s.String())
		}
		var buf bytes.Buffer
		if gob.NewEncoder(&buf).Encode(o); gob.NewDecoder(&buf).Decode(&o) != nil {
			t.Error("gob")
		}
		x := new(big.Int).Exp(big.NewInt(3), big.NewInt(100), nil)
		if r, _ := http.NewRequest("GET", "/a?b=c", nil); r.FormValue("b") != "c" || !strings.HasPrefix(x.String(), "5153775") {
			t.Error(r.URL, x)
		}
	}
	pair(use, use)
}

func TestRightLocked(t *testing.T) {
	var mu sync.Mutex
	o := &order{}
	pair(func() { mu.Lock(); defer mu.Unlock(); o.ID++ }, func() { mu.Lock(); defer mu.Unlock(); json.Marshal(o) })
}

func TestRightReadOnly(t *testing.T) {
	o := &order{1, []string{"a"}}
	pair(func() { json.Marshal(o) }, func() { _ = fmt.Sprint(o.Names) })
}

func TestRightHandler(t *testing.T) {
	var b bytes.Buffer
	l := slog.New(slog.NewTextHandler(&b, nil))
	pair(func() { l.Info("a") }, func() { l.Info("b") })
	if bytes.Count(b.Bytes(), []byte("\n")) != 2 {
		t.Error(b.String())
	}
}

// The library's goroutine-local groups come from a pool, and are given to the program.
func TestRightReplaceAttr(t *testing.T) {
	o := &slog.HandlerOptions{ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
		if len(groups) > 0 && groups[0] != "g" {
			t.Error(groups)
		}
		return a
	}}
	use := func() { slog.New(slog.NewTextHandler(io.Discard, o)).WithGroup("g").Info("a", slog.Group("h", "k", 1)) }
	pair(use, use)
}

// A writer has steps within, and is called with the lock of a handler or an encoder held.
type writer struct {
	mu    sync.Mutex
	lines []string
}

func (w *writer) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lines = append(w.lines, string(p))
	return len(p), nil
}

func TestRightHandlerWithSteps(t *testing.T) {
	var w writer
	l := slog.New(slog.NewJSONHandler(&w, nil))
	pair(func() { l.Info("a") }, func() { l.Info("b") })
	if len(w.lines) != 2 {
		t.Error(w.lines)
	}
}

func TestRightEncoderWithSteps(t *testing.T) {
	var w writer
	e := gob.NewEncoder(&w)
	pair(func() { e.Encode(1) }, func() { e.Encode(2) })
}

// The handler's lock is the only one that orders these.
type plainWriter struct{ n int }

func (w *plainWriter) Write(p []byte) (int, error) { w.n++; return len(p), nil }

func TestRightPlainWriter(t *testing.T) {
	w := &plainWriter{}
	l := slog.New(slog.NewTextHandler(w, nil))
	pair(func() { l.Info("a") }, func() { l.With("k", 1).Info("b") })
	if w.n != 2 {
		t.Error(w.n)
	}
}

func TestWrongOrderOfLines(t *testing.T) {
	w := &writer{}
	l := slog.New(slog.NewTextHandler(w, nil))
	pair(func() { l.Info("a") }, func() { l.With("k", 1).Info("b") })
	if strings.Contains(w.lines[0], "msg=b") {
		t.Error("the second goroutine was first")
	}
}
