package explore_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"crosscall/memmodel/internal/explore"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/model"

	"pgregory.net/rapid"
)

// TestTwinPolls: to leave out the rounds of loops that take a lock, look, and give it back leaves
// out no ending, and adds none. There are two twins. One has the rounds, up to its bound: it has
// the same values in the end, where all threads end. The other is the program with each such
// loop replaced by one round, after which the thread goes on or gives up. A thread waits forever
// if what it gives up for is what memory holds in the end.
func TestTwinPolls(t *testing.T) {
	for _, name := range []string{"lkmm", "sc", "x86-tso", "rc11", "armv8", "power"} {
		t.Run(name, func(t *testing.T) {
			m, err := model.Load(name)
			if err != nil {
				t.Fatal(err)
			}
			check(t, 20, func(t *rapid.T) {
				x := pollingProgram(t, m)
				got, hit := pollEndings(t, x.loops, m, explore.Run, 4)
				want, _ := pollEndings(t, x.once, m, explore.RunUnfolded, 1)
				if hit {
					t.Fatalf("the bound is hit\n%s", x.text)
				}
				if !sameKeys(got, want) {
					t.Fatalf("%v\nby one round %v\n%s", got, want, x.text)
				}
				x.loops.Waits = false
				rounds, _ := pollEndings(t, x.loops, m, explore.RunUnfolded, 2)
				for ending := range rounds {
					if got[ending] == 0 {
						t.Fatalf("%v\nwith rounds also %s\n%s", got, ending, x.text)
					}
				}
			})
		})
	}
}

// A poller is a random program with loops that take a lock, and with one round of each.
type poller struct {
	text        string
	loops, once *ir.Program
}

// The values of o0, o1 ... in the end. A thread that has left its loop writes wentOn and what it has
// read. A thread that gives up after one round writes what it has read that kept it waiting.
const (
	wentOn = 100
	forZ   = 900  // z was 0
	for0   = 1000 // x was 0
	forXY  = 2000 // plus x + 10 y
)

// pollEndings counts the executions by what memory holds in the end, with "waits" for what a
// thread has that waits forever, or gives up in vain.
func pollEndings(t *rapid.T, p *ir.Program, m *model.Model, run runner, bound int) (found map[string]int, hit bool) {
	found = map[string]int{}
	short := &patience{Context: context.Background()}
	short.asked.Store(20000)
	stats, err := run(short, p, m.Plan, explore.Config{Bound: bound}, func(x *explore.Execution) error {
		value := func(name string) int64 {
			for c := range p.Cells {
				if p.Cells[c].Name == name {
					v, _ := x.Value(ir.Obs{Kind: ir.CellObs, Cell: c})
					return v
				}
			}
			return 0
		}
		ending := ""
		for i := range p.Threads {
			o := value(fmt.Sprint("o", i))
			switch x, y := value("x"), value("y"); {
			case o < forZ:
			case o == forZ && value("z") == 0, o == for0 && x == 0, o == forXY+x+10*y:
				o = 0
			default:
				return nil // what it has given up for has changed
			}
			ending += fmt.Sprint("o", i, "=", o, " ")
		}
		found[ending+fmt.Sprint("x=", value("x"), " y=", value("y"), " z=", value("z"))]++
		return nil
	})
	if errors.Is(err, context.DeadlineExceeded) {
		t.Skip("too long")
	} else if err != nil {
		t.Fatal(err)
	}
	return found, stats.BoundHit
}

// pollingProgram draws a program in which threads wait for what a lock protects.
func pollingProgram(t *rapid.T, m *model.Model) (x poller) {
	n := rapid.SampledFrom([]int{2, 2, 3}).Draw(t, "threads")
	g := pollGen{t: t}
	var loops, once strings.Builder
	for i := range n {
		head := fmt.Sprintf("P%d(int *x, int *y, int *z, int *o%d, spinlock_t *l, spinlock_t *k)\n{\n\tint r0 = 0;\n\tint r1 = 0;\n\tint r2 = 0;\n", i, i)
		a, b := g.thread(i)
		loops.WriteString(head + a + "}\n")
		once.WriteString(head + b + "}\n")
	}
	x.text = loops.String()
	const head, foot = "C poll\n{}\n", "exists (x=0)\n"
	x.loops, x.once = programOf(t, m, head+loops.String()+foot), programOf(t, m, head+once.String()+foot)
	x.loops.Waits = true
	return x
}

type pollGen struct {
	t     *rapid.T
	value int // the last that was written: each is written once
}

func (g *pollGen) pick(from ...string) string { return rapid.SampledFrom(from).Draw(g.t, "part") }

