package kvserver

import (
	"context"
	"fmt"
	"hash/maphash"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"crosscall"
	"crosscall/cpumask"
	"crosscall/metrics"

	"github.com/prometheus/client_golang/prometheus"
)

// ownersServer has a worker on each CPU of its System.
type ownersServer struct {
	env
	sys     *crosscall.System
	seed    maphash.Seed
	workers []*worker
	clients atomic.Int64
	busy    sync.WaitGroup // workers that have not drained
	down    sync.Once
}

func startOwners(c Config) (Server, error) {
	sys, err := openSystem(c)
	if err != nil {
		return nil, err
	}
	s := &ownersServer{sys: sys, seed: maphash.MakeSeed()}
	s.env = env{Config: c, engine: "owners", started: time.Now(), figures: s.Figures}
	if err := s.start(); err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

func openSystem(c Config) (*crosscall.System, error) {
	o := crosscall.Options{Spin: c.Spin, KeepSlot: keepSlot, Virtual: c.Virtual}
	if c.Virtual {
		o.CPUs = cpumask.Range(0, c.Executors-1)
		return crosscall.Open(o)
	}
	sys, err := crosscall.Open(o)
	if err != nil || c.Executors == 0 || c.Executors >= possible(sys).Weight() {
		return sys, err
	}
	for cpu := range possible(sys).All() {
		if o.CPUs.Weight() < c.Executors {
			o.CPUs.Set(cpu)
		}
	}
	if err := sys.Close(); err != nil {
		return nil, err
	}
	return crosscall.Open(o)
}

// keepSlot is longer than an executor sleeps while there is work.
const keepSlot = 2 * time.Millisecond

func possible(sys *crosscall.System) *cpumask.Mask {
	m := sys.PossibleMask()
	return &m
}

// start makes the workers, and then lets them accept.
func (s *ownersServer) start() error {
	for cpu := range possible(s.sys).All() {
		s.workers = append(s.workers, newWorker(s, len(s.workers), cpu))
	}
	for _, home := range s.workers {
		home.peers = make([]*exchange, len(s.workers))
		for i, owner := range s.workers {
			if owner != home {
				home.peers[i] = newExchange(home, owner)
			}
		}
	}
	if err := s.listen(); err != nil {
		return err
	}
	for _, w := range s.workers {
		var failed error
		err := s.sys.Call(context.Background(), w.cpu, func(c *crosscall.CPU) {
			w.listenerWatch, failed = c.Watch(w.listener, crosscall.Readable, func(c *crosscall.CPU, _ crosscall.Events) {
				w.accept(c)
			})
		})
		if err == nil {
			err = failed
		}
		if err != nil {
			return fmt.Errorf("kvserver: watch the listener of CPU %d: %w", w.cpu, err)
		}
		s.busy.Add(1)
	}
	return nil
}

// listen opens a listening socket for each worker, all on one port: the kernel
// spreads connections over them by a hash of their addresses.
func (s *ownersServer) listen() error {
	addr, err := net.ResolveTCPAddr("tcp", s.Config.Addr)
	if err != nil {
		return err
	}
	for _, w := range s.workers {
		if w.listener, addr.Port, err = listenTCP(addr); err != nil {
			return fmt.Errorf("kvserver: listen on %v: %w", addr, err)
		}
	}
	s.addr = addr
	for _, w := range s.workers {
		w.addr = addr
	}
	return nil
}

func (s *ownersServer) Addr() net.Addr                  { return s.addr }
func (s *ownersServer) Collector() prometheus.Collector { return metrics.NewCollector(s.sys) }

func (s *ownersServer) Figures() (f Figures) {
	for _, w := range s.workers {
		f.add(w.cpu, &w.counters)
	}
	return f
}

func (s *ownersServer) Each(f func(key string, value []byte)) {
	for _, w := range s.workers {
		w.shard.Each(f)
	}
}

// Shutdown implements Server.
func (s *ownersServer) Shutdown(ctx context.Context) (err error) {
	s.down.Do(func() { err = s.shutdown(ctx) })
	return err
}

func (s *ownersServer) shutdown(ctx context.Context) (err error) {
	s.onAll((*worker).drain)
	done := make(chan struct{})
	go func() { s.busy.Wait(); close(done) }()
	select {
	case <-done:
	case <-ctx.Done():
		err = ctx.Err()
		s.onAll((*worker).closeAll)
		<-done
	}
	if closed := s.sys.Close(); err == nil {
		err = closed
	}
	return err
}

// onAll runs f with each worker, and does not wait.
func (s *ownersServer) onAll(f func(*worker, *crosscall.CPU)) {
	for _, w := range s.workers {
		_ = s.sys.Post(w.cpu, func(c *crosscall.CPU) { f(w, c) })
	}
}

// stop ends a server that could not start.
func (s *ownersServer) stop() {
	_ = s.sys.CallEvery(context.Background(), func(c *crosscall.CPU) {
		for _, w := range s.workers {
			if w.cpu == c.ID() && w.listenerWatch != nil {
				_ = w.listenerWatch.Close()
			}
		}
	})
	_ = s.sys.Close()
	for _, w := range s.workers {
		closeSocket(w.listener)
	}
}
