package kvserver

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// fewer is a fifth of n with -short.
func fewer(n int) int {
	if testing.Short() {
		return n / 5
	}
	return n
}

// onEngines runs a test on each engine, and on that of owners also with more
// executors than there may be CPUs.
func onEngines(t *testing.T, c Config, f func(t *testing.T, s Server)) {
	for _, e := range []struct {
		engine, name string
		executors    int
	}{{"mutex", "mutex", 0}, {"owners", "owners", 0}, {"owners", "four owners", 4}} {
		t.Run(e.name, func(t *testing.T) {
			c := c
			c.Addr, c.Spin = "127.0.0.1:0", -1
			c.Executors, c.Virtual = e.executors, e.executors > 0
			f(t, start(t, e.engine, c))
		})
	}
}

func start(t testing.TB, engine string, c Config) Server {
	s, err := Start(engine, c)
	if errors.Is(err, errors.ErrUnsupported) {
		t.Skip(err)
	}
	must(t, err)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := s.Shutdown(ctx); err != nil {
			t.Errorf("shutdown: %v", err)
		}
	})
	return s
}

// peer is a client's end of a connection.
type peer struct {
	t testing.TB
	net.Conn
	in *bufio.Reader
}

func dial(t testing.TB, network, addr string) *peer {
	t.Helper()
	c, err := net.Dial(network, addr)
	must(t, err)
	t.Cleanup(func() { _ = c.Close() })
	must(t, c.SetDeadline(time.Now().Add(time.Minute)))
	return &peer{t, c, bufio.NewReaderSize(c, 1<<20)}
}

func dialServer(t testing.TB, s Server) *peer {
	t.Helper()
	return dial(t, "tcp", s.Addr().String())
}

// encode is a command as clients send it.
func encode(args ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "*%d\r\n", len(args))
	for _, a := range args {
		fmt.Fprintf(&b, "$%d\r\n%s\r\n", len(a), a)
	}
	return b.String()
}

func (p *peer) send(s string) {
	p.t.Helper()
	_, err := io.WriteString(p, s)
	must(p.t, err)
}

// reply reads one reply, as it is.
func (p *peer) reply() string {
	p.t.Helper()
	s, err := readReply(p.in)
	if err != nil {
		p.t.Fatalf("after %q: %v", s, err)
	}
	return s
}

func readReply(in *bufio.Reader) (string, error) {
	line, err := in.ReadString('\n')
	if err != nil {
		return line, err
	}
	n, _ := strconv.Atoi(strings.TrimRight(line[1:], "\r\n"))
	switch {
	case line[0] == '$' && n >= 0:
		data := make([]byte, n+2)
		_, err = io.ReadFull(in, data)
		line += string(data)
	case line[0] == '*':
		var b strings.Builder
		b.WriteString(line)
		for range n {
			var part string
			if part, err = readReply(in); err != nil {
				break
			}
			b.WriteString(part)
		}
		line = b.String()
	}
	return line, err
}

// do sends a command and reads its reply.
func (p *peer) do(args ...string) string {
	p.t.Helper()
	p.send(encode(args...))
	return p.reply()
}

func (p *peer) want(want string, args ...string) {
	p.t.Helper()
	if got := p.do(args...); got != want {
		p.t.Fatalf("%q: %q, want %q", args, got, want)
	}
}

// rest reads to the end.
func (p *peer) rest() string {
	p.t.Helper()
	b, err := io.ReadAll(p.in)
	if err != nil {
		p.t.Fatalf("after %q: %v", b, err)
	}
	return string(b)
}

// redis starts a redis-server on a socket of its own.
func redis(t testing.TB) (addr string) {
	path, err := exec.LookPath("redis-server")
	if err != nil {
		t.Skip("SKIPPED: redis-server is not installed (Debian: apt-get install redis-server redis-tools)")
	}
	addr = filepath.Join(t.TempDir(), "redis")
	var out bytes.Buffer
	cmd := exec.Command(path, "--port", "0", "--unixsocket", addr, "--save", "", "--appendonly", "no")
	cmd.Stdout = &out
	must(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	for range 1000 {
		if c, err := net.Dial("unix", addr); err == nil {
			_ = c.Close()
			return addr
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("redis-server does not listen: %s", out.String())
	return ""
}

// tool runs a program of redis-tools.
func tool(t testing.TB, s Server, stdin, name string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("SKIPPED: %s is not installed (Debian: apt-get install redis-tools)", name)
	}
	host, port, err := net.SplitHostPort(s.Addr().String())
	must(t, err)
	cmd := exec.Command(path, append([]string{"-h", host, "-p", port}, args...)...)
	cmd.Stdin = strings.NewReader(stdin)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(out)
}
