// Package buffers has tests whose goroutines share values of the standard library.
package buffers

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"log/slog"
	"maps"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
)

// twice runs f in two goroutines.
func twice(f func()) {
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(f)
	}
	wg.Wait()
}

func TestWrongBuffer(t *testing.T) {
	var b bytes.Buffer
	twice(func() { b.WriteString("x") })
}

func TestWrongFprint(t *testing.T) {
	var b bytes.Buffer
	twice(func() { fmt.Fprint(&b, 1) })
}

func TestWrongIOCopy(t *testing.T) {
	var b bytes.Buffer
	twice(func() { io.Copy(&b, strings.NewReader("abc")) })
}

func TestWrongBuilder(t *testing.T) {
	var b strings.Builder
	twice(func() { b.WriteByte('x') })
}

func TestWrongReader(t *testing.T) {
	r := strings.NewReader("abc")
	twice(func() { r.ReadByte() })
}

func TestWrongWriter(t *testing.T) {
	w := bufio.NewWriter(io.Discard)
	twice(func() { w.WriteByte('x') })
}

func TestWrongScanner(t *testing.T) {
	s := bufio.NewScanner(strings.NewReader("a\nb"))
	twice(func() { s.Scan() })
}

func TestWrongClone(t *testing.T) {
	m := map[string]int{}
	done := make(chan bool)
	go func() {
		maps.Clone(m)
		close(done)
	}()
	m["a"] = 1
	<-done
}

func TestRightBuffer(t *testing.T) {
	var b bytes.Buffer
	var mu sync.Mutex
	twice(func() {
		mu.Lock()
		defer mu.Unlock()
		fmt.Fprint(&b, 1)
	})
	if b.String() != "11" {
		t.Error(b.String())
	}
}

func TestRightLogs(t *testing.T) {
	var b bytes.Buffer
	l, s := log.New(&b, "", 0), slog.New(slog.NewJSONHandler(io.Discard, nil))
	twice(func() {
		l.Print("x")
		s.Info("x")
	})
	if b.String() != "x\nx\n" {
		t.Error(b.String())
	}
}

// The Replacer prepares itself under a Once that is not explored.
func TestRightReplacer(t *testing.T) {
	r := strings.NewReplacer("a", "b")
	twice(func() {
		if r.Replace("aa") != "bb" {
			t.Error("not replaced")
		}
	})
}

// Package json takes its buffers from a Pool that is not explored.
func TestRightOwn(t *testing.T) {
	twice(func() {
		var b bytes.Buffer
		json.NewEncoder(&b).Encode([]int{1})
		w := tabwriter.NewWriter(&b, 0, 8, 1, ' ', 0)
		fmt.Fprintln(w, "a\tb")
		w.Flush()
		if b.String() != "[1]\na b\n" {
			t.Errorf("%q", b.String())
		}
	})
}
