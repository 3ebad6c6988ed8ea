//go:build linux

package crosscall

import (
	"net"
	"os"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

const awakeCalls = 100

// medians are times that are reported by quantiles: the mean depends on other
// users of the machine.
type medians []time.Duration

func (m medians) report(b *testing.B, calls int) {
	slices.Sort(m)
	per := func(i int) float64 { return float64(m[i]) / float64(calls) }
	b.ReportMetric(per(len(m)/2), "median-ns")
	b.ReportMetric(per(len(m)/10), "p10-ns")
	b.ReportMetric(0, "ns/op") // it would include the waits between
}

// BenchmarkWake is a call to a CPU that is asleep, in a futex and in epoll. The
// wait until it is asleep is not included.
func BenchmarkWake(b *testing.B) {
	for _, in := range []string{"futex", "epoll"} {
		b.Run(in, func(b *testing.B) {
			s := open(b, Options{CPUs: usable(b)})
			to := last(s)
			if in == "epoll" {
				here, _ := pair(b)
				watchOn(b, s, to, here, Readable, func(*CPU, Events) {})
			}
			var m medians
			on(b, s, first(s), func(c *CPU) {
				for b.Loop() {
					for !s.cpus[to].tally.asleep.Load() {
						time.Sleep(10 * time.Microsecond)
					}
					start := time.Now()
					_ = c.Call(ctx, to, nop)
					m = append(m, time.Since(start))
				}
			})
			m.report(b, 1)
		})
	}
}

// BenchmarkAwake is a call to a CPU that is awake: with nothing else to wait for,
// with a timer and with a descriptor.
func BenchmarkAwake(b *testing.B) {
	for _, with := range []string{"calls alone", "timer", "descriptor"} {
		b.Run(with, func(b *testing.B) {
			s := open(b, Options{CPUs: usable(b)})
			to := last(s)
			var m medians
			switch with {
			case "timer":
				on(b, s, to, func(c *CPU) { c.AfterFunc(time.Hour, nop) })
			case "descriptor":
				here, _ := pair(b)
				watchOn(b, s, to, here, Readable, func(*CPU, Events) {})
			}
			on(b, s, first(s), func(c *CPU) {
				for b.Loop() {
					start := time.Now()
					for range awakeCalls {
						_ = c.Call(ctx, to, nop)
					}
					m = append(m, time.Since(start))
				}
			})
			m.report(b, awakeCalls)
		})
	}
}

// BenchmarkEcho is one byte over TCP and back: answered by a watch, and by a
// goroutine. The client is a plain blocking thread, the same for both.
func BenchmarkEcho(b *testing.B) {
	for name, spin := range map[string]time.Duration{"watch": 0, "watch,no spin": -1} {
		b.Run(name, func(b *testing.B) {
			s := open(b, Options{CPUs: usable(b), Spin: spin})
			client, server := tcp(b)
			f, err := server.File() // a duplicate; only that is used
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { _ = f.Close() })
			fd := int(f.Fd())
			if err := unix.SetNonblock(fd, true); err != nil {
				b.Fatal(err)
			}
			var buf [64]byte
			watchOn(b, s, last(s), fd, Readable, func(*CPU, Events) {
				if n, err := unix.Read(fd, buf[:]); n > 0 && err == nil {
					_, _ = unix.Write(fd, buf[:n])
				}
			})
			roundTrips(b, client)
		})
	}
	b.Run("goroutine", func(b *testing.B) {
		client, server := tcp(b)
		go func() {
			var buf [64]byte
			for {
				n, err := server.Read(buf[:])
				if err != nil {
					return
				}
				_, _ = server.Write(buf[:n])
			}
		}()
		roundTrips(b, client)
	})
}

func tcp(b *testing.B) (client *os.File, server *net.TCPConn) {
	l, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	c, err := net.DialTCP("tcp4", nil, l.Addr().(*net.TCPAddr))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	client, err = c.File()
	if err != nil {
		b.Fatal(err)
	}
	server, err = l.AcceptTCP()
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = client.Close(); _ = server.Close() })
	return client, server
}

func roundTrips(b *testing.B, client *os.File) {
	fd := int(client.Fd()) // blocking
	var buf [1]byte
	var m medians
	for b.Loop() {
		start := time.Now()
		if _, err := unix.Write(fd, buf[:]); err != nil {
			b.Fatal(err)
		}
		if _, err := unix.Read(fd, buf[:]); err != nil {
			b.Fatal(err)
		}
		m = append(m, time.Since(start))
	}
	m.report(b, 1)
}
