package topology

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"strconv"
	"text/tabwriter"

	"crosscall/cpumask"
)

// Describe prints t as text: a line for each online CPU, and then the CPUs that may be used,
// with the reason. The form may change; programs should read the fields. The error is the
// writer's.
func (t *Topology) Describe(w io.Writer) error {
	var b bytes.Buffer
	t.describeCPUs(&b)
	b.WriteByte('\n')
	t.describeLimits(&b)
	_, err := w.Write(b.Bytes())
	return err
}

func (t *Topology) describeCPUs(b *bytes.Buffer) {
	tw := tabwriter.NewWriter(b, 0, 0, 3, ' ', 0)
	fmt.Fprintln(tw, "cpu\tnode\tpackage\tcore\tL1d\tL2\tL3")
	for _, c := range t.CPUs {
		fmt.Fprintf(tw, "%d\t%d\t%s\t%v\t%s\t%s\t%s\n",
			c.ID, t.Node(c.ID), known(c.Package), c.Siblings, c.dataCache(1), c.dataCache(2), c.dataCache(3))
	}
	tw.Flush()
}

func (t *Topology) describeLimits(b *bytes.Buffer) {
	tw := tabwriter.NewWriter(b, 0, 0, 3, ' ', 0)
	fmt.Fprintf(tw, "usable\t%s\n", countCPUs(t.Usable))
	fmt.Fprintf(tw, "affinity\t%s\n", countCPUs(t.Affinity))
	fmt.Fprintf(tw, "quota\t%s\n", quotaText(t.Quota))
	for _, n := range t.Nodes {
		fmt.Fprintf(tw, "node %d\t%s\n", n.ID, countCPUs(n.CPUs))
	}
	for _, note := range t.Notes {
		fmt.Fprintf(tw, "note\t%s\n", note)
	}
	tw.Flush()
}

// dataCache names the cache at a level that holds data: at level 1 an instruction cache is not
// what a call's record travels through.
func (c CPU) dataCache(level int) string {
	for _, cache := range c.Caches {
		if cache.Level == level && cache.Type != "Instruction" {
			return sizeText(cache.Size) + " " + listText(cache.Shared)
		}
	}
	return "-"
}

func listText(m cpumask.Mask) string {
	if m.Empty() {
		return "?"
	}
	return m.String()
}

func countCPUs(m cpumask.Mask) string {
	switch n := m.Weight(); n {
	case 0:
		return "unknown"
	case 1:
		return m.String() + " (1 CPU)"
	default:
		return fmt.Sprintf("%v (%d CPUs)", m, n)
	}
}

func quotaText(quota float64) string {
	if quota == 0 {
		return "none"
	}
	return strconv.FormatFloat(math.Round(quota*1000)/1000, 'f', -1, 64) + " CPUs of time"
}

// sizeText prints bytes in the largest unit that needs no fraction.
func sizeText(size int64) string {
	switch {
	case size == 0:
		return "?"
	case size%(1<<20) == 0:
		return strconv.FormatInt(size>>20, 10) + "M"
	default:
		return strconv.FormatInt(size>>10, 10) + "K"
	}
}

func known(n int) string {
	if n < 0 {
		return "?"
	}
	return strconv.Itoa(n)
}
