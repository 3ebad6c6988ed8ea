package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// server is one that runs.
type server struct {
	name, addr string
	cmd        *exec.Cmd
}

func launchAll(args []string) (servers []*server, err error) {
	for _, arg := range args {
		name, command, ok := strings.Cut(arg, "=")
		if fields := strings.Fields(command); ok && len(fields) > 0 {
			s := &server{name: name}
			if err := s.launch(fields); err != nil {
				return servers, fmt.Errorf("%s: %w", name, err)
			}
			servers = append(servers, s)
			continue
		}
		return servers, fmt.Errorf("%q is not name=command", arg)
	}
	return servers, nil
}

func stopAll(servers []*server) {
	for _, s := range servers {
		_ = s.cmd.Process.Kill()
		_ = s.cmd.Wait()
	}
}

// launch starts a server on a port of its own: redis-server, or kvserver or
// another program with its flags.
func (s *server) launch(command []string) error {
	port, err := freePort()
	if err != nil {
		return err
	}
	s.addr = net.JoinHostPort("127.0.0.1", port)
	if filepath.Base(command[0]) == "redis-server" {
		command = append(command, "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
	} else {
		command = append(command, "-addr", s.addr)
	}
	s.cmd = exec.Command(command[0], command[1:]...)
	if err := startAs(*policy, s.cmd); err != nil {
		return err
	}
	for range 500 {
		if _, _, err = s.cpuTime(); err == nil {
			return nil
		}
		time.Sleep(10 * time.Millisecond)
	}
	stopAll([]*server{s})
	return fmt.Errorf("it does not serve: %w", err)
}

// freePort returns a port on which no process listens.
func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port), nil
}

// cpuTime is the CPU time of the server, by its own figures.
func (s *server) cpuTime() (user, kernel float64, err error) {
	c, err := net.Dial("tcp", s.addr)
	if err != nil {
		return 0, 0, err
	}
	defer c.Close()
	if _, err := io.WriteString(c, "INFO cpu\r\nQUIT\r\n"); err != nil {
		return 0, 0, err
	}
	for lines := bufio.NewScanner(c); lines.Scan(); {
		name, value, _ := strings.Cut(strings.TrimSpace(lines.Text()), ":")
		switch name {
		case "used_cpu_user":
			user, err = strconv.ParseFloat(value, 64)
		case "used_cpu_sys":
			kernel, err = strconv.ParseFloat(value, 64)
		}
		if err != nil {
			return 0, 0, err
		}
	}
	if user+kernel == 0 {
		return 0, 0, errors.New("INFO says no CPU time")
	}
	return user, kernel, nil
}

// Requests of each kind in a turn: about half a second.
const (
	single    = 10000
	pipelined = 150000
)

// load makes redis-benchmark send SET and GET to the server.
func (s *server) load(c setting) (r result, err error) {
	host, port, err := net.SplitHostPort(s.addr)
	if err != nil {
		return r, err
	}
	n := single
	if c.pipeline > 1 {
		n = pipelined
	}
	args := []string{"-h", host, "-p", port, "-t", "set,get", "-n", strconv.Itoa(n), "-P", strconv.Itoa(c.pipeline), "-c", strconv.Itoa(*clients), "--csv"}
	if c.keys > 1 {
		args = append(args, "-r", strconv.Itoa(c.keys))
	}
	user, kernel, err := s.cpuTime()
	if err != nil {
		return r, err
	}
	cmd := exec.Command("redis-benchmark", args...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return r, fmt.Errorf("redis-benchmark against %s: %w\n%s", s.name, err, out)
	}
	if r.user, r.kernel, err = s.cpuTime(); err != nil {
		return r, err
	}
	r.user, r.kernel = r.user-user, r.kernel-kernel
	r.client = (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
	for line := range strings.Lines(string(out)) {
		if f := strings.Split(strings.TrimSpace(line), `","`); len(f) > 1 && strings.HasSuffix(f[0], "ET") {
			rate, err := strconv.ParseFloat(f[1], 64)
			if err != nil {
				return r, err
			}
			r.requests += n
			r.took += float64(n) / rate
		}
	}
	if r.requests != 2*n {
		return r, fmt.Errorf("redis-benchmark against %s says %s", s.name, out)
	}
	return r, nil
}
