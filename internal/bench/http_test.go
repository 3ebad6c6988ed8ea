package bench

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"crosscall"
)

// Both stores answer the same requests in the same way.
func TestHTTPStores(t *testing.T) {
	sys, err := crosscall.Open(crosscall.Options{CPUs: usable(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer sys.Close()
	for name, store := range map[string]valueStore{
		"owned":  newOwnedStore(sys),
		"locked": &lockedStore{values: make(map[string]string)},
	} {
		h := serveStore(store)
		ask := func(method, target, want string) {
			t.Helper()
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, target, nil))
			if w.Code != http.StatusOK || w.Body.String() != want {
				t.Errorf("%s: %s %s: %d %q, want %q", name, method, target, w.Code, w.Body, want)
			}
		}
		ask(http.MethodGet, "/a", "")
		ask(http.MethodPut, "/a?1", "1")
		ask(http.MethodPut, "/b?2", "2")
		ask(http.MethodGet, "/a", "1")
		ask(http.MethodGet, "/b", "2")
	}
}

// A sample makes the requested number of requests, of all clients together, and
// every request reaches the store.
func TestHTTPServerCountsRequests(t *testing.T) {
	store := &countingStore{lockedStore: lockedStore{values: make(map[string]string)}}
	p, err := newHTTPServer(wallTime, store)
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	store.uses = 0 // it has been filled
	for _, n := range []int{1, httpClients, 1000} {
		before := store.uses
		if err := p.requests(n); err != nil {
			t.Fatal(err)
		}
		if got := store.uses - before; got != n {
			t.Errorf("%d requests of %d", got, n)
		}
	}
}

type countingStore struct {
	lockedStore
	uses int
}

func (s *countingStore) get(ctx context.Context, key string) (string, error) {
	s.count()
	return s.lockedStore.get(ctx, key)
}

func (s *countingStore) set(ctx context.Context, key, value string) error {
	s.count()
	return s.lockedStore.set(ctx, key, value)
}

func (s *countingStore) count() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.uses++
}

// A wrong answer is an error, not a fast request.
func TestHTTPClientChecksTheAnswer(t *testing.T) {
	s := httptest.NewServer(http.NotFoundHandler())
	defer s.Close()
	c, err := dialHTTP(s.Listener.Addr(), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer c.conn.Close()
	if err := c.requests(1); err == nil || !strings.Contains(err.Error(), "404") {
		t.Errorf("error %v, want one that names 404", err)
	}
}
