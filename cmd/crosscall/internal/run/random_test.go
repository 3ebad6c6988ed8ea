package run

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// A writer writes random tests in C.
type writer struct {
	strings.Builder
	rng  *rand.Rand
	regs int
	deep int
}

var (
	ints    = []string{"x", "y"}
	atomics = []string{"a", "b"}
)

func (w *writer) pick(list ...string) string { return list[w.rng.IntN(len(list))] }

// randomTest is a test of so many threads that have about so many statements each. All that can be
// observed is.
func randomTest(rng *rand.Rand, threads, length int) string {
	w := &writer{rng: rng}
	var regs []string
	w.WriteString("C random\n{ x=1; y=2; a=3; p=&x; }\n")
	for t := range threads {
		w.regs = 0
		fmt.Fprintf(w, "P%d(int *x, int *y, atomic_t *a, atomic_t *b, int **p, spinlock_t *l)\n{\n", t)
		for range 1 + w.rng.IntN(length) {
			w.statement()
		}
		w.WriteString("}\n")
		for r := range w.regs {
			regs = append(regs, fmt.Sprintf("%d:r%d", t, r))
		}
	}
	all := append(regs, "x", "y", "a", "b", "p")
	fmt.Fprintf(w, "locations [%s;]\nexists (x=0)\n", strings.Join(all, ";"))
	return w.String()
}

func (w *writer) reg() string {
	w.regs++
	return fmt.Sprintf("r%d", w.regs-1)
}

func (w *writer) statement() {
	if w.deep < 2 && w.rng.IntN(5) == 0 {
		w.nested()
		return
	}
	x, a := w.pick(ints...), w.pick(atomics...)
	switch w.rng.IntN(9) {
	case 0:
		v := w.expr(1)
		fmt.Fprintf(w, "\t%s%s, %s);\n", w.pick("WRITE_ONCE(*", "smp_store_release(", "smp_store_mb(*"), x, v)
	case 1:
		fmt.Fprintf(w, "\t%s();\n", w.pick("smp_mb", "smp_wmb", "smp_rmb"))
	case 2:
		v := w.expr(1)
		fmt.Fprintf(w, "\t%s(%s, %s);\n", w.pick("atomic_add", "atomic_sub", "atomic_or", "atomic_and"), v, a)
	case 3:
		fmt.Fprintf(w, "\tspin_lock(l);\n")
		fmt.Fprintf(w, "\tWRITE_ONCE(*%s, %s);\n\tspin_unlock(l);\n", x, w.expr(0))
	default:
		v := w.value(x, a)
		fmt.Fprintf(w, "\tint %s = %s;\n", w.reg(), v)
	}
}

// value is the right side of a declaration.
func (w *writer) value(x, a string) string {
	switch w.rng.IntN(9) {
	case 0:
		return "READ_ONCE(*" + x + ")"
	case 1:
		return "smp_load_acquire(" + x + ")"
	case 2:
		return fmt.Sprintf("%s(%s, %s)", w.pick("xchg", "xchg_relaxed", "xchg_acquire", "xchg_release"), x, w.expr(1))
	case 3:
		return fmt.Sprintf("%s(%s, %s, %s)", w.pick("cmpxchg", "cmpxchg_relaxed"), x, w.expr(0), w.expr(1))
	case 4:
		op := w.pick("atomic_add_return", "atomic_sub_return_relaxed", "atomic_fetch_add", "atomic_fetch_or", "atomic_fetch_and", "atomic_fetch_xor_acquire")
		return fmt.Sprintf("%s(%s, %s)", op, w.expr(1), a)
	case 5:
		return fmt.Sprintf("atomic_add_unless(%s, %s, %s)", a, w.expr(0), w.expr(0))
	case 6:
		return "spin_trylock(l)"
	case 7:
		return "READ_ONCE(**p)"
	}
	return w.expr(2)
}

func (w *writer) nested() {
	w.deep++
	fmt.Fprintf(w, "\tif (%s) {\n", w.expr(1))
	w.statement()
	if w.rng.IntN(2) == 0 {
		w.WriteString("\t} else {\n")
		w.statement()
	}
	w.WriteString("\t}\n")
	w.deep--
}

// expr is an expression over registers and numbers.
func (w *writer) expr(depth int) string {
	if depth == 0 || w.rng.IntN(3) == 0 {
		if w.regs > 0 && w.rng.IntN(2) == 0 {
			return fmt.Sprintf("r%d", w.rng.IntN(w.regs))
		}
		return w.pick("0", "1", "2", "3", "7", "65", "1000000007", "4294967296")
	}
	if w.rng.IntN(6) == 0 {
		return w.pick("!", "~", "-") + "(" + w.expr(depth-1) + ")"
	}
	if w.rng.IntN(6) == 0 {
		return "(" + w.expr(depth-1) + w.pick(" << 1", " << 40", " >> 1", " >> 33") + ")"
	}
	op := w.pick("+", "-", "*", "&", "|", "^", "==", "!=", "<", "<=", ">", ">=", "&&", "||")
	return "(" + w.expr(depth-1) + " " + op + " " + w.expr(depth-1) + ")"
}
