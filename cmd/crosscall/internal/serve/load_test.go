package serve

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

var load = flag.Int("load", 60, "TestLoad makes `N` requests; a hundred clients or fewer")

// Whatever a server has to do, each request gets an answer, or status 503 and the time to come
// again. Some clients go away; the server goes on.
func TestLoad(t *testing.T) {
	s := start(t, "works", func(o *Options) {
		o.Log, o.Wait, o.Queue = func(string, ...any) {}, 2*time.Second, 20
	})
	kinds := []struct {
		body []byte
		want string // part of an answer that is none to be ashamed of
	}{
		{request("sb.litmus", sb, "lkmm", "sc"), `"verdict":"holds"`},
		{request("endless.litmus", endless(), "lkmm"), `"verdict":"incomplete"`},
		{[]byte("{"), "the request is no JSON"},
		{request("a.c", "int int;", "lkmm"), `"line":1`},
	}
	count := map[string]int{}
	var mu sync.Mutex
	next := make(chan int)
	var clients sync.WaitGroup
	for range min(*load, 100) {
		clients.Go(func() {
			for i := range next {
				kind := kinds[i%len(kinds)]
				what, err := ask(t.Context(), s, kind.body, kind.want, i%5 == 4)
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				count[what]++
				mu.Unlock()
			}
		})
	}
	for i := range *load {
		next <- i
	}
	close(next)
	clients.Wait()
	t.Logf("%d requests: %v", *load, count)
	if count["answered"] == 0 || count["refused"] == 0 {
		t.Errorf("%v: want some answered and some refused", count)
	}
	fine(t, s)
}

// ask sends a request, and says what came of it. A client that is impatient may go away.
func ask(ctx context.Context, s *httptest.Server, body []byte, want string, impatient bool) (what string, err error) {
	if impatient {
		limited, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
		defer cancel()
		ctx = limited
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL+"/api", bytes.NewReader(body))
	if err != nil {
		return "wrong", err
	}
	r.Header.Set("Content-Type", "application/json")
	resp, err := s.Client().Do(r)
	var text []byte
	if err == nil {
		defer resp.Body.Close()
		text, err = io.ReadAll(resp.Body)
	}
	switch {
	case err != nil && ctx.Err() != nil:
		return "gone", nil
	case err != nil:
		return "wrong", err
	case resp.StatusCode == http.StatusServiceUnavailable && resp.Header.Get("Retry-After") != "" && saysOverloaded(text):
		return "refused", nil
	case resp.StatusCode == http.StatusOK && strings.Contains(string(text), want):
		return "answered", nil
	case resp.StatusCode == http.StatusOK && strings.Contains(string(text), `"message":"incomplete`):
		return "out of time", nil // the machine is busy: a worker did not even begin
	}
	return "wrong", fmt.Errorf("status %d: %s", resp.StatusCode, text)
}

func saysOverloaded(text []byte) bool {
	var m struct {
		Reply struct{ Error struct{ Message string } }
	}
	return json.Unmarshal(text, &m) == nil && strings.Contains(m.Reply.Error.Message, "try again in some seconds")
}

// TestTooLongInTheQueue: a request that waits longer than Wait gets status 503, as one does that finds the queue full.
func TestTooLongInTheQueue(t *testing.T) {
	t.Parallel()
	s := start(t, "deaf", func(o *Options) {
		o.Concurrent, o.Wait, o.Timeout, o.Log = 1, 200*time.Millisecond, time.Second, t.Logf
	})
	var refused atomic.Bool
	for !refused.Load() { // of two at once one waits, unless it comes late
		var clients sync.WaitGroup
		for range 2 {
			clients.Go(func() {
				what, err := ask(t.Context(), s, request("a.litmus", sb, "sc"), "-", false)
				if err != nil {
					t.Error(err)
				}
				if err != nil || what == "refused" {
					refused.Store(true)
				}
			})
		}
		clients.Wait()
	}
}

// A page of another site that rebinds its own name to this server's address has another host.
func TestOtherHostsAreRefused(t *testing.T) {
	s := start(t, "works", nil)
	for host, want := range map[string]int{
		"localhost": 200, "localhost:8080": 200, "127.0.0.1:8080": 200, "[::1]:8080": 200, "10.0.0.5": 200, "a.localhost": 200, "LOCALHOST.": 200,
		"tests.example": 200, "Tests.Example:443": 200,
		"evil.example": 421, "evil.example:8080": 421, "localhost.evil.example": 421, "127.0.0.1.evil.example": 421, "x": 421,
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			path, kind, want := "/", "", want
			if method == http.MethodPost {
				path, kind = "/api", "application/json"
			}
			r, err := http.NewRequest(method, s.URL+path, bytes.NewReader(request("sb.litmus", sb, "sc")))
			if err != nil {
				t.Fatal(err)
			}
			r.Host = host
			r.Header.Set("Content-Type", kind)
			resp, err := s.Client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode != want {
				t.Errorf("%s for host %s: status %d, want %d", method, host, resp.StatusCode, want)
			}
		}
	}
}

// Files are packed for a client that accepts that, and are the same.
func TestFilesArePacked(t *testing.T) {
	s := start(t, "works", nil)
	get := func(accept, tag string) (*http.Response, []byte) {
		r, err := http.NewRequest(http.MethodGet, s.URL+"/app.js", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept-Encoding", accept)
		r.Header.Set("If-None-Match", tag)
		resp, err := s.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp, text
	}
	plain, text := get("gzip;q=0, br", "")
	packed, short := get("br, GZIP;q=0.5", "")
	if plain.Header.Get("Content-Encoding") != "" || packed.Header.Get("Content-Encoding") != "gzip" || packed.Header.Get("Vary") != "Accept-Encoding" {
		t.Errorf("headers %v and %v", plain.Header, packed.Header)
	}
	z, err := gzip.NewReader(bytes.NewReader(short))
	if err != nil {
		t.Fatal(err)
	}
	if unpacked, err := io.ReadAll(z); err != nil || !bytes.Equal(unpacked, text) || len(short)*2 > len(text) {
		t.Errorf("%d bytes, packed %d, unpacked %d: %v", len(text), len(short), len(unpacked), err)
	}
	if again, rest := get("gzip", packed.Header.Get("ETag")); again.StatusCode != http.StatusNotModified || len(rest) > 0 || plain.Header.Get("ETag") == packed.Header.Get("ETag") {
		t.Errorf("status %d with the tag of what is there", again.StatusCode)
	}
}
