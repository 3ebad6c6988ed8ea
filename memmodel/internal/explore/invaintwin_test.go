package explore_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"crosscall/memmodel/internal/explore"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/litmus"
	"crosscall/memmodel/internal/model"
	"crosscall/memmodel/internal/oracle"

	"pgregory.net/rapid"
)

// TestTwinInVain: to leave out rounds of loops that fail in vain leaves out no final state, no
// failure and no flag, and adds none. The twin keeps these rounds.
func TestTwinInVain(t *testing.T) {
	for _, name := range []string{"sc", "x86-tso", "lkmm", "rc11", "armv8", "power"} {
		t.Run(name, func(t *testing.T) {
			m, err := model.Load(name)
			if err != nil {
				t.Fatal(err)
			}
			check(t, 40, func(t *rapid.T) {
				p := inVainProgram(t, m)
				if rapid.IntRange(0, 3).Draw(t, "wild") == 0 {
					p = wildPrograms(oracle.Dialects[name], features{waits: true}).Draw(t, "program").Program
				}
				c := explore.Config{Bound: 2, Workers: rapid.IntRange(1, 2).Draw(t, "workers")}
				all, want := endings(t, p, m, explore.TryInVain(c))
				some, got := endings(t, p, m, c)
				if !sameKeys(got, want) || some > all {
					t.Fatalf("%d executions: %v\nwith rounds in vain %d: %v\n%s", some, got, all, want, oracle.Text(p))
				}
			})
		})
	}
}

// endings counts the executions by how they end: failures, what memory holds, and flags. It
// counts flags by themselves, too.
func endings(t *rapid.T, p *ir.Program, m *model.Model, c explore.Config) (executions int64, found map[string]int) {
	short := &patience{Context: context.Background()}
	short.asked.Store(28000)
	found = map[string]int{}
	stats, err := explore.Run(short, p, m.Plan, c, tallyEndings(p, found))
	if errors.Is(err, context.DeadlineExceeded) || stats.BoundHit {
		t.Skip("too long")
	} else if err != nil {
		t.Fatal(err)
	}
	return stats.Executions, found
}

// endingsOf is endings for one program.
func endingsOf(t *testing.T, p *ir.Program, m *model.Model, c explore.Config) map[string]int {
	t.Helper()
	found := map[string]int{}
	if stats, err := explore.Run(t.Context(), p, m.Plan, c, tallyEndings(p, found)); err != nil || stats.BoundHit {
		t.Fatal(err, stats.BoundHit)
	}
	return found
}

func tallyEndings(p *ir.Program, found map[string]int) func(*explore.Execution) error {
	return func(x *explore.Execution) error {
		for _, f := range x.Flags() {
			found["flag "+f]++
		}
		ending := ""
		if f := x.Failure(); f != nil {
			waiter, _, _ := strings.Cut(f.Text, " ")
			ending = fmt.Sprint(f.Kind, " ", waiter, " ")
		}
		for cell := range p.Cells {
			if p.Cells[cell].Name != "" && !p.Cells[cell].Private && !p.Cells[cell].Lock {
				v, ok := x.Value(ir.Obs{Kind: ir.CellObs, Cell: cell})
				ending += fmt.Sprint(p.Cells[cell].Name, "=", v, ok, " ")
			}
		}
		found[ending]++
		return nil
	}
}

// inVainProgram draws a program in which threads try again and again.
func inVainProgram(t *rapid.T, m *model.Model) *ir.Program {
	var b strings.Builder
	b.WriteString("C again\n{}\n")
	for i := range rapid.SampledFrom([]int{2, 2, 3}).Draw(t, "threads") {
		fmt.Fprintf(&b, "P%d(int *x, int *y, int *z, int *o%d)\n{\n\tint r0;\n\tint r1 = 0;\n%s\tWRITE_ONCE(*o%d, r0 + r1 + r1 + r1 + r1);\n}\n", i, i, inVainThread(t), i)
	}
	b.WriteString("exists (x=0)\n")
	t.Log(b.String())
	p := programOf(t, m, b.String())
	p.Waits = true
	if th := &p.Threads[rapid.IntRange(0, len(p.Threads)-1).Draw(t, "asserts")]; rapid.Bool().Draw(t, "assert") {
		r := ir.Reg(slices.Index(th.Regs, rapid.SampledFrom([]string{"r0", "r1"}).Draw(t, "of")))
		th.Instr = append(th.Instr, ir.Instr{Op: ir.Assert, Val: op(ir.Ne, reg(r), constant(2))})
	}
	return p
}

