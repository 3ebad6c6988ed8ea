package main

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// asCommand is the variable of the environment with which the test binary is the command.
const asCommand = "KVSERVER_TEST_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// command is this command, with arguments.
func command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	path, err := os.Executable()
	must(t, err)
	cmd := exec.Command(path, args...)
	cmd.Env = append(os.Environ(), asCommand+"=1")
	return cmd
}

// process is a server that runs as one.
type process struct {
	*exec.Cmd
	addr    string
	metrics string
}

// launch starts a server, and waits for the lines that say where it listens.
func launch(t *testing.T, args ...string) *process {
	cmd := command(t, append([]string{"-addr", "127.0.0.1:0"}, args...)...)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	p := &process{Cmd: cmd}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if addr, ok := strings.CutPrefix(lines.Text(), "ready on "); ok {
			p.addr = addr
		}
		if addr, ok := strings.CutPrefix(lines.Text(), "metrics on "); ok {
			p.metrics = addr
		}
		if p.addr != "" && (p.metrics != "" || !strings.Contains(strings.Join(args, " "), "-http")) {
			return p
		}
	}
	t.Fatalf("%v did not start: %v", cmd, lines.Err())
	return nil
}

// The process serves, exports its metrics, and ends well at SIGTERM: it first
// answers all commands that it has received.
func TestProcess(t *testing.T) {
	for _, engine := range []string{"mutex", "owners"} {
		t.Run(engine, func(t *testing.T) {
			if engine == "owners" && runtime.GOOS != "linux" {
				t.Skip("needs Linux")
			}
			args := []string{"-engine", engine, "-http", "127.0.0.1:0"}
			if runtime.GOOS == "linux" {
				args = append(args, "-batch")
			}
			p := launch(t, args...)
			c, err := net.Dial("tcp", p.addr)
			must(t, err)
			must(t, c.SetDeadline(time.Now().Add(30*time.Second)))
			_, err = io.WriteString(c, "SET k v\r\n")
			must(t, err)
			in := bufio.NewReader(c)
			if line, err := in.ReadString('\n'); line != "+OK\r\n" || err != nil {
				t.Fatalf("%q, %v", line, err)
			}
			response, err := http.Get("http://" + p.metrics + "/metrics")
			must(t, err)
			text, err := io.ReadAll(response.Body)
			must(t, err)
			_ = response.Body.Close()
			if !strings.Contains(string(text), "\nkvserver_keys 1\n") {
				t.Errorf("metrics:\n%s", text)
			}
			_, err = io.WriteString(c, strings.Repeat("GET k\r\n", 100))
			must(t, err)
			must(t, p.Process.Signal(syscall.SIGTERM))
			rest, err := io.ReadAll(in)
			if want := strings.Repeat("$1\r\nv\r\n", 100); err != nil || string(rest) != want {
				t.Errorf("%d bytes of answers, %v; want %d", len(rest), err, len(want))
			}
			_ = c.Close()
			if err := p.Wait(); err != nil {
				t.Errorf("the process ends with %v", err)
			}
		})
	}
}

func TestEngineThatThereIsNot(t *testing.T) {
	out, err := command(t, "-engine", "x").CombinedOutput()
	if err == nil || !strings.Contains(string(out), `there is no engine "x"`) {
		t.Errorf("%v, %s", err, out)
	}
}
