package main

import (
	"fmt"
	"io"
	"net"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// BenchmarkKVServer measures the engines and redis-server by redis-benchmark, GET
// and SET by 50 clients. Each iteration is a round: all servers, one after the
// other. Its metrics are medians of the rounds, and the ratios of owners to mutex:
//
//	go test -run '^$' -bench KVServer -benchtime 9x ./examples/kvserver
func BenchmarkKVServer(b *testing.B) {
	if _, err := exec.LookPath("redis-benchmark"); err != nil {
		b.Skip("SKIPPED: redis-benchmark is not installed (Debian: apt-get install redis-tools redis-server)")
	}
	path := build(b)
	for _, pipeline := range []int{1, 16} {
		for _, keys := range []int{100000, 1} {
			b.Run(fmt.Sprintf("pipeline=%d/keys=%d", pipeline, keys), func(b *testing.B) {
				servers := []*contender{
					{name: "owners", addr: launch(b, path).addr},
					{name: "mutex", addr: launch(b, path, "-engine", "mutex").addr},
				}
				if addr := launchRedis(b); addr != "" {
					servers = append(servers, &contender{name: "redis", addr: addr})
				}
				for b.Loop() {
					for _, s := range servers {
						s.round(b, pipeline, keys)
					}
				}
				report(b, servers)
			})
		}
	}
}

// contender is a server that is measured.
type contender struct {
	name, addr string
	rates      []float64 // requests a second
	costs      []float64 // CPU time of the server, µs a request
}

// report reports the medians.
func report(b *testing.B, servers []*contender) {
	for _, s := range servers {
		b.ReportMetric(median(s.rates), s.name+"-req/s")
		b.ReportMetric(median(s.costs), s.name+"-cpu-µs/req")
	}
	b.ReportMetric(median(servers[0].rates)/median(servers[1].rates), "owners/mutex-req/s")
	b.ReportMetric(median(servers[0].costs)/median(servers[1].costs), "owners/mutex-cpu")
	b.ReportMetric(0, "ns/op") // says nothing here
}

func median(x []float64) float64 {
	x = slices.Sorted(slices.Values(x))
	return (x[len(x)/2] + x[(len(x)-1)/2]) / 2
}

func (s *contender) round(b *testing.B, pipeline, keys int) {
	host, port, err := net.SplitHostPort(s.addr)
	must(b, err)
	n := 20000
	if pipeline > 1 {
		n = 300000
	}
	args := []string{"-h", host, "-p", port, "-t", "set,get", "-n", strconv.Itoa(n), "-P", strconv.Itoa(pipeline), "--csv"}
	if keys > 1 {
		args = append(args, "-r", strconv.Itoa(keys))
	}
	before := cpuOf(b, s.addr)
	out, err := exec.Command("redis-benchmark", args...).CombinedOutput()
	if err != nil {
		b.Fatalf("redis-benchmark: %v\n%s", err, out)
	}
	spent := cpuOf(b, s.addr) - before
	seconds := 0.0
	for line := range strings.Lines(string(out)) {
		if f := strings.Split(strings.TrimSpace(line), `","`); len(f) > 1 && strings.HasSuffix(f[0], "ET") {
			rate, err := strconv.ParseFloat(f[1], 64)
			must(b, err)
			seconds += float64(n) / rate
		}
	}
	s.rates = append(s.rates, float64(2*n)/seconds)
	s.costs = append(s.costs, spent*1e6/float64(2*n))
}

// cpuOf is the CPU time of a server in seconds, as it says itself.
func cpuOf(b *testing.B, addr string) (seconds float64) {
	c, err := net.Dial("tcp", addr)
	must(b, err)
	defer c.Close()
	_, err = io.WriteString(c, "INFO cpu\r\nQUIT\r\n")
	must(b, err)
	text, err := io.ReadAll(c)
	must(b, err)
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		if name == "used_cpu_sys" || name == "used_cpu_user" {
			s, err := strconv.ParseFloat(value, 64)
			must(b, err)
			seconds += s
		}
	}
	if seconds == 0 {
		b.Fatalf("no CPU time in %q", text)
	}
	return seconds
}

// launchRedis starts a redis-server that writes no files; "": it is not installed.
func launchRedis(b *testing.B) (addr string) {
	path, err := exec.LookPath("redis-server")
	if err != nil {
		return ""
	}
	port := freePort(b)
	cmd := exec.Command(path, "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
	must(b, cmd.Start())
	b.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	addr = "127.0.0.1:" + port
	for range 500 {
		if c, err := net.Dial("tcp", addr); err == nil {
			_ = c.Close()
			return addr
		}
		time.Sleep(10 * time.Millisecond)
	}
	b.Fatal("redis-server does not listen")
	return ""
}
