package model_test

import (
	"fmt"
	"slices"
	"strings"
)

// A shape is a cycle of accesses, written as in the literature: the accesses of
// each thread, "Wx" or "Rx", and between two threads how they communicate: rf
// (a read sees a write), fr (a read does not see a write), co (a write comes
// before another).
var shapes = map[string]string{
	// Two threads
	"MP":   "Wx Wy rf Ry Rx fr",
	"SB":   "Wx Ry fr Wy Rx fr",
	"LB":   "Rx Wy rf Ry Wx rf",
	"S":    "Wx Wy rf Ry Wx co",
	"R":    "Wx Wy co Wy Rx fr",
	"2+2W": "Wx Wy co Wy Wx co",
	// Three
	"WRC":    "Wx rf Rx Wy rf Ry Rx fr",
	"RWC":    "Wx rf Rx Ry fr Wy Rx fr",
	"WWC":    "Wx rf Rx Wy rf Ry Wx co",
	"WRW+WR": "Wx rf Rx Wy co Wy Rx fr",
	"WRR+2W": "Wx rf Rx Ry fr Wy Wx co",
	"WRW+2W": "Wx rf Rx Wy co Wy Wx co",
	"ISA2":   "Wx Wy rf Ry Wz rf Rz Rx fr",
	"W+RWC":  "Wx Wy rf Ry Rz fr Wz Rx fr",
	"Z6.0":   "Wx Wy rf Ry Wz co Wz Rx fr",
	"Z6.1":   "Wx Wy co Wy Wz rf Rz Wx co",
	"Z6.2":   "Wx Wy rf Ry Wz rf Rz Wx co",
	"Z6.3":   "Wx Wy co Wy Wz rf Rz Rx fr",
	"Z6.4":   "Wx Wy co Wy Rz fr Wz Rx fr",
	"Z6.5":   "Wx Wy co Wy Wz co Wz Rx fr",
	"3.SB":   "Wx Ry fr Wy Rz fr Wz Rx fr",
	"3.LB":   "Rx Wy rf Ry Wz rf Rz Wx rf",
	"3.2W":   "Wx Wy co Wy Wz co Wz Wx co",
	// Four
	"4.SB":   "Wx Ry fr Wy Rz fr Wz Ra fr Wa Rx fr",
	"IRIW":   "Wx rf Rx Ry fr Wy rf Ry Rx fr",
	"IRRWIW": "Wx rf Rx Ry fr Wy rf Ry Wx co",
	"IRWIW":  "Wx rf Rx Wy co Wy rf Ry Wx co",
	// One location. There is nothing between two accesses of a thread.
	"CoRR":  "Wx rf Rx Rx fr",
	"CoRW2": "Wx rf Rx Wx co",
	"CoWR":  "Wx Rx=1 fr Wx co",
	"CoWW":  "Wx Wx co",
	"CoRW1": "Rx Wx rf",
}

// links are the fences that may be between two accesses of a thread, with their
// C. Dependencies, and kinds of an access such as acquire, are not in it. A
// table of primitives says which instruction each one is.
var links = map[string]string{
	"po": "", "mb": "smp_mb();", "rmb": "smp_rmb();", "wmb": "smp_wmb();",
	// The machines' own names of fences.
	"mfence": "smp_mb();",
	"sync":   "smp_mb();", "lwsync": "smp_wmb();", "eieio": "eieio();", "isync": "isync();",
	"dmb": "smp_mb();", "dmb.ld": "smp_rmb();", "dmb.st": "smp_wmb();", "isb": "isb();",
	"fence.rw.rw": "smp_mb();", "fence.r.r": "smp_rmb();", "fence.w.w": "smp_wmb();",
	"F.sc": "smp_mb();", "F.acq": "smp_rmb();", "F.rel": "smp_wmb();",
	// Fences of all threads at once.
	"gp": "synchronize_rcu();", "memb": "smp_memb();",
}

// An access of a thread, with what precedes it there.
type access struct {
	write    bool
	loc      string
	value    int    // what it writes, or reads if checked
	checked  bool   // a read whose value the condition asks for
	acquire  bool   // smp_load_acquire
	release  bool   // smp_store_release
	xchg     bool   // a write by xchg
	reader   bool   // it ends an RCU critical section that is the whole thread
	dep      string // addr, data or ctrl, from the access before it
	fences   []string
	register string
}

