// Package metrics exports the figures of a [crosscall.System] to Prometheus.
package metrics

import (
	"strconv"

	"crosscall"

	"github.com/prometheus/client_golang/prometheus"
)

// NewCollector returns a collector of sys.Stats, which it calls once for each
// collection. All metrics have the label cpu.
//
// A second System in one process needs a registry of its own, or labels by
// [prometheus.WrapRegistererWith].
func NewCollector(sys *crosscall.System) prometheus.Collector { return &collector{sys.Stats} }

type collector struct{ stats func() crosscall.Stats }

// metric is a metric with one value for each CPU.
type metric struct {
	desc  *prometheus.Desc
	kind  prometheus.ValueType
	value func(*crosscall.CPUStats) float64
}

func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("crosscall_"+name, help, append([]string{"cpu"}, labels...), nil)
}

func counter(name, help string, value func(*crosscall.CPUStats) uint64) metric {
	return metric{desc(name, help), prometheus.CounterValue, func(c *crosscall.CPUStats) float64 { return float64(value(c)) }}
}

func gauge(name, help string, value func(*crosscall.CPUStats) float64) metric {
	return metric{desc(name, help), prometheus.GaugeValue, value}
}

var metrics = []metric{
	counter("requests_sent_total", "Requests by functions on the CPU, one for each target.",
		func(c *crosscall.CPUStats) uint64 { return c.Sent }),
	counter("functions_run_total", "Functions run on the CPU.",
		func(c *crosscall.CPUStats) uint64 { return c.Received }),
	counter("doorbells_rung_total", "Wakes of the CPU by a caller that found it asleep.",
		func(c *crosscall.CPUStats) uint64 { return c.DoorbellsRung }),
	counter("doorbells_avoided_total", "Requests that found the CPU awake.",
		func(c *crosscall.CPUStats) uint64 { return c.DoorbellsAvoided }),
	counter("panics_total", "Functions that panicked on the CPU.",
		func(c *crosscall.CPUStats) uint64 { return c.Panics }),
	counter("stalls_total", "Reports of calls that the CPU did not answer in time.",
		func(c *crosscall.CPUStats) uint64 { return c.Stalls }),
	gauge("queue_depth", "Requests that wait for the CPU.",
		func(c *crosscall.CPUStats) float64 { return float64(c.Depth) }),
	gauge("cpu_online", "1 if the CPU takes calls.",
		func(c *crosscall.CPUStats) float64 { return oneIf(c.Online) }),
	gauge("cpu_pinned", "1 if the executor's thread is bound to the CPU.",
		func(c *crosscall.CPUStats) float64 { return oneIf(c.Pinned) }),
}

var (
	longest = desc("longest_function_seconds", "Longest run of a function on the CPU so far, by the function's name.", "function")
	latency = desc("call_latency_seconds", "Time of calls to the CPU that were waited for; one in 64 is timed.")
)

// Describe implements prometheus.Collector.
func (*collector) Describe(out chan<- *prometheus.Desc) {
	for _, m := range metrics {
		out <- m.desc
	}
	out <- longest
	out <- latency
}

// Collect implements prometheus.Collector.
func (k *collector) Collect(out chan<- prometheus.Metric) {
	stats := k.stats()
	for i := range stats.CPUs {
		collect(&stats.CPUs[i], out)
	}
}

func collect(c *crosscall.CPUStats, out chan<- prometheus.Metric) {
	cpu := strconv.Itoa(c.CPU)
	for _, m := range metrics {
		out <- prometheus.MustNewConstMetric(m.desc, m.kind, m.value(c), cpu)
	}
	if c.LongestFunc != "" {
		out <- prometheus.MustNewConstMetric(longest, prometheus.GaugeValue, c.Longest.Seconds(), cpu, c.LongestFunc)
	}
	out <- prometheus.MustNewConstHistogram(latency, c.Latency.Count(), c.Latency.Sum.Seconds(), buckets(&c.Latency), cpu)
}

func oneIf(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// Buckets end at 2^i ns for i from firstBucket to lastBucket: 64 ns, less than any
// call takes, to about 1 s. Each bucket is a series for each CPU, and buckets
// beyond these would rarely have counts. They all end where a bucket of
// [crosscall.Histogram] ends, so no count is estimated. The upper bound is in
// Prometheus's bucket but not in the Histogram's, so a call of exactly 2^i ns is
// counted one bucket higher.
const (
	firstBucket = 6
	lastBucket  = 30
)

// buckets returns the cumulative counts by upper bound in seconds.
func buckets(h *crosscall.Histogram) map[float64]uint64 {
	out := make(map[float64]uint64, lastBucket-firstBucket+1)
	var below uint64
	for i, n := range h.Counts[:lastBucket+1] {
		below += n
		if i >= firstBucket {
			out[float64(uint64(1)<<i)/1e9] = below
		}
	}
	return out
}
