package kvserver

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"runtime"
	"runtime/metrics"
	"strings"
	"time"

	"crosscall/examples/kvserver/internal/resp"
)

// redisVersion is the version that this server reports to clients.
const redisVersion = "7.0.0"

// Figures are a server's counters.
type Figures struct {
	Clients   int64  // connected now
	Accepted  uint64 // connections ever
	Rejected  uint64 // connections refused, because there were too many
	Dropped   uint64 // clients disconnected for output that they did not read
	Paused    uint64 // times that a client's commands waited for it to read
	Malformed uint64 // clients disconnected for a protocol error
	Commands  uint64
	In, Out   uint64 // bytes read and written
	Keys      int64
	Bytes     int64 // of keys and values

	CPUs []CPUFigures // of the engine of owners
}

// CPUFigures are those of one CPU.
type CPUFigures struct {
	CPU      int
	Clients  int64
	Commands uint64
	Keys     int64
	Sent     uint64 // operations that it sent to other CPUs
	Batches  uint64 // messages that they went in
	Served   uint64 // operations that it did for other CPUs
	Full     uint64 // times that a message had to wait for room
}

// info is INFO: all sections, or one.
func info(e *env, args [][]byte, out []byte) []byte {
	only := "all"
	if len(args) > 1 {
		only = strings.ToLower(string(args[1]))
	}
	var b bytes.Buffer
	f := e.figures()
	for _, s := range sections {
		if only == "all" || only == "default" || only == "everything" || only == strings.ToLower(s.name) {
			if b.Len() > 0 {
				b.WriteString("\r\n")
			}
			fmt.Fprintf(&b, "# %s\r\n", s.name)
			s.write(&b, e, &f)
		}
	}
	return resp.AppendBulk(out, b.Bytes())
}

var sections = []struct {
	name  string
	write func(*bytes.Buffer, *env, *Figures)
}{
	{"Server", infoServer},
	{"Clients", infoClients},
	{"Memory", infoMemory},
	{"Stats", infoStats},
	{"CPU", infoCPU},
	{"Owners", infoOwners},
	{"Keyspace", infoKeyspace},
}

func infoServer(b *bytes.Buffer, e *env, f *Figures) {
	port := 0
	if a, ok := e.addr.(*net.TCPAddr); ok {
		port = a.Port
	}
	up := time.Since(e.started)
	fmt.Fprintf(b, "redis_version:%s\r\nserver_name:crosscall-kvserver\r\nengine:%s\r\nredis_mode:standalone\r\n", redisVersion, e.engine)
	fmt.Fprintf(b, "os:%s %s\r\ngo_version:%s\r\ngomaxprocs:%d\r\n", runtime.GOOS, runtime.GOARCH, runtime.Version(), runtime.GOMAXPROCS(0))
	fmt.Fprintf(b, "process_id:%d\r\ntcp_port:%d\r\nuptime_in_seconds:%d\r\nuptime_in_days:%d\r\n",
		os.Getpid(), port, int(up.Seconds()), int(up.Hours()/24))
}

func infoClients(b *bytes.Buffer, e *env, f *Figures) {
	fmt.Fprintf(b, "connected_clients:%d\r\nmaxclients:%d\r\nclients_dropped_for_output:%d\r\nclients_paused_for_output:%d\r\n",
		f.Clients, e.MaxClients, f.Dropped, f.Paused)
}

func infoMemory(b *bytes.Buffer, _ *env, f *Figures) {
	samples := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/total:bytes"}, {Name: "/gc/cycles/total:gc-cycles"}}
	metrics.Read(samples)
	fmt.Fprintf(b, "used_memory:%d\r\nused_memory_dataset:%d\r\nused_memory_runtime:%d\r\ngc_cycles:%d\r\nmaxmemory:0\r\n",
		samples[0].Value.Uint64(), f.Bytes, samples[1].Value.Uint64(), samples[2].Value.Uint64())
}

func infoStats(b *bytes.Buffer, _ *env, f *Figures) {
	fmt.Fprintf(b, "total_connections_received:%d\r\ntotal_commands_processed:%d\r\n", f.Accepted, f.Commands)
	fmt.Fprintf(b, "total_net_input_bytes:%d\r\ntotal_net_output_bytes:%d\r\n", f.In, f.Out)
	fmt.Fprintf(b, "rejected_connections:%d\r\nprotocol_errors:%d\r\n", f.Rejected, f.Malformed)
}

func infoCPU(b *bytes.Buffer, _ *env, _ *Figures) {
	user, sys := cpuTime()
	fmt.Fprintf(b, "used_cpu_sys:%.6f\r\nused_cpu_user:%.6f\r\n", sys.Seconds(), user.Seconds())
}

func infoOwners(b *bytes.Buffer, _ *env, f *Figures) {
	for _, c := range f.CPUs {
		fmt.Fprintf(b, "cpu%d:clients=%d,commands=%d,keys=%d,sent=%d,batches=%d,served=%d\r\n",
			c.CPU, c.Clients, c.Commands, c.Keys, c.Sent, c.Batches, c.Served)
	}
}

func infoKeyspace(b *bytes.Buffer, _ *env, f *Figures) {
	if f.Keys > 0 {
		fmt.Fprintf(b, "db0:keys=%d,expires=0,avg_ttl=0\r\n", f.Keys)
	}
}
