package kvserver

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"crosscall/examples/kvserver/internal/resp"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
)

// After a shutdown under load every acknowledged write is there, and none that
// was not sent.
func TestDrainLosesNoAcknowledgedWrite(t *testing.T) {
	onEngines(t, Config{}, func(t *testing.T, s Server) {
		const clients, depth = 20, 8
		acknowledged := make([]int, clients)
		sent := make([]int, clients)
		var done sync.WaitGroup
		for i := range clients {
			p := dialServer(t, s)
			done.Go(func() {
				for n := 1; ; n += depth {
					var b strings.Builder
					for d := range depth {
						b.WriteString(encode("SET", fmt.Sprintf("key%d", i), fmt.Sprint(n+d)))
					}
					sent[i] = n + depth - 1
					if _, err := io.WriteString(p, b.String()); err != nil {
						return
					}
					for d := range depth {
						if reply, err := readReply(p.in); err != nil {
							return
						} else if reply != "+OK\r\n" {
							t.Errorf("%q", reply)
						}
						acknowledged[i] = n + d
					}
				}
			})
		}
		for s.Figures().Commands < 2000 {
			time.Sleep(time.Millisecond)
		}
		shutdown(t, s, 10*time.Second)
		done.Wait()
		values := make(map[string]string)
		s.Each(func(key string, value []byte) { values[key] = string(value) })
		for i := range clients {
			n := 0 // no value: nothing was received
			if v, ok := values[fmt.Sprintf("key%d", i)]; ok {
				_, err := fmt.Sscan(v, &n)
				must(t, err)
			}
			if n < acknowledged[i] || n > sent[i] {
				t.Errorf("client %d: the value is %d, acknowledged were %d of %d sent", i, n, acknowledged[i], sent[i])
			}
		}
	})
}

func shutdown(t *testing.T, s Server, limit time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	if err := s.Shutdown(ctx); err != nil {
		t.Errorf("shutdown: %v", err)
	}
}

// Commands that arrived before a shutdown are answered, then the connection ends,
// and no more connections are accepted.
func TestDrainAnswersWhatHasCome(t *testing.T) {
	onEngines(t, Config{}, func(t *testing.T, s Server) {
		const commands = 3000
		idle, busy := dialServer(t, s), dialServer(t, s)
		idle.want("+PONG\r\n", "PING")
		busy.want("+PONG\r\n", "PING")
		var want strings.Builder
		for i := range commands {
			want.WriteString(encode("INCR", fmt.Sprintf("key%d", i%7)))
		}
		busy.send(want.String())
		shutdown(t, s, 10*time.Second)
		if got := strings.Count(busy.rest(), ":"); got != commands {
			t.Errorf("%d answers to %d commands", got, commands)
		}
		if rest := idle.rest(); rest != "" {
			t.Errorf("an idle client gets %q", rest)
		}
		if c, err := net.Dial("tcp", s.Addr().String()); err == nil {
			_ = c.Close()
			t.Error("accepted after the shutdown")
		}
	})
}

// A client that reads nothing cannot keep the server from ending.
func TestDrainIsBounded(t *testing.T) {
	onEngines(t, Config{}, func(t *testing.T, s Server) {
		p := dialServer(t, s)
		p.want("+OK\r\n", "SET", "k", strings.Repeat("x", 1<<20))
		go func() { _, _ = io.WriteString(p, strings.Repeat(encode("GET", "k"), 1000)) }()
		for s.Figures().In < 1<<20+1000 { // more than the value
			time.Sleep(time.Millisecond)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
		defer cancel()
		if err := s.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("shutdown: %v", err)
		}
	})
}

// The commands of a client that does not read wait, delay no other client, and
// are all answered when it reads again.
func TestSlowReader(t *testing.T) {
	onEngines(t, Config{Pause: 64 << 10}, func(t *testing.T, s Server) {
		slow, other := dialServer(t, s), dialServer(t, s)
		const keys, rounds = 8, 30
		value := make([]string, keys)
		for i := range value {
			value[i] = strings.Repeat(string(rune('a'+i)), 100<<10)
			slow.want("+OK\r\n", "SET", fmt.Sprint(i), value[i])
		}
		before := heap()
		for range rounds {
			for i := range keys {
				slow.send(encode("GET", fmt.Sprint(i)))
			}
		}
		// The server has received all commands, but holds only a part of the answers.
		for range 200 {
			other.want("$1\r\n1\r\n", "ECHO", "1")
			other.want("+OK\r\n", "SET", "other", "x")
		}
		if more := heap() - before; more > 8<<20 {
			t.Errorf("%d MB wait for a client that does not read", more>>20)
		}
		for range rounds {
			for i := range keys {
				if got := slow.reply(); got != fmt.Sprintf("$%d\r\n%s\r\n", len(value[i]), value[i]) {
					t.Fatalf("key %d: %.100q", i, got)
				}
			}
		}
		if f := s.Figures(); len(f.CPUs) > 0 && f.Paused == 0 {
			t.Error("the client was never made to wait")
		}
	})
}

