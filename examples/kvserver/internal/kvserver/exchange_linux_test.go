package kvserver

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"crosscall"
	"crosscall/examples/kvserver/internal/store"
)

// twoOwners starts a server of two executors and returns a client of the first's,
// and a key of the second's.
func twoOwners(t *testing.T) (s *ownersServer, p *peer, key string) {
	s = start(t, "owners", Config{Addr: "127.0.0.1:0", Spin: -1, Executors: 2, Virtual: true}).(*ownersServer)
	p = dialFirst(t, s)
	for i := range 100 {
		if key = fmt.Sprint("key", i); s.workers[0].owner([]byte(key)) == 1 {
			break
		}
	}
	return s, p, key
}

// dialFirst returns a client of the first executor. The kernel chooses: the others
// stay connected.
func dialFirst(t *testing.T, s *ownersServer) (p *peer) {
	before := s.Figures().CPUs[0].Clients
	for range 100 {
		p = dialServer(t, s)
		p.want("+PONG\r\n", "PING")
		if s.Figures().CPUs[0].Clients > before {
			return p
		}
	}
	t.Fatal("the first executor gets no connection")
	return nil
}

// on runs f on a CPU.
func on(t *testing.T, s *ownersServer, cpu int, f func(c *crosscall.CPU)) {
	t.Helper()
	must(t, s.sys.Call(context.Background(), cpu, f))
}

// If an owner has no room for messages, operations for it wait, in their order,
// and the home continues with other commands.
func TestNoRoomAtTheOwner(t *testing.T) {
	s, p, key := twoOwners(t)
	other := dialFirst(t, s)
	held, release := make(chan struct{}), make(chan struct{})
	must(t, s.sys.Post(1, func(*crosscall.CPU) { close(held); <-release }))
	<-held
	on(t, s, 0, func(c *crosscall.CPU) {
		for c.TryPost(1, func(*crosscall.CPU) {}) == nil {
		}
	})
	const n = 300
	p.send(strings.Repeat(encode("INCR", key), n))
	for s.Figures().CPUs[0].Full < 3 { // it is tried again and again
		time.Sleep(time.Millisecond)
	}
	other.want("+PONG\r\n", "PING")
	p.send(strings.Repeat(encode("INCR", key), n))
	close(release)
	for i := range 2 * n {
		if got, want := p.reply(), fmt.Sprintf(":%d\r\n", i+1); got != want {
			t.Fatalf("%q, want %q", got, want)
		}
	}
}

// If an owner cannot do operations, only their clients lose their connections.
func TestOwnerFails(t *testing.T) {
	s, p, key := twoOwners(t)
	on(t, s, 0, func(c *crosscall.CPU) {
		x := s.workers[0].peers[1]
		for k := range s.workers[0].clients { // there is one
			k.one(store.Get, []byte(key), nil)
		}
		if x.next() {
			x.current.deliver(c, errors.New("for the test"))
		}
	})
	if got := p.rest(); got != "" {
		t.Errorf("%q", got)
	}
	other := dialServer(t, s)
	other.want("+OK\r\n", "SET", key, "v")
	other.want("$1\r\nv\r\n", "GET", key)
}
