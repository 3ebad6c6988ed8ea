package asm_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"

	"crosscall/memmodel/internal/asm"
	"crosscall/memmodel/internal/explore"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/model"
	"crosscall/memmodel/internal/oracle"

	"pgregory.net/rapid"
)

var programs = flag.Int("programs", 100, "how many random programs of each machine the twin explores")

// A grammar is what random threads of a machine are made of. {r} is a register with a
// number, {s} the same one throughout, {a} one with the address of x or y.
type grammar struct {
	arch, model string
	data, addr  []string
	init        string // of a thread, with its number for N
	vars        string // more variables
	lines       []string
}

var grammars = []grammar{
	{
		arch: "AArch64", model: "armv8", data: []string{"0", "1", "2"}, addr: []string{"X8", "X9"}, init: "N:X8=x; N:X9=y; N:X10=z; N:X0=1;", vars: "int z[2];",
		lines: []string{
			"LDR W{r},[{a}]", "STR W{r},[{a}]", "LDAR W{r},[{a}]", "LDAPR W{r},[{a}]", "STLR W{r},[{a}]", "STR WZR,[{a}]",
			"LDXR W{r},[{a}]", "LDAXR W{r},[{a}]", "STXR W{r},W{r},[{a}]", "STLXR W{r},W{r},[{a}]",
			"SWP W{r},W{r},[{a}]", "SWPAL W{r},W{r},[{a}]", "LDADDA W{r},W{r},[{a}]", "STADDL W{r},[{a}]", "CAS W{r},W{r},[{a}]", "CASAL W{r},W{r},[{a}]",
			"LDEOR W{r},WZR,[{a}]", "DMB SY", "DMB LD", "DMB ST", "DSB ST", "ISB", "MOV W{r},#1", "EOR W{r},W{r},W{r}", "ADD W{r},W{r},#1",
			"AND W{r},W{r},#1", "CBNZ W{r},END", "CMP W{r},#1", "CSEL W{r},W{r},W{r},EQ", "B.NE END", "CSET W{r},NE",
			"EOR W3,W{s},W{s} | LDR W{r},[{a},W3,SXTW]", "EOR W3,W{s},W{s} | STR W{r},[{a},W3,SXTW]",
			"LDXP W1,W2,[X10]", "LDAXP W0,W1,[X10]", "STXP W{r},W0,W0,[X10]", "STLXP W{r},W0,W1,[X10]", "LDAP W1,W2,[X10]", "STLP W0,W1,[X10]",
			"CASP W1,W2,W0,W0,[X10]", "CASPAL W0,W1,W0,W2,[X10]", "STP W0,W0,[X10]", "LDR W{r},[X10,#4]",
		},
	},
	{
		arch: "PPC", model: "power", data: []string{"1", "2", "3"}, addr: []string{"r8", "r9"}, init: "N:r8=x; N:r9=y; N:r1=1;",
		lines: []string{
			"lwz r{r},0({a})", "stw r{r},0({a})", "lwarx r{r},r0,{a}", "stwcx. r{r},r0,{a}", "sync", "lwsync", "isync", "eieio",
			"li r{r},1", "xor r{r},r{r},r{r}", "addi r{r},r{r},1", "cmpwi r{r},1", "bne END", "beq END", "andi. r{r},r{r},1",
			"xor r4,r{s},r{s} | lwzx r{r},r4,{a}", "xor r4,r{s},r{s} | stwx r{r},r4,{a}",
		},
	},
	{
		arch: "RISCV", model: "riscv", data: []string{"5", "6", "7"}, addr: []string{"x8", "x9"}, init: "N:x8=x; N:x9=y; N:x5=1;",
		lines: []string{
			"lw x{r},0({a})", "sw x{r},0({a})", "lw.aq x{r},0({a})", "sw.rl x{r},0({a})", "lr.w x{r},0({a})", "lr.w.aq x{r},0({a})",
			"sc.w x{r},x{r},0({a})", "sc.w.rl x{r},x{r},0({a})", "sc.w x0,x{r},0({a})", "amoswap.w x{r},x{r},({a})", "amoor.w.aq.rl x{r},x{r},({a})",
			"amoadd.w.aq x{r},x{r},({a})", "fence rw,rw", "fence r,rw", "fence rw,w", "fence.tso", "fence.i", "ori x{r},x0,1", "xor x{r},x{r},x{r}",
			"addi x{r},x{r},1", "andi x{r},x{r},1", "bne x{r},x0,END", "beq x{r},x{r},END",
			"xor x4,x{s},x{s} | add x4,x4,{a} | lw x{r},0(x4)", "xor x4,x{s},x{s} | add x4,x4,{a} | sw x{r},0(x4)",
		},
	},
	{
		arch: "X86_64", model: "x86-tso", data: []string{"ebx", "ecx", "edx"}, addr: []string{"(x)", "(y)"}, init: "N:rbx=1;",
		lines: []string{
			"movl {a},%{r}", "movl %{r},{a}", "movl $1,{a}", "mfence", "xchgl %{r},{a}", "lock xaddl %{r},{a}", "lock addl $1,{a}",
			"lock cmpxchgl {a},%{r}", "addl $1,%{r}", "xorl %{r},%{r}", "cmpl $1,%{r}", "jne END", "je END", "incl {a}", "sete %bl",
		},
	},
}

