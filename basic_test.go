package crosscall

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"crosscall/cpumask"
)

func TestScratch(t *testing.T) {
	s, err := Open(Options{CPUs: cpumask.Range(0, 3), Virtual: true})
	if err != nil { t.Fatal(err) }
	ctx := context.Background()
	var n atomic.Int64
	for i := 0; i < 100; i++ {
		if err := s.Call(ctx, i%4, func(c *CPU) { n.Add(1); if c.ID() != i%4 { t.Error("id") } 
			if err := c.Call(ctx, (i+1)%4, func(d *CPU) { n.Add(1); d.Call(ctx, c.ID(), func(*CPU){ n.Add(1)}) }); err != nil { t.Error(err) } }); err != nil { t.Fatal(err) }
	}
	if n.Load() != 300 { t.Fatal(n.Load()) }
	if err := s.CallEvery(ctx, func(c *CPU) { n.Add(1) }); err != nil { t.Fatal(err) }
	if n.Load() != 304 { t.Fatal(n.Load()) }
	if err := s.Fence(ctx); err != nil { t.Fatal(err) }
	if err := s.Stop(ctx, func(c *CPU) { n.Add(1) }); err != nil { t.Fatal(err) }
	if err := s.Call(ctx, 1, func(*CPU) { panic("x") }); err == nil { t.Fatal() } else { t.Log(err) }
	if err := s.Offline(ctx, 2); err != nil { t.Fatal(err) }
	if err := s.Call(ctx, 2, func(*CPU) { panic("x") }); err == nil { t.Fatal() } else { t.Log(err) }
	if err := s.Online(ctx, 2); err != nil { t.Fatal(err) }
	t.Log(s.Stats())
	if err := s.Close(); err != nil { t.Fatal(err) }
	if err := s.Call(ctx, 2, func(*CPU) { panic("x") }); err != ErrClosed { t.Fatal(err) }
}

func BenchmarkCallAwake(b *testing.B) {
	s, err := Open(Options{CPUs: cpumask.Range(0, 1)})
	if err != nil { b.Fatal(err) }
	defer s.Close()
	ctx := context.Background()
	b.ReportAllocs()
	s.Call(ctx, 0, func(c *CPU) {
		for i := 0; i < b.N; i++ { c.Call(ctx, 1, func(*CPU) {}) }
	})
}
func BenchmarkPing(b *testing.B) {
	s, err := Open(Options{CPUs: cpumask.Range(0, 1)})
	if err != nil { b.Fatal(err) }
	defer s.Close()
	ctx := context.Background()
	var w struct { _ [64]byte; w atomic.Uint32; _ [64]byte }
	s.Post(1, func(*CPU) { for i := 0; i < b.N; i++ { for w.w.Load() != 1 {}; w.w.Store(0) } })
	b.ResetTimer()
	s.Call(ctx, 0, func(c *CPU) {
		for i := 0; i < b.N; i++ { w.w.Store(1); for w.w.Load() != 0 {} }
	})
}
func BenchmarkPost(b *testing.B) {
	s, err := Open(Options{CPUs: cpumask.Range(0, 1)})
	if err != nil { b.Fatal(err) }
	defer s.Close()
	ctx := context.Background()
	b.ReportAllocs()
	s.Call(ctx, 0, func(c *CPU) {
		for i := 0; i < b.N; i++ { c.Post(1, func(*CPU) {}) }
		c.Call(ctx, 1, func(*CPU) {})
	})
}
func BenchmarkGoroutineCall(b *testing.B) {
	s, err := Open(Options{CPUs: cpumask.Range(0, 1)})
	if err != nil { b.Fatal(err) }
	defer s.Close()
	ctx := context.Background()
	b.ReportAllocs()
	for i := 0; i < b.N; i++ { s.Call(ctx, 1, func(*CPU) {}) }
}
func BenchmarkGoroutinePost(b *testing.B) {
	s, err := Open(Options{CPUs: cpumask.Range(0, 1)})
	if err != nil { b.Fatal(err) }
	defer s.Close()
	ctx := context.Background()
	b.ReportAllocs()
	for i := 0; i < b.N; i++ { s.Post(1, func(*CPU) {}) }
	s.Call(ctx, 1, func(*CPU) {})
}
func BenchmarkAsleep(b *testing.B) {
	s, err := Open(Options{CPUs: cpumask.Range(0, 1)})
	if err != nil { b.Fatal(err) }
	defer s.Close()
	ctx := context.Background()
	b.ReportAllocs()
	var tot time.Duration
	s.Call(ctx, 0, func(c *CPU) {
		for i := 0; i < b.N; i++ { for t := time.Now(); time.Since(t) < 200*time.Microsecond; {}; t := time.Now(); c.Call(ctx, 1, func(*CPU) {}); tot += time.Since(t) }
	})
	b.ReportMetric(float64(tot)/float64(b.N), "ns/call")
}