// A litmusShape makes the C of a name such as "MP+wmb+addr": a shape and the link
// between the two accesses of each thread that has two. Without links, all
// are po. A link may have further accesses in it: "ctrl-rfi-addr" is a control
// dependency to a write, which a read sees, on which an address depends. rfi, fri
// and wsi lead to the same location. After other parts the access in the middle is
// a write if rfi or wsi follows, and otherwise as ".W" or ".R" says.
//
// With plain, accesses are plain.
func litmusShape(name string, plain bool) (string, error) {
	base, rest, _ := strings.Cut(name, "+")
	for s := range shapes { // "2+2W" and the like have a plus in them
		if len(s) > len(base) && (name == s || strings.HasPrefix(name, s+"+")) {
			base, rest = s, strings.TrimPrefix(name[len(s):], "+")
		}
	}
	cycle, ok := shapes[base]
	if !ok {
		return "", fmt.Errorf("%s: no such shape", name)
	}
	threads, finals := parseCycle(cycle)
	var list []string
	if rest != "" {
		list = strings.Split(rest, "+")
	}
	fresh := 0
	for t := range threads {
		if len(threads[t]) == 1 {
			continue
		}
		link := "po"
		if len(list) > 0 {
			link, list = list[0], list[1:]
		} else if rest != "" {
			return "", fmt.Errorf("%s: too few links", name)
		}
		var err error
		if threads[t], err = expand(threads[t], link, &fresh, finals); err != nil {
			return "", fmt.Errorf("%s: %w", name, err)
		}
	}
	if len(list) > 0 {
		return "", fmt.Errorf("%s: too many links", name)
	}
	return emit(name, threads, finals, plain), nil
}

// parseCycle returns the threads of a cycle, and the final values that it asks
// for.
func parseCycle(cycle string) (threads [][]*access, finals map[string]int) {
	finals = make(map[string]int)
	words := strings.Fields(cycle)
	thread := []*access{}
	var all []*access
	var edges []string // between the access of that index and the next one
	for _, w := range words {
		if w == "rf" || w == "fr" || w == "co" {
			edges[len(all)-1] = w
			threads, thread = append(threads, thread), nil
			continue
		}
		loc, value, given := strings.Cut(w[1:], "=")
		a := &access{write: w[0] == 'W', loc: loc, checked: w[0] == 'R'}
		if given {
			a.value = int(value[0] - '0')
		}
		thread, all, edges = append(thread, a), append(all, a), append(edges, "")
	}
	// Writes of one location: the one that another follows in co comes first.
	next := make(map[*access]*access)
	for i, e := range edges {
		to := all[(i+1)%len(all)]
		if e == "co" {
			next[all[i]] = to
		}
	}
	for _, a := range all {
		if a.write {
			a.value = 1
		}
	}
	for a, b := range next {
		a.value, b.value = 1, 2
		finals[a.loc] = 2
	}
	for i, e := range edges {
		to := all[(i+1)%len(all)]
		switch e {
		case "rf":
			to.value = all[i].value
		case "fr":
			all[i].value = max(all[i].value, to.value-1)
		}
	}
	return threads, finals
}

// expand puts a link between the two accesses of a thread.
func expand(thread []*access, link string, fresh *int, finals map[string]int) ([]*access, error) {
	from, to := thread[0], thread[1]
	out := []*access{from}
	parts := strings.Split(link, "-")
	at := from
	for i, part := range parts {
		part, kind, _ := strings.Cut(part, ".")
		if kind != "W" && kind != "R" && kind != "" { // "dmb.ld"
			part, kind = part+"."+kind, ""
		}
		next := to
		if i < len(parts)-1 {
			next = &access{write: kind == "W" || parts[i+1] == "rfi" || parts[i+1] == "wsi"}
			switch {
			case part == "rfi":
				next.write, next.loc, next.value, next.checked = false, at.loc, at.value, true
			case part == "fri" || part == "wsi":
				next.write, next.loc, next.value = true, at.loc, at.value+1
				finals[at.loc] = next.value
			default:
				next.loc, next.value = fmt.Sprintf("t%d", *fresh), 1
				*fresh++
			}
			out = append(out, next)
		}
		if err := next.setLink(part, at); err != nil {
			return nil, err
		}
		if at.acquire && at.write || at.release && !at.write || next.acquire && next.write || next.release && !next.write {
			return nil, fmt.Errorf("%s: a read cannot release, nor a write acquire", link)
		}
		at = next
	}
	return append(out, to), nil
}

