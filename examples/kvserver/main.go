// Command kvserver serves keys and values by the Redis protocol. Each CPU has an
// executor, a listening socket, its connections and its part of the keys;
// operations on another CPU's keys are sent there in batches. See
// docs/kvserver.md.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"crosscall/examples/kvserver/internal/kvserver"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"
)

var (
	addr      = flag.String("addr", "127.0.0.1:6379", "address to serve on; port 0 is a free one")
	engine    = flag.String("engine", "owners", "owners: each CPU owns a part of the keys; mutex: goroutines and a map behind mutexes")
	metricsAt = flag.String("http", "", "address of /metrics for Prometheus; empty: none")
	drain     = flag.Duration("drain", 5*time.Second, "how long to answer what clients have sent, at SIGTERM or SIGINT")
	clients   = flag.Int("clients", 10000, "most connections at a time")
	bulk      = flag.Int("bulk", 64<<20, "most bytes of an argument")
	pause     = flag.Int("pause", 256<<10, "bytes of output for a client beyond which its commands wait")
	drop      = flag.Int("drop", 256<<20, "bytes of output for a client beyond which it is disconnected")
	spin      = flag.Duration("spin", -1, "longest that an idle executor spins; negative: it sleeps at once")
	batch     = flag.Bool("batch", false, "threads that wake do not preempt who runs on their CPU (SCHED_BATCH)")
	cpus      = flag.Int("cpus", 0, "number of executors; 0: one for each CPU but one, which clients and the kernel need")
	maxprocs  = flag.Int("gomaxprocs", 0, "GOMAXPROCS; 0: for owners one more than CPUs, for mutex as Go has it")
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("kvserver: ")
	flag.Parse()
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	// One more slot of the scheduler than CPUs: the collector, the signal and
	// /metrics run beside the executors, scheduled by the kernel.
	if *maxprocs == 0 && *engine == "owners" {
		*maxprocs = runtime.GOMAXPROCS(0) + 1
	}
	if *maxprocs > 0 {
		runtime.GOMAXPROCS(*maxprocs)
	}
	if *batch {
		if err := letOthersFinish(); err != nil {
			return err
		}
	}
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer cancel()
	c := kvserver.Config{
		Addr: *addr, MaxClients: *clients, Pause: *pause, Drop: *drop, Spin: *spin, Executors: executors(),
	}
	c.Limits.Bulk = *bulk
	server, err := kvserver.Start(*engine, c)
	if err != nil {
		return err
	}
	fmt.Println("ready on", server.Addr())
	if *metricsAt != "" {
		if err := serveMetrics(*metricsAt, server); err != nil {
			return err
		}
	}
	<-stop.Done()
	cancel() // a second signal ends the process at once
	ctx, cancel := context.WithTimeout(context.Background(), *drain)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

// executors is the number of CPUs that serve. An executor has to wait while the
// kernel or a client has its CPU, which a goroutine need not.
func executors() int {
	if *cpus > 0 {
		return *cpus
	}
	return max(1, runtime.NumCPU()-1)
}

// serveMetrics serves the server's figures, and those of its System.
func serveMetrics(addr string, server kvserver.Server) error {
	registry := prometheus.NewRegistry()
	registry.MustRegister(kvserver.NewCollector(server))
	if c := server.Collector(); c != nil {
		registry.MustRegister(c)
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	fmt.Println("metrics on", l.Addr())
	mux := http.NewServeMux()
	mux.HandleFunc("/metrics", func(w http.ResponseWriter, _ *http.Request) { write(w, registry) })
	go func() { log.Print((&http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}).Serve(l)) }()
	return nil
}

// write answers a scrape, in the text format.
func write(w http.ResponseWriter, g prometheus.Gatherer) {
	families, err := g.Gather()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	format := expfmt.NewFormat(expfmt.TypeTextPlain)
	w.Header().Set("Content-Type", string(format))
	encoder := expfmt.NewEncoder(w, format)
	for _, family := range families {
		if encoder.Encode(family) != nil {
			return // the reader has gone
		}
	}
}