// thread draws a thread with its loop, and with one round of it.
func (g *pollGen) thread(i int) (loop, once string) {
	if i > 0 && g.pick("poll", "write", "write") == "write" {
		body := g.writes(i)
		return body, body
	}
	before := g.pick("", "", "WRITE_ONCE(*z, 7);", "r2 = READ_ONCE(*z);", "spin_lock(l); r2 = READ_ONCE(*x); spin_unlock(l);")
	lock := g.pick("l", "l", "k")
	begin, end := "spin_lock("+lock+");", "spin_unlock("+lock+");"
	if lock == "k" && g.pick("one", "both") == "both" {
		begin, end = "spin_lock(l); "+begin, g.pick(end+" spin_unlock(l);", "spin_unlock(l); "+end)
	}
	look := g.pick("r0 = READ_ONCE(*x); r1 = READ_ONCE(*y);", "r1 = READ_ONCE(*y); smp_mb(); r0 = READ_ONCE(*x);", "r0 = smp_load_acquire(x); r1 = READ_ONCE(*y);",
		"r0 = READ_ONCE(*x); r1 = 0; if (r0) r1 = READ_ONCE(*y);", "r0 = READ_ONCE(*x); "+end+" smp_mb(); "+begin+" r1 = READ_ONCE(*y);")
	on := g.pick("r0 != 0", "r0 == 1", "r0 + r1 == 2", "r1 != 0", "r0 == 2", "r0 >= 2")
	inside := g.pick("", "", g.write("x"), g.write("y"), "WRITE_ONCE(*z, r0);")
	behind := fmt.Sprintf("%s WRITE_ONCE(*o%d, %d + r2);", g.pick("", "r2 = READ_ONCE(*z);", g.release("y"), "spin_lock(l); r2 = READ_ONCE(*y); spin_unlock(l);"), i, wentOn)
	gives := fmt.Sprintf("WRITE_ONCE(*o%d, %d + r0 + 10 * r1);", i, forXY)
	if strings.Contains(look, "if (r0)") {
		gives = fmt.Sprintf("if (r0) { %s } else { WRITE_ONCE(*o%d, %d); }", gives, i, for0)
	}
	after := end
	if g.pick("", "", "waits within") != "" { // for z, behind a round in vain
		after += " while (READ_ONCE(*z) == 0) { }"
		gives = fmt.Sprintf("r2 = READ_ONCE(*z); if (r2 == 0) { WRITE_ONCE(*o%d, %d); } else { %s }", i, forZ, gives)
	}
	loop = fmt.Sprintf("\t%s\n\twhile (1) { %s %s if (%s) { %s %s break; } %s }\n\t%s\n", before, begin, look, on, inside, end, after, behind)
	if g.pick("", "", "", "holds") == "holds" { // a lock between two rounds
		inside = g.pick("", g.release("x"))
		loop = fmt.Sprintf("\t%s\n\t%s %s while (!(%s)) { %s %s %s }\n\t%s %s %s\n", before, begin, look, on, after, begin, look, inside, end, behind)
	}
	once = fmt.Sprintf("\t%s\n\t%s %s if (%s) { %s %s %s } else { %s %s }\n", before, begin, look, on, inside, end, behind, end, gives)
	return loop, once
}

// write draws a write of a value that nothing else writes.
func (g *pollGen) write(cell string) string {
	g.value++
	return fmt.Sprintf("WRITE_ONCE(*%s, %d);", cell, g.value)
}

// release draws a write that comes after what is before it, whatever decided on it: behind a loop
// nothing depends on its condition, and in the twin it does.
func (g *pollGen) release(cell string) string {
	g.value++
	return fmt.Sprintf("smp_store_release(%s, %d);", cell, g.value)
}

// writes draws a thread that writes.
func (g *pollGen) writes(i int) string {
	body := "\t"
	for range rapid.IntRange(1, 2).Draw(g.t, "writes") {
		w := g.write(g.pick("x", "x", "y"))
		body += strings.ReplaceAll(g.pick("spin_lock(l); % spin_unlock(l); ", "spin_lock(l); % spin_unlock(l); ", "% ", "smp_mb(); % ", "spin_lock(k); % spin_unlock(k); ",
			"spin_lock(l); r0 = READ_ONCE(*x); if (r0) { % } spin_unlock(l); ", "r0 = READ_ONCE(*z); if (r0) { % } ", "spin_lock(l); spin_lock(k); % spin_unlock(k); spin_unlock(l); "), "%", w)
	}
	return body + fmt.Sprintf("WRITE_ONCE(*o%d, %d + r0);\n", i, wentOn)
}
