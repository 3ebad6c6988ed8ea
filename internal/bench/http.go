package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"crosscall"
	"crosscall/percpu"
)

// httpClients is the number of connections of a sample, each with one request
// at a time: many more than CPUs, as in a real server.
const httpClients = 32

// httpBatch is longer than other batches because a request takes microseconds,
// and because the clients all begin and end with the sample.
const httpBatch = 40 * time.Millisecond

// A valueStore is the state of an HTTP server, as its handlers use it.
type valueStore interface {
	get(ctx context.Context, key string) (string, error)
	set(ctx context.Context, key, value string) error
}

// ownedStore is a map in parts that CPUs own. Handlers are plain goroutines,
// which call the owner of a key with the context of their request.
type ownedStore struct {
	sys    *crosscall.System
	seed   maphash.Seed
	owners []int
	parts  *percpu.Value[map[string]string]
}

func newOwnedStore(sys *crosscall.System) *ownedStore {
	s := &ownedStore{sys: sys, seed: maphash.MakeSeed(), parts: percpu.New[map[string]string](sys)}
	for cpu, part := range s.parts.All() {
		s.owners = append(s.owners, cpu)
		*part = make(map[string]string)
	}
	return s
}

func (s *ownedStore) owner(key string) int {
	return s.owners[maphash.String(s.seed, key)%uint64(len(s.owners))]
}

func (s *ownedStore) get(ctx context.Context, key string) (value string, err error) {
	err = s.sys.Call(ctx, s.owner(key), func(c *crosscall.CPU) { value = (*s.parts.On(c))[key] })
	return value, err
}

func (s *ownedStore) set(ctx context.Context, key, value string) error {
	return s.sys.Call(ctx, s.owner(key), func(c *crosscall.CPU) { (*s.parts.On(c))[key] = value })
}

// lockedStore is one map behind one mutex.
type lockedStore struct {
	mu     sync.Mutex
	values map[string]string
}

func (s *lockedStore) get(_ context.Context, key string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.values[key], nil
}

func (s *lockedStore) set(_ context.Context, key, value string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.values[key] = value
	return nil
}

// serveStore is the handler: GET /key and PUT /key?value.
func serveStore(s valueStore) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := r.URL.Path[1:]
		var value string
		var err error
		if r.Method == http.MethodPut {
			value = r.URL.RawQuery
			err = s.set(r.Context(), key, value)
		} else {
			value, err = s.get(r.Context(), key)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		io.WriteString(w, value)
	})
}

// A meter reads what a measure counts, in nanoseconds.
type meter func() (time.Duration, error)

var started = time.Now()

func wallTime() (time.Duration, error) { return time.Since(started), nil }

// httpServer is a server on the loopback device with its clients, all of them in
// this process. The observation is what the meter says, by request: with
// wallTime the time of all requests over their number.
type httpServer struct {
	meter       meter
	server      *http.Server
	clients     []*httpClient
	awaitSleep  func()
	closeSystem func()
}

// openHTTPCall makes one whose state CPUs own.
func openHTTPCall(m meter) func(*site) (probe, error) {
	return func(s *site) (probe, error) {
		sys, err := openSystem(s, crosscall.Options{})
		if err != nil {
			return nil, err
		}
		p, err := newHTTPServer(m, newOwnedStore(sys.sys))
		if err != nil {
			sys.close()
			return nil, err
		}
		p.awaitSleep, p.closeSystem = sys.awaitSleep, sys.close
		return p, nil
	}
}

// openHTTPMutex makes one whose state is behind a mutex.
func openHTTPMutex(m meter) func(*site) (probe, error) {
	return func(*site) (probe, error) {
		p, err := newHTTPServer(m, &lockedStore{values: make(map[string]string)})
		if err != nil {
			return nil, err
		}
		return p, nil
	}
}

func newHTTPServer(m meter, store valueStore) (*httpServer, error) {
	for _, key := range kvKey() {
		if err := store.set(background, key, kvValue); err != nil {
			return nil, err
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &httpServer{
		meter:       m,
		server:      &http.Server{Handler: serveStore(store)},
		awaitSleep:  func() {},
		closeSystem: func() {},
	}
	go p.server.Serve(l)
	for i := range httpClients {
		c, err := dialHTTP(l.Addr(), i)
		if err != nil {
			p.close()
			return nil, err
		}
		p.clients = append(p.clients, c)
	}
	return p, nil
}

func (p *httpServer) sample(_ context.Context, n int) ([]float64, error) {
	defer p.awaitSleep()
	if err := p.requests(warmup(n)); err != nil {
		return nil, err
	}
	before, err := p.meter()
	if err != nil {
		return nil, err
	}
	if err := p.requests(n); err != nil {
		return nil, err
	}
	after, err := p.meter()
	return mean(max(after-before, 1).Nanoseconds(), n), err
}

// requests makes n requests, as many of each client, all clients at once.
func (p *httpServer) requests(n int) error {
	errs := make([]error, len(p.clients))
	var done sync.WaitGroup
	for i, c := range p.clients {
		share := (n + i) / len(p.clients)
		done.Go(func() { errs[i] = c.requests(share) })
	}
	done.Wait()
	return errors.Join(errs...)
}

func (p *httpServer) close() {
	for _, c := range p.clients {
		c.conn.Close()
	}
	p.server.Close()
	p.closeSystem()
}

// httpClient is a connection that is kept. It writes requests itself, because an
// http.Client takes more time than the server, on both sides.
type httpClient struct {
	conn   net.Conn
	answer *bufio.Reader
	made   int // requests so far
	stride int // to the next key
	buffer []byte
}

func dialHTTP(server net.Addr, nth int) (*httpClient, error) {
	conn, err := net.Dial(server.Network(), server.String())
	if err != nil {
		return nil, err
	}
	return &httpClient{conn: conn, answer: bufio.NewReader(conn), made: nth, stride: 2*nth + 1}, nil
}

// requests makes n requests, one after the other: nine gets, then a set.
func (c *httpClient) requests(n int) error {
	for range n {
		c.made++
		method, query := http.MethodGet, ""
		if c.made%10 == 0 {
			method, query = http.MethodPut, "?"+kvValue
		}
		key := kvKey()[c.made*c.stride%kvKeys]
		c.buffer = fmt.Appendf(c.buffer[:0], "%s /%s%s HTTP/1.1\r\nHost: bench\r\n\r\n", method, key, query)
		if err := c.request(); err != nil {
			return err
		}
	}
	return nil
}

func (c *httpClient) request() error {
	if _, err := c.conn.Write(c.buffer); err != nil {
		return err
	}
	r, err := http.ReadResponse(c.answer, nil)
	if err != nil {
		return err
	}
	value, err := io.ReadAll(r.Body)
	if err == nil && (r.StatusCode != http.StatusOK || string(value) != kvValue) {
		err = fmt.Errorf("the server answered %s: %q", r.Status, value)
	}
	return err
}
