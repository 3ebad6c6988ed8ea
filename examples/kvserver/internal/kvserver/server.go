// Package kvserver serves keys and values by the Redis protocol, by one of two
// engines: shards owned by CPUs, and for comparison a map behind many mutexes.
package kvserver

import (
	"context"
	"fmt"
	"net"
	"time"

	"crosscall/examples/kvserver/internal/resp"

	"github.com/prometheus/client_golang/prometheus"
)

// Server is a running server.
type Server interface {
	// Addr is where it listens.
	Addr() net.Addr
	// Figures are its counters as of some moment ago.
	Figures() Figures
	// Collector exports further figures to Prometheus; it may be nil.
	Collector() prometheus.Collector
	// Each calls f with every key and value. Only after Shutdown.
	Each(f func(key string, value []byte))
	// Shutdown accepts no more connections, answers all commands that clients have
	// sent so far, and closes. When ctx ends it closes all remaining connections,
	// and returns the context's error.
	Shutdown(ctx context.Context) error
}

// Config of a Server. The zero value of each is a default.
type Config struct {
	Addr       string // host:port; port 0 is a free one
	MaxClients int    // default 10000
	Limits     resp.Limits

	// Pause is how many bytes of output may wait for a client before its commands
	// wait too. Default 256 kB.
	Pause int
	// Drop is how many bytes may wait before the client is disconnected, because it
	// does not read its answers. Default 256 MB.
	Drop int

	// Spin is that of crosscall.Options, for the engine of owners.
	Spin time.Duration
	// Executors is how many CPUs serve; default all. For the engine of owners.
	Executors int
	// Virtual allows more executors than CPUs, for tests.
	Virtual bool
}

func (c *Config) setDefaults() {
	setDefault(&c.Addr, "127.0.0.1:6379")
	setDefault(&c.MaxClients, 10000)
	setDefault(&c.Limits.Bulk, resp.DefaultBulk)
	setDefault(&c.Limits.Args, resp.DefaultArgs)
	setDefault(&c.Limits.Command, resp.DefaultCommand)
	setDefault(&c.Pause, 256<<10)
	setDefault(&c.Drop, 256<<20)
}

func setDefault[T comparable](p *T, value T) {
	var zero T
	if *p == zero {
		*p = value
	}
}

// Engines by the name that -engine takes.
var engines = map[string]func(Config) (Server, error){
	"owners": startOwners,
	"mutex":  startMutex,
}

// Start starts a server with an engine: owners or mutex.
func Start(engine string, c Config) (Server, error) {
	start := engines[engine]
	if start == nil {
		return nil, fmt.Errorf("kvserver: there is no engine %q: use owners or mutex", engine)
	}
	c.setDefaults()
	return start(c)
}

// env has the data of the server that commands need.
type env struct {
	Config
	engine  string
	started time.Time
	addr    net.Addr
	figures func() Figures
}
