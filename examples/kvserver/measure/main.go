// Command measure compares the engines of kvserver and redis-server, by
// redis-benchmark, and prints a table in Markdown:
//
//	go run ./examples/kvserver/measure
//	go run ./examples/kvserver/measure -for 1m -pipelines 1 new=/tmp/new old=/tmp/old
//
// Arguments name other servers, each as name=command with its arguments. The
// ratios are to the second one.
//
// All servers run at once, and are measured alternately: in each round each of
// them serves each case once, in another order than in the round before. A figure
// is the median of the rounds; a ratio is the median of the ratios within a
// round.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

var (
	limit     = flag.Duration("for", 3*time.Minute, "how long to measure; there are at least 3 rounds")
	pipelines = flag.String("pipelines", "1,16", "requests that a client sends at a time")
	keys      = flag.String("keys", "100000,1", "numbers of keys that the requests are for, at random; 1: a hot key")
	clients   = flag.Int("clients", 50, "connections")
	policy    = flag.String("policy", "normal", "scheduling policy of all servers: normal or batch (SCHED_BATCH)")
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("measure: ")
	flag.Parse()
	if err := run(flag.Args()); err != nil {
		log.Fatal(err)
	}
}

func run(args []string) error {
	dir, err := os.MkdirTemp("", "measure")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if len(args) == 0 {
		if args, err = usual(dir); err != nil {
			return err
		}
	}
	cases, err := allCases()
	if err != nil {
		return err
	}
	servers, err := launchAll(args)
	defer stopAll(servers)
	if err != nil {
		return err
	}
	before := readMachine()
	results, rounds, err := measure(cases, servers)
	if err != nil {
		return err
	}
	head(rounds, before, readMachine(), results)
	table(cases, servers, results)
	return nil
}

// usual builds kvserver and returns the servers that are measured if no others
// are named.
func usual(dir string) ([]string, error) {
	path := filepath.Join(dir, "kvserver")
	build := exec.Command("go", "build", "-o", path, "crosscall/examples/kvserver")
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go build: %w\n%s", err, out)
	}
	all := strconv.Itoa(runtime.NumCPU())
	servers := []string{"owners=" + path, "mutex=" + path + " -engine mutex", "owners on all CPUs=" + path + " -cpus " + all}
	if _, err := exec.LookPath("redis-server"); err != nil {
		log.Print("without Redis: redis-server is not installed")
		return servers, nil
	}
	return append(servers, "Redis=redis-server"), nil
}

// setting is a case to be measured.
type setting struct{ pipeline, keys int }

func allCases() (cases []setting, err error) {
	p, err := numbers(*pipelines)
	if err != nil {
		return nil, err
	}
	k, err := numbers(*keys)
	if err != nil {
		return nil, err
	}
	for _, pipeline := range p {
		for _, keys := range k {
			cases = append(cases, setting{pipeline, keys})
		}
	}
	return cases, nil
}

func numbers(list string) (all []int, err error) {
	for s := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("%q is no list of numbers from 1 on", list)
		}
		all = append(all, n)
	}
	return all, nil
}

// measure returns the results by case and server.
func measure(cases []setting, servers []*server) (results [][]series, rounds int, err error) {
	results = make([][]series, len(cases))
	for i := range results {
		results[i] = make([]series, len(servers))
	}
	for start := time.Now(); rounds < 3 || time.Since(start) < *limit; rounds++ {
		for i, c := range cases {
			for j := range servers {
				j = (j + rounds) % len(servers)
				r, err := servers[j].load(c)
				if err != nil {
					return nil, 0, err
				}
				results[i][j] = append(results[i][j], r)
			}
		}
	}
	return results, rounds, nil
}

// head describes the conditions of the measurement.
func head(rounds int, before, after machine, results [][]series) {
	fmt.Printf("%d rounds, %d CPUs, %d clients, policy %s, load average %s at the start and %s at the end.",
		rounds, runtime.NumCPU(), *clients, *policy, before.load, after.load)
	if total := after.total - before.total; total > 0 {
		var server, client float64
		for _, row := range results {
			for _, s := range row {
				for _, r := range s {
					server += r.user + r.kernel
					client += r.client
				}
			}
		}
		busy := after.busy - before.busy
		fmt.Printf(" Of the machine's CPU time the servers took %.0f %%, the client %.0f %%, other programs %.0f %%.",
			100*server/total, 100*client/total, 100*max(0, busy-server-client)/total)
	}
	fmt.Print("\n\n")
}

func table(cases []setting, servers []*server, results [][]series) {
	base := servers[min(1, len(servers)-1)].name
	fmt.Printf("| pipeline | keys | server | requests/s | / %s | CPU a request | / %s | of it kernel | client's CPU |\n", base, base)
	fmt.Println("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
	for i, c := range cases {
		for j, s := range servers {
			own, other := results[i][j], results[i][min(1, len(servers)-1)]
			fmt.Printf("| %d | %d | %s | %.0f | %s | %.2f µs | %s | %.0f %% | %.2f µs |\n", c.pipeline, c.keys, s.name,
				own.median(result.rate), own.ratio(other, result.rate), own.median(result.cost), own.ratio(other, result.cost),
				100*own.median(result.kernelPart), own.median(result.clientCost))
		}
	}
}
