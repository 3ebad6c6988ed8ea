package kvserver

import (
	"context"
	"errors"
	"hash/maphash"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"crosscall/examples/kvserver/internal/resp"
	"crosscall/examples/kvserver/internal/store"

	"github.com/prometheus/client_golang/prometheus"
)

// mutexServer is the usual way in Go: a goroutine for each connection, and a map
// in many parts with a mutex each.
type mutexServer struct {
	env
	listener net.Listener
	seed     maphash.Seed
	shards   [256]mutexShard

	mu       sync.Mutex
	clients  map[*mutexClient]struct{}
	draining bool
	sessions sync.WaitGroup

	accepted, rejected, malformed, commands, in, out atomic.Uint64
}

type mutexShard struct {
	sync.Mutex
	store.Shard
	_ [96]byte
}

func startMutex(c Config) (Server, error) {
	l, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return nil, err
	}
	s := &mutexServer{listener: l, seed: maphash.MakeSeed(), clients: make(map[*mutexClient]struct{})}
	s.env = env{Config: c, engine: "mutex", started: time.Now(), addr: l.Addr(), figures: s.Figures}
	s.sessions.Add(1)
	go s.accept()
	return s, nil
}

func (s *mutexServer) Addr() net.Addr                  { return s.addr }
func (s *mutexServer) Collector() prometheus.Collector { return nil }

func (s *mutexServer) Figures() Figures {
	f := Figures{
		Accepted: s.accepted.Load(), Rejected: s.rejected.Load(), Malformed: s.malformed.Load(),
		Commands: s.commands.Load(), In: s.in.Load(), Out: s.out.Load(),
	}
	s.mu.Lock()
	f.Clients = int64(len(s.clients))
	s.mu.Unlock()
	for i := range s.shards {
		sh := &s.shards[i]
		sh.Lock()
		f.Keys += int64(sh.Len())
		f.Bytes += int64(sh.Bytes())
		sh.Unlock()
	}
	return f
}

func (s *mutexServer) Each(f func(key string, value []byte)) {
	for i := range s.shards {
		s.shards[i].Each(f)
	}
}

func (s *mutexServer) accept() {
	defer s.sessions.Done()
	for {
		conn, err := s.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil { // of that connection, or no descriptor is left
			time.Sleep(5 * time.Millisecond)
			continue
		}
		s.accepted.Add(1)
		if !s.admit(conn) {
			s.rejected.Add(1)
			_, _ = conn.Write(resp.AppendError(nil, tooManyClients))
			_ = conn.Close()
		}
	}
}

const tooManyClients = "ERR max number of clients reached"

func (s *mutexServer) admit(conn net.Conn) bool {
	c := newMutexClient(s, conn)
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.clients) >= s.MaxClients {
		return false
	}
	s.clients[c] = struct{}{}
	if s.draining {
		_ = conn.SetReadDeadline(time.Now().Add(drainRead))
	}
	s.sessions.Add(1)
	go c.serve()
	return true
}

// drainRead is how long a drain reads requests that have already arrived.
const drainRead = 20 * time.Millisecond

// Shutdown implements Server.
func (s *mutexServer) Shutdown(ctx context.Context) error {
	s.mu.Lock()
	s.draining = true
	for c := range s.clients {
		_ = c.conn.SetReadDeadline(time.Now().Add(drainRead))
	}
	s.mu.Unlock()
	_ = s.listener.Close()
	done := make(chan struct{})
	go func() { s.sessions.Wait(); close(done) }()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
	}
	s.mu.Lock()
	for c := range s.clients {
		_ = c.conn.Close()
	}
	s.mu.Unlock()
	<-done
	return ctx.Err()
}

func (s *mutexServer) leave(c *mutexClient) {
	_ = c.conn.Close()
	s.mu.Lock()
	delete(s.clients, c)
	s.mu.Unlock()
	s.sessions.Done()
}

func (s *mutexServer) isDraining() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.draining
}

// timedOut reports whether a read ended because of a drain.
func timedOut(err error) bool { return errors.Is(err, os.ErrDeadlineExceeded) }
