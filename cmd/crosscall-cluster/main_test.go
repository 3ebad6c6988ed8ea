package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"crosscall/cmd/internal/cli"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/spf13/cobra"
)

// The processes of these tests are this program itself, as crosscall-cluster.
const asCommand = "CROSSCALL_CLUSTER_IS_THE_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
		return
	}
	os.Setenv(asCommand, "1") // of the processes that are begun
	os.Exit(m.Run())
}

const root = "../.."

// workload is a check of some tests, of which one is divided into many units.
func workload(t *testing.T, more ...string) []string {
	t.Helper()
	args := []string{"check", "-D", "N=6"}
	args = append(args, more...)
	args = append(args, filepath.Join(root, "examples/litmus"))
	for _, name := range []string{"ticketlock", "sb", "ainc"} {
		file := filepath.Join(root, "proofs/bench", name+".c")
		if _, err := os.Stat(file); err != nil {
			t.Fatal(err)
		}
		args = append(args, file)
	}
	return args
}

// here is what a command prints that works in this process, without times.
func here(t *testing.T, args []string) (out string, code int) {
	t.Helper()
	command := &cobra.Command{Use: "crosscall"}
	engine := new(cli.Engine)
	command.AddCommand(cli.CheckCommand(engine), cli.AuditCommand(engine), cli.ProveCommand(engine))
	var stdout, stderr bytes.Buffer
	code = cli.Run(t.Context(), command, args, &stdout, &stderr)
	return withoutTimes(stdout.String() + stderr.String()), code
}

// waits is what a command says while workers are slow to begin.
var waits = regexp.MustCompile(`(?m)^crosscall-cluster: no worker is there yet.*\n`)

var times = regexp.MustCompile(`(?m)^Time .*$|"seconds":[0-9.e-]*|, [0-9.]+ s$`)

func withoutTimes(s string) string {
	s = times.ReplaceAllString(waits.ReplaceAllString(s, ""), "")
	return strings.ReplaceAll(s, "crosscall-cluster:", "crosscall:")
}

// differs is the first line in which two outputs differ.
func differs(got, want string) string {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("line %d: %q, want %q", i+1, a[i], b[i])
		}
	}
	return fmt.Sprintf("%d lines, want %d; at the end %q, want %q", len(a), len(b), a[len(a)-2:], b[len(b)-2:])
}

// A process is one of the cluster's.
type process struct {
	*exec.Cmd
	out, err bytes.Buffer
}

// begin begins a process of the cluster. It is gone when the test ends.
func begin(t *testing.T, args ...string) *process {
	t.Helper()
	return beginProgram(t, append([]string{self(t)}, args...)...)
}

// self is this program.
func self(t *testing.T) string {
	t.Helper()
	name, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// beginProgram begins a process of another program.
func beginProgram(t *testing.T, args ...string) *process {
	t.Helper()
	p := &process{Cmd: exec.Command(args[0], args[1:]...)}
	p.Stdout, p.Stderr = &p.out, &p.err
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	return p
}

// kill ends a process at once, as kill -9 does.
func (p *process) kill() {
	if p.ProcessState == nil {
		_ = p.Process.Kill()
		_ = p.Wait()
	}
}

// A cluster is a server in a process of its own, and a folder for it.
type cluster struct {
	t      *testing.T
	folder string
	addr   string
	server *process

	program []string      // of a server that is not this program's, without address and folder
	login   []string      // flags of workers and commands
	options []nats.Option // of the test's own connections
}

const ackWait = "1s"

func newCluster(t *testing.T) *cluster {
	t.Helper()
	c := &cluster{t: t, folder: t.TempDir(), addr: freeAddress(t)}
	c.serve()
	return c
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func (c *cluster) url() string { return "nats://" + c.addr }

// serve begins the server.
func (c *cluster) serve() {
	c.t.Helper()
	if c.program == nil {
		c.server = begin(c.t, "server", "--listen", c.addr, "--store", c.folder)
	} else {
		host, port, err := net.SplitHostPort(c.addr)
		if err != nil {
			c.t.Fatal(err)
		}
		c.server = beginProgram(c.t, append(c.program, "-a", host, "-p", port, "-sd", c.folder)...)
	}
	c.awaitServer()
}

func (c *cluster) awaitServer() {
	c.t.Helper()
	c.eventually("the server answers", func() bool {
		conn, err := net.Dial("tcp", c.addr)
		if err == nil {
			conn.Close()
		}
		return err == nil
	})
}

func (c *cluster) worker(url string) *process {
	return begin(c.t, append([]string{"worker", "--nats", url, "--slots", "1", "--ack-wait", ackWait}, c.login...)...)
}

func (c *cluster) workers(n int) (list []*process) {
	for range n {
		list = append(list, c.worker(c.url()))
	}
	return list
}

// flags are those that a command needs to use the cluster.
func (c *cluster) flags(job string) []string {
	return append([]string{"--nats", c.url(), "--job", job, "--ack-wait", ackWait, "--unit", "5ms"}, c.login...)
}

func (c *cluster) eventually(what string, is func() bool) {
	c.t.Helper()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if is() {
			return
		}
	}
	c.t.Fatalf("%s: not after two minutes; the server says %s", what, c.server.err.String())
}

// replies counts the replies that a job has so far.
func (c *cluster) replies(js jetstream.JetStream, job string) int {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	kv, err := js.KeyValue(ctx, bucketPrefix+job)
	if err != nil {
		return 0
	}
	keys, err := kv.ListKeysFiltered(ctx, replyKey+">")
	if err != nil {
		return 0
	}
	n := 0
	for range keys.Keys() {
		n++
	}
	return n
}

// awaitReplies waits until a job has so many replies, or p has ended.
func (c *cluster) awaitReplies(job string, n int, p *process) (got int) {
	c.t.Helper()
	nc, err := nats.Connect(c.url(), c.options...)
	if err != nil {
		c.t.Fatal(err)
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		c.t.Fatal(err)
	}
	ended := p.ended()
	c.eventually(fmt.Sprintf("%d replies to %s", n, job), func() bool {
		got = c.replies(js, job)
		return got >= n || ended()
	})
	if ended() && got < n {
		c.t.Fatalf("the command ended before anything could happen to it")
	}
	return got
}

// ended says whether a process has ended, without taking its end.
func (p *process) ended() func() bool {
	return func() bool {
		data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.Process.Pid))
		return err == nil && strings.Contains(string(data), ") Z ")
	}
}

// result is what a command has printed when it ends.
func (p *process) result(t *testing.T) (out string, code int) {
	t.Helper()
	late := time.AfterFunc(4*time.Minute, func() { _ = p.Process.Kill() })
	defer late.Stop()
	_ = p.Wait()
	return withoutTimes(p.out.String() + p.err.String()), p.ProcessState.ExitCode()
}

// A proxy forwards connections to a server, until it is told to forward nothing.
type proxy struct {
	addr string
	gate chan struct{} // has something while bytes pass
}

func newProxy(t *testing.T, to string) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	p := &proxy{l.Addr().String(), make(chan struct{}, 1)}
	p.heal()
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", to)
			if err != nil {
				in.Close()
				continue
			}
			go p.forward(in, out)
			go p.forward(out, in)
		}
	}()
	return p
}

func (p *proxy) part() { <-p.gate }
func (p *proxy) heal() { p.gate <- struct{}{} }

func (p *proxy) forward(to io.WriteCloser, from io.ReadCloser) {
	defer to.Close()
	defer from.Close()
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		<-p.gate
		p.gate <- struct{}{}
		if n > 0 {
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}