// setLink puts part between at and a.
func (a *access) setLink(part string, at *access) error {
	switch part {
	case "rfi", "fri", "wsi":
	case "addr", "data", "ctrl":
		a.dep = part
	case "ctrlisync":
		a.dep, a.fences = "ctrl", []string{"isync();"}
	case "ctrlisb":
		a.dep, a.fences = "ctrl", []string{"isb();"}
	case "acq":
		at.acquire = true
	case "rel":
		a.release = true
	case "relacq", "acqrel":
		at.acquire, at.release = !at.write, at.write
		a.acquire, a.release = !a.write, a.write
	case "xchg":
		at.xchg = true
	case "rcu":
		a.reader = true
	default:
		f, ok := links[part]
		if !ok {
			return fmt.Errorf("no such link: %s", part)
		}
		if f != "" {
			a.fences = append(a.fences, f)
		}
	}
	return nil
}

// emit writes the test.
func emit(name string, threads [][]*access, finals map[string]int, plain bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "C %s\n\n{}\n", name)
	var cond []string
	for t, thread := range threads {
		b.WriteString("\n")
		b.WriteString(emitThread(t, thread, plain, &cond))
	}
	for _, loc := range sortedKeys(finals) {
		cond = append(cond, fmt.Sprintf("[%s]=%d", loc, finals[loc]))
	}
	fmt.Fprintf(&b, "\nexists (%s)\n", strings.Join(cond, " /\\ "))
	return b.String()
}

func emitThread(t int, thread []*access, plain bool, cond *[]string) string {
	var locs, decls, body []string
	indent, closing := "\t", ""
	add := func(format string, args ...any) { body = append(body, indent+fmt.Sprintf(format, args...)+"\n") }
	for i, a := range thread {
		if !slices.Contains(locs, a.loc) {
			locs = append(locs, a.loc)
		}
		var zero string // a value 0 that depends on the access before
		if i > 0 && thread[i-1].register != "" {
			zero = fmt.Sprintf(" + (%s & 0)", thread[i-1].register)
		}
		if a.dep == "ctrl" {
			add("if (%s == %d) {", thread[i-1].register, thread[i-1].value)
			indent, closing = indent+"\t", indent+"}\n"+closing
		}
		for _, f := range a.fences {
			add("%s", f)
		}
		ptr, val := a.loc, fmt.Sprint(a.value)
		if a.dep == "addr" {
			ptr = "(" + a.loc + zero + ")"
		}
		if a.dep == "data" {
			val += zero
		}
		if !a.write || a.xchg {
			a.register = fmt.Sprintf("r%d", i)
			decls = append(decls, fmt.Sprintf("\tint %s;\n", a.register))
		}
		add("%s", a.statement(ptr, val, plain))
		if a.checked {
			*cond = append(*cond, fmt.Sprintf("%d:%s=%d", t, a.register, a.value))
		}
	}
	if thread[len(thread)-1].reader {
		body = slices.Concat([]string{"\trcu_read_lock();\n"}, body, []string{"\trcu_read_unlock();\n"})
	}
	slices.Sort(locs)
	return fmt.Sprintf("P%d(int *%s)\n{\n%s%s%s}\n", t, strings.Join(locs, ", int *"),
		strings.Join(decls, ""), strings.Join(body, ""), closing)
}

func (a *access) statement(ptr, val string, plain bool) string {
	switch {
	case a.xchg:
		return fmt.Sprintf("%s = xchg(%s, %s);", a.register, ptr, val)
	case a.write && a.release:
		return fmt.Sprintf("smp_store_release(%s, %s);", ptr, val)
	case a.write && plain:
		return fmt.Sprintf("*%s = %s;", ptr, val)
	case a.write:
		return fmt.Sprintf("WRITE_ONCE(*%s, %s);", ptr, val)
	case a.acquire:
		return fmt.Sprintf("%s = smp_load_acquire(%s);", a.register, ptr)
	case plain:
		return fmt.Sprintf("%s = *%s;", a.register, ptr)
	}
	return fmt.Sprintf("%s = READ_ONCE(*%s);", a.register, ptr)
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