// draw is the text of a random test.
func (g grammar) draw(t *rapid.T) string {
	var threads [][]string
	var state strings.Builder
	for n := range 2 {
		state.WriteString(strings.ReplaceAll(g.init, "N", fmt.Sprint(n)) + "\n")
		var code []string
		for range rapid.IntRange(1, 4).Draw(t, "instructions") {
			line := rapid.SampledFrom(g.lines).Draw(t, "line")
			for strings.Contains(line, "{r}") {
				line = strings.Replace(line, "{r}", rapid.SampledFrom(g.data).Draw(t, "register"), 1)
			}
			line = strings.ReplaceAll(line, "{s}", rapid.SampledFrom(g.data).Draw(t, "register"))
			line = strings.ReplaceAll(line, "{a}", rapid.SampledFrom(g.addr).Draw(t, "address"))
			code = append(code, strings.Split(line, "|")...)
		}
		threads = append(threads, append(code, "END:"))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s random\n{\nx=0; y=1; %s\n%s}\n P0 | P1 ;\n", g.arch, g.vars, state.String())
	for i := range max(len(threads[0]), len(threads[1])) {
		row := []string{"", ""}
		for n := range row {
			if i < len(threads[n]) {
				row[n] = threads[n][i]
			}
		}
		b.WriteString(strings.Join(row, "|") + ";\n")
	}
	b.WriteString("exists (x=1)\n")
	return b.String()
}

// TestTwin explores random tests in assembly, and has the oracle look at every candidate
// execution: both find the same.
func TestTwin(t *testing.T) {
	for _, g := range grammars {
		t.Run(g.arch, func(t *testing.T) {
			m, err := model.Load(g.model)
			if err != nil {
				t.Fatal(err)
			}
			n := *programs
			if testing.Short() {
				n = min(n, 30)
			}
			for seed := range n {
				src := rapid.Custom(g.draw).Example(seed)
				compareTwins(t, m, src)
			}
		})
	}
}

func compareTwins(t *testing.T, m *model.Model, src string) {
	t.Helper()
	ast, err := asm.Parse("random.litmus", []byte(src))
	if err != nil {
		t.Fatalf("%v\n%s", err, src)
	}
	test, err := ast.Compile()
	if err != nil {
		t.Fatalf("%v\n%s", err, src)
	}
	want, err := oracle.Executions(test.Prog, m.Plan, 2, 20000)
	if errors.Is(err, oracle.ErrTooBig) {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	var theirs, ours []string
	for _, o := range want {
		if !o.ThinAir {
			theirs = append(theirs, o.Key+o.Final)
		}
	}
	_, err = explore.Run(context.Background(), test.Prog, m.Plan, explore.Config{Bound: 2}, func(x *explore.Execution) error {
		if g := x.Graph(); !oracle.ThinAir(g) {
			ours = append(ours, oracle.Key(g)+oracle.FinalOf(test.Prog, func(o ir.Obs) int64 {
				v, _ := x.Value(o)
				return v
			}))
		}
		return nil
	})
	if err != nil {
		t.Fatalf("%v\n%s", err, src)
	}
	slices.Sort(theirs)
	slices.Sort(ours)
	if !slices.Equal(theirs, ours) {
		t.Fatalf("the oracle finds %d executions, the explorer %d\n%s", len(theirs), len(ours), src)
	}
}