// programOf compiles a litmus test.
func programOf(t *rapid.T, m *model.Model, text string) *ir.Program {
	ast, err := litmus.Parse("test.litmus", []byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	test, err := ast.Compile(m.Macros)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return test.Prog
}

// inVainThread draws a thread: it tries again and again, or writes.
func inVainThread(t *rapid.T) string {
	pick := func(from ...string) string { return rapid.SampledFrom(from).Draw(t, "part") }
	cell, other := pick("x", "x", "y"), pick("x", "y", "z")
	tail := pick("", "", "WRITE_ONCE(*%t, 1);", "if (r0) WRITE_ONCE(*%t, 2);", "WRITE_ONCE(*%t, r0);", "smp_store_release(%t, 1);",
		"smp_store_release(%t, 1);", "r1 = xchg(%t, 1);", "smp_mb(); r1 = READ_ONCE(*%t);", "r1 = READ_ONCE(*%t);", "r1 = READ_ONCE(*%t);", "*%t = 3;")
	order, value := pick("", "_relaxed", "_acquire", "_release"), pick("1", "2", "r0 + 1", "r0")
	text := ""
	if pick("retry", "retry", "write") == "write" {
		write := func() string {
			return pick("WRITE_ONCE(*%s, 1);", "WRITE_ONCE(*%s, 2);", "smp_store_release(%s, 2);", "r0 = READ_ONCE(*%t); if (r0) WRITE_ONCE(*%s, 1);",
				"r0 = xchg_relaxed(%s, 3);", "r0 = cmpxchg(%s, 0, 2);", "*%s = 1; smp_store_release(%s, 2);", "r1 = smp_load_acquire(%s); if (r1) WRITE_ONCE(*%t, r1);")
		}
		text = "r0 = 1; " + write() + " " + write()
	} else {
		text = pick("r0 = READ_ONCE(*%s);", "r0 = READ_ONCE(*%s);", "r0 = smp_load_acquire(%s);", "r0 = 0;", "r0 = *%s;", "r1 = READ_ONCE(*%t); r0 = READ_ONCE(*%s);") + " " +
			pick("int r2 = %c; while (r2 != r0) { %i r0 = r2; r2 = %c; }", "int r2 = %c; while (r2 != r0) { r0 = r2; %i r2 = %c; }", "int r2 = r0 + 1; while (r2 != r0) { r0 = READ_ONCE(*%s); %i r2 = %c; }",
				"while (r0 != 1) { r0 = READ_ONCE(*%s); %i }", "while (r0 != 2) { r0 = READ_ONCE(*%s); %i }", "while (r0 < 2) { %i r0 = smp_load_acquire(%s); }")
	}
	inside := pick("", "", "", "r1 = READ_ONCE(*%t);", "r1 = *%t;", "if (r0 == 2) break;", "r1 = r1 + 1;", "smp_mb();", "int r3 = READ_ONCE(*%t); if (r3) r1 = 2;", "r1 = r0;", "if (r0 == 1) r1 = 1;")
	text = strings.NewReplacer("%i", inside, "%c", "cmpxchg"+order+"(%s, r0, "+value+")").Replace(text + " " + tail)
	return "\t" + strings.NewReplacer("%s", cell, "%t", other).Replace(text) + "\n"
}

// TestInVain counts the executions of programs that try again.
func TestInVain(t *testing.T) {
	add := "r0 = READ_ONCE(x); while (!try_cmpxchg(&x, &r0, r0 + 1)) { }"
	for _, c := range []struct {
		name, model string
		threads     []string
		want, all   int64 // without rounds in vain, and with them
	}{
		{"one that adds, and one that writes", "lkmm", []string{add, "WRITE_ONCE(x, 5);"}, 2, 3},
		{"the first read decides on more", "sc", []string{
			"r1 = 0; r0 = READ_ONCE(x); if (r0 == 0) r1 = 1; for (;;) { int r2 = READ_ONCE(x); if (r2 == r0 + 2) break; r0 = r2; } WRITE_ONCE(z, r1);",
			"WRITE_ONCE(x, 1); WRITE_ONCE(x, 3);",
		}, 4, 4},
		{"an acquire before, and none within", "lkmm", []string{
			"r0 = smp_load_acquire(&x); while (r0 != 2) { r0 = READ_ONCE(x); } WRITE_ONCE(z, READ_ONCE(y) + 1);",
			"WRITE_ONCE(x, 1); WRITE_ONCE(y, 1); smp_store_release(&x, 2);",
		}, 5, 7},
		{"a race with what is read first", "lkmm", []string{
			"r0 = smp_load_acquire(&x); while (r0 != 2) { r0 = smp_load_acquire(&x); }", "x = 1; smp_store_release(&x, 2);",
		}, 4, 4},
		{"the read before the loop is another one", "lkmm", []string{"r0 = smp_load_acquire(&x); while (!try_cmpxchg_relaxed(&x, &r0, r0 + 1)) { }", "WRITE_ONCE(x, 5);"}, 3, 3},
		{"the read before the loop races", "lkmm", []string{add, "x = 5; smp_store_release(&x, 6);"}, 7, 7},
		{"rounds are counted", "lkmm", []string{"r1 = 0; r0 = READ_ONCE(x); while (!try_cmpxchg(&x, &r0, r0 + 1)) { r1++; } WRITE_ONCE(y, r1);", "WRITE_ONCE(x, 5);"}, 3, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := model.Load(c.model)
			if err != nil {
				t.Fatal(err)
			}
			p := compile(t, m, c.threads)
			some, many := endingsOf(t, p, m, explore.Config{}), endingsOf(t, p, m, explore.TryInVain(explore.Config{}))
			if !sameKeys(some, many) {
				t.Errorf("%v\nwith rounds in vain %v", some, many)
			}
			got, all := count(t, p, m.Plan, explore.Config{}).Executions, count(t, p, m.Plan, explore.TryInVain(explore.Config{})).Executions
			if got != c.want || all != c.all {
				t.Errorf("%d executions, %d with rounds in vain; want %d, %d", got, all, c.want, c.all)
			}
		})
	}
}
