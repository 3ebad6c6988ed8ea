package main

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
)

// result is one server's in one case and round. Times are in seconds.
type result struct {
	requests     int
	took         float64 // of redis-benchmark's clock
	user, kernel float64 // the server's CPU time
	client       float64 // redis-benchmark's CPU time
}

func (r result) rate() float64       { return float64(r.requests) / r.took }
func (r result) cost() float64       { return (r.user + r.kernel) * 1e6 / float64(r.requests) }
func (r result) kernelPart() float64 { return r.kernel / (r.user + r.kernel) }
func (r result) clientCost() float64 { return r.client * 1e6 / float64(r.requests) }

// series is the results of all rounds.
type series []result

func (s series) median(f func(result) float64) float64 {
	var all []float64
	for _, r := range s {
		all = append(all, f(r))
	}
	return quantile(all, 0.5)
}

// ratio is the median of the ratios within a round, and their quartiles.
func (s series) ratio(to series, f func(result) float64) string {
	if &s[0] == &to[0] {
		return "1"
	}
	var all []float64
	for i := range s {
		all = append(all, f(s[i])/f(to[i]))
	}
	return fmt.Sprintf("%.2f (%.2f to %.2f)", quantile(all, 0.5), quantile(all, 0.25), quantile(all, 0.75))
}

// quantile sorts its numbers. Between two it interpolates.
func quantile(all []float64, q float64) float64 {
	slices.Sort(all)
	at := q * float64(len(all)-1)
	low := int(at)
	high := min(low+1, len(all)-1)
	return all[low] + (at-float64(low))*(all[high]-all[low])
}

// machine is the state of the machine; where it is not known, zero.
type machine struct {
	load        string
	busy, total float64 // CPU seconds since it was started
}

func readMachine() (m machine) {
	m.load = "unknown"
	if b, err := os.ReadFile("/proc/loadavg"); err == nil {
		m.load, _, _ = strings.Cut(string(b), " ")
	}
	b, err := os.ReadFile("/proc/stat")
	if err != nil {
		return m
	}
	line, _, _ := strings.Cut(string(b), "\n")
	for i, field := range strings.Fields(line) {
		ticks, _ := strconv.ParseFloat(field, 64)
		if i == 0 || i > 8 { // its name; guests, which are counted as users
			continue
		}
		m.total += ticks / 100
		if i != 4 && i != 5 { // idle, and waiting for a disk
			m.busy += ticks / 100
		}
	}
	return m
}
