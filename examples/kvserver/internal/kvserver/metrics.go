package kvserver

import (
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
)

// NewCollector returns a collector of a server's figures for Prometheus.
func NewCollector(s Server) prometheus.Collector { return &collector{s.Figures} }

type collector struct{ figures func() Figures }

// metric is a figure as Prometheus has it.
type metric struct {
	desc  *prometheus.Desc
	kind  prometheus.ValueType
	value func(*Figures) float64
}

func newMetric(name, help string, kind prometheus.ValueType, value func(*Figures) float64) metric {
	return metric{prometheus.NewDesc("kvserver_"+name, help, nil, nil), kind, value}
}

var all = []metric{
	newMetric("clients", "Clients that are connected.", prometheus.GaugeValue, func(f *Figures) float64 { return float64(f.Clients) }),
	newMetric("keys", "Keys that are stored.", prometheus.GaugeValue, func(f *Figures) float64 { return float64(f.Keys) }),
	newMetric("dataset_bytes", "Bytes of all keys and values.", prometheus.GaugeValue, func(f *Figures) float64 { return float64(f.Bytes) }),
	newMetric("connections_accepted_total", "Connections accepted.", prometheus.CounterValue, func(f *Figures) float64 { return float64(f.Accepted) }),
	newMetric("connections_rejected_total", "Connections refused because there were too many.", prometheus.CounterValue, func(f *Figures) float64 { return float64(f.Rejected) }),
	newMetric("clients_dropped_total", "Clients disconnected for output that they did not read.", prometheus.CounterValue, func(f *Figures) float64 { return float64(f.Dropped) }),
	newMetric("clients_paused_total", "Times that a client's commands waited for it to read.", prometheus.CounterValue, func(f *Figures) float64 { return float64(f.Paused) }),
	newMetric("protocol_errors_total", "Clients disconnected for a protocol error.", prometheus.CounterValue, func(f *Figures) float64 { return float64(f.Malformed) }),
	newMetric("commands_total", "Commands run.", prometheus.CounterValue, func(f *Figures) float64 { return float64(f.Commands) }),
	newMetric("input_bytes_total", "Bytes read from clients.", prometheus.CounterValue, func(f *Figures) float64 { return float64(f.In) }),
	newMetric("output_bytes_total", "Bytes written to clients.", prometheus.CounterValue, func(f *Figures) float64 { return float64(f.Out) }),
}

// ofCPU are the figures that each CPU has.
var ofCPU = []struct {
	desc  *prometheus.Desc
	value func(*CPUFigures) uint64
}{
	{cpuDesc("operations_sent_total", "Operations that the CPU had other CPUs do."), func(c *CPUFigures) uint64 { return c.Sent }},
	{cpuDesc("batches_sent_total", "Messages that those operations went in."), func(c *CPUFigures) uint64 { return c.Batches }},
	{cpuDesc("operations_served_total", "Operations that the CPU did for other CPUs."), func(c *CPUFigures) uint64 { return c.Served }},
}

func cpuDesc(name, help string) *prometheus.Desc {
	return prometheus.NewDesc("kvserver_"+name, help, []string{"cpu"}, nil)
}

// Describe implements prometheus.Collector.
func (*collector) Describe(out chan<- *prometheus.Desc) {
	for _, m := range all {
		out <- m.desc
	}
	for _, m := range ofCPU {
		out <- m.desc
	}
}

// Collect implements prometheus.Collector.
func (c *collector) Collect(out chan<- prometheus.Metric) {
	f := c.figures()
	for _, m := range all {
		out <- prometheus.MustNewConstMetric(m.desc, m.kind, m.value(&f))
	}
	for i := range f.CPUs {
		for _, m := range ofCPU {
			out <- prometheus.MustNewConstMetric(m.desc, prometheus.CounterValue, float64(m.value(&f.CPUs[i])), strconv.Itoa(f.CPUs[i].CPU))
		}
	}
}