func heap() int {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// One command whose answer is more than a client may have unread.
func TestTooMuchOutput(t *testing.T) {
	onEngines(t, Config{Pause: 10 << 10, Drop: 1 << 20}, func(t *testing.T, s Server) {
		if s.Figures().CPUs == nil {
			t.Skip("a goroutine waits for its client to read")
		}
		p, other := dialServer(t, s), dialServer(t, s)
		args := []string{"MGET"}
		for i := range 8 {
			p.want("+OK\r\n", "SET", fmt.Sprint(i), strings.Repeat("x", 100<<10))
			for range 1000 {
				args = append(args, fmt.Sprint(i))
			}
		}
		p.send(encode(args...))
		if _, err := io.Copy(io.Discard, p.in); err != nil && !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("read: %v", err)
		}
		other.want("+PONG\r\n", "PING")
		// The CPU of the client publishes its counters at the end of its turn, and the other
		// client may be of another CPU.
		for end := time.Now().Add(10 * time.Second); s.Figures().Dropped == 0 && time.Now().Before(end); {
			time.Sleep(time.Millisecond)
		}
		if f := s.Figures(); f.Dropped != 1 {
			t.Errorf("%d clients were dropped", f.Dropped)
		}
	})
}

// Random bytes do not change the state of the server.
func TestRandomBytes(t *testing.T) {
	onEngines(t, Config{}, func(t *testing.T, s Server) {
		random := rand.New(rand.NewPCG(10, 11))
		for range fewer(300) {
			p := dialServer(t, s)
			b := make([]byte, random.IntN(2000))
			for i := range b {
				b[i] = byte(random.Uint32())
			}
			if len(b) > 0 && random.IntN(2) == 0 {
				b[0] = '*'
			}
			_, _ = p.Write(b)
			if random.IntN(2) == 0 {
				_ = p.Conn.(*net.TCPConn).CloseWrite()
				_, _ = io.Copy(io.Discard, p.in)
			}
			_ = p.Close()
		}
		p := dialServer(t, s)
		p.want("+PONG\r\n", "PING")
		p.want(":0\r\n", "DBSIZE")
	})
}

// Exceeding a limit is an error of the protocol, as soon as the size is announced.
func TestLimits(t *testing.T) {
	onEngines(t, Config{Limits: resp.Limits{Bulk: 1000, Args: 10, Command: 1500}}, func(t *testing.T, s Server) {
		for input, want := range map[string]string{
			"*11\r\n":         "-ERR Protocol error: invalid multibulk length\r\n",
			"*1\r\n$1001\r\n": "-ERR Protocol error: invalid bulk length\r\n",
			"*3\r\n$3\r\nSET\r\n$900\r\n" + strings.Repeat("x", 902) + "$900\r\n": "-ERR Protocol error: too big request\r\n",
		} {
			p := dialServer(t, s)
			p.send(input)
			if got := p.rest(); got != want {
				t.Errorf("%.40q: %q, want %q", input, got, want)
			}
		}
	})
}

// A large value comes in many pieces, among others of its kind.
func TestLargeValues(t *testing.T) {
	onEngines(t, Config{}, func(t *testing.T, s Server) {
		var done sync.WaitGroup
		for i := range 3 {
			p := dialServer(t, s)
			value := strings.Repeat(fmt.Sprintf("%d\r\n\x00", i), 1<<18)
			done.Go(func() {
				for j := range 2 {
					key := fmt.Sprint(i, j)
					for _, c := range []struct{ command, want string }{
						{encode("SET", key, value), "+OK\r\n"},
						{encode("GET", key), fmt.Sprintf("$%d\r\n%s\r\n", len(value), value)},
					} {
						if _, err := io.WriteString(p, c.command); err != nil {
							t.Error(err)
						}
						if got, err := readReply(p.in); err != nil || got != c.want {
							t.Errorf("key %s: %d bytes, %v; want %d", key, len(got), err, len(c.want))
						}
					}
				}
			})
		}
		done.Wait()
	})
}

func TestTooManyClients(t *testing.T) {
	onEngines(t, Config{MaxClients: 3}, func(t *testing.T, s Server) {
		for range 3 {
			dialServer(t, s).want("+PONG\r\n", "PING")
		}
		if got := dialServer(t, s).rest(); got != "-ERR max number of clients reached\r\n" {
			t.Errorf("%q", got)
		}
		if f := s.Figures(); f.Rejected != 1 || f.Clients != 3 {
			t.Errorf("%+v", f)
		}
	})
}

