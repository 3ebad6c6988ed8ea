package kvserver

import "sync/atomic"

// A worker's counters. It counts in plain numbers, and publishes them when its
// round ends: an atomic addition for each command would cost more than the
// command.
const (
	cClients = iota
	cAccepted
	cRejected
	cDropped
	cPaused
	cMalformed
	cCommands
	cIn
	cOut
	cKeys
	cBytes
	cSent
	cBatches
	cServed
	cFull
	numCounters
)

type counters struct {
	now   [numCounters]int64
	last  [numCounters]int64 // as published
	shown [numCounters]atomic.Int64
}

func (c *counters) publish() {
	for i, n := range c.now {
		if c.last[i] != n {
			c.last[i] = n
			c.shown[i].Store(n)
		}
	}
}

// add adds a worker's counters to a server's.
func (f *Figures) add(cpu int, c *counters) {
	get := func(i int) int64 { return c.shown[i].Load() }
	count := func(i int) uint64 { return uint64(get(i)) }
	f.Clients += get(cClients)
	f.Accepted += count(cAccepted)
	f.Rejected += count(cRejected)
	f.Dropped += count(cDropped)
	f.Paused += count(cPaused)
	f.Malformed += count(cMalformed)
	f.Commands += count(cCommands)
	f.In += count(cIn)
	f.Out += count(cOut)
	f.Keys += get(cKeys)
	f.Bytes += get(cBytes)
	f.CPUs = append(f.CPUs, CPUFigures{
		CPU: cpu, Clients: get(cClients), Commands: count(cCommands), Keys: get(cKeys),
		Sent: count(cSent), Batches: count(cBatches), Served: count(cServed), Full: count(cFull),
	})
}