// Connections in thousands, closed in every way, leave no descriptor behind.
func TestConnectionsLeaveNothing(t *testing.T) {
	onEngines(t, Config{}, func(t *testing.T, s Server) {
		dialServer(t, s).want("+PONG\r\n", "PING")
		before := descriptors(t)
		for wave := range 20 {
			var open []*peer
			for i := range 100 {
				c, err := net.Dial("tcp", s.Addr().String())
				must(t, err)
				p := &peer{t: t, Conn: c}
				open = append(open, p)
				if i%3 > 0 {
					p.send("PING\r\n*2\r\n$3\r\nGET\r\n")
				}
			}
			for i, p := range open {
				if (wave+i)%2 == 0 {
					_ = p.Conn.(*net.TCPConn).SetLinger(0) // a reset
				}
				_ = p.Close()
			}
		}
		for range 1000 {
			if f := s.Figures(); f.Clients <= 1 && descriptors(t) <= before {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
		t.Errorf("%d clients and %d descriptors are left, at first there were %d", s.Figures().Clients, descriptors(t), before)
	})
}

func descriptors(t *testing.T) int {
	t.Helper()
	all, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip(err)
	}
	return len(all)
}

func TestInfoAndMetrics(t *testing.T) {
	onEngines(t, Config{}, func(t *testing.T, s Server) {
		p, q := dialServer(t, s), dialServer(t, s)
		for i := range 100 {
			p.want("+OK\r\n", "SET", fmt.Sprintf("key%d", i), "value")
		}
		q.want("+PONG\r\n", "PING")
		info := q.do("INFO")
		bytes := 100*len("keyNNvalue") - 10
		for _, want := range []string{
			"# Server\r\n", "connected_clients:2\r\n", "total_connections_received:2\r\n", "db0:keys=100,",
			fmt.Sprintf("used_memory_dataset:%d\r\n", bytes), fmt.Sprintf("tcp_port:%d\r\n", s.Addr().(*net.TCPAddr).Port),
		} {
			if !strings.Contains(info, want) {
				t.Errorf("no %q in\n%s", want, info)
			}
		}
		if got := q.do("INFO", "keyspace"); !strings.HasPrefix(got[strings.Index(got, "#"):], "# Keyspace\r\ndb0:keys=100") {
			t.Errorf("%q", got)
		}
		registry := prometheus.NewRegistry()
		registry.MustRegister(NewCollector(s))
		if c := s.Collector(); c != nil {
			registry.MustRegister(c)
		}
		if problems, err := testutil.GatherAndLint(registry); err != nil || len(problems) > 0 {
			t.Errorf("%v, %v", problems, err)
		}
		expected := "# HELP kvserver_keys Keys that are stored.\n# TYPE kvserver_keys gauge\nkvserver_keys 100\n"
		if err := testutil.GatherAndCompare(registry, strings.NewReader(expected), "kvserver_keys"); err != nil {
			t.Error(err)
		}
	})
}

// Commands on known keys cost no allocation, wherever the keys are.
func TestCommandsAllocateNothing(t *testing.T) {
	onEngines(t, Config{}, func(t *testing.T, s Server) {
		const keys, rounds = 50, 100
		p := dialServer(t, s)
		var pipeline strings.Builder
		for i := range keys {
			key := fmt.Sprintf("key%d", i)
			pipeline.WriteString(encode("SET", key, "1") + encode("GET", key) + encode("INCR", key))
		}
		commands := []byte(pipeline.String())
		replies := []byte(strings.Repeat("+OK\r\n$1\r\n1\r\n:2\r\n", keys))
		got := make([]byte, len(replies))
		round := func() {
			if _, err := p.Write(commands); err != nil {
				t.Fatal(err)
			}
			if _, err := io.ReadFull(p.in, got); err != nil || !bytes.Equal(got, replies) {
				t.Fatalf("%v, %q", err, got)
			}
		}
		for range 20 {
			round()
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range rounds {
			round()
		}
		runtime.ReadMemStats(&after)
		if n := after.Mallocs - before.Mallocs; n > rounds*keys*3/20 {
			t.Errorf("%d allocations for %d commands", n, rounds*keys*3)
		}
	})
}

func TestStartFails(t *testing.T) {
	if _, err := Start("nosuch", Config{}); err == nil {
		t.Error("an engine that there is not")
	}
	for engine := range engines {
		if _, err := Start(engine, Config{Addr: "256.0.0.1:0"}); err == nil {
			t.Errorf("%s: an address that there is not", engine)
		}
	}
}
