package check

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A mapped is a primitive in C and the instructions of Armv8 that its table says it is.
// L is the variable, R the register that is read into, A the one with the address.
type mapped struct {
	c, asm      string
	reads       bool
	writes      bool
	conditional bool // it has a store-exclusive, with the status in W9
}

// exclusives are the instructions of an exchange.
func exclusives(load, store, after string) string {
	return "MOV W8,#1 ; " + load + " WR,[XA] ; " + store + " W9,W8,[XA]" + after
}

// mappings are the primitives of armv8.def, as arch/arm64/include/asm has them, and those
// of C11 as compilers make them.
var mappings = []mapped{
	{c: "XR = READ_ONCE(*L);", asm: "LDR WR,[XA]", reads: true},
	{c: "XR = smp_load_acquire(L);", asm: "LDAR WR,[XA]", reads: true},
	{c: "XR = atomic_load_explicit(L, memory_order_seq_cst);", asm: "LDAR WR,[XA]", reads: true},
	{c: "WRITE_ONCE(*L, 1);", asm: "MOV W8,#1 ; STR W8,[XA]", writes: true},
	{c: "smp_store_release(L, 1);", asm: "MOV W8,#1 ; STLR W8,[XA]", writes: true},
	{c: "atomic_store_explicit(L, 1, memory_order_seq_cst);", asm: "MOV W8,#1 ; STLR W8,[XA]", writes: true},
	{c: "XR = xchg_relaxed(L, 1);", asm: exclusives("LDXR", "STXR", ""), reads: true, writes: true, conditional: true},
	{c: "XR = xchg_acquire(L, 1);", asm: exclusives("LDAXR", "STXR", ""), reads: true, writes: true, conditional: true},
	{c: "XR = xchg_release(L, 1);", asm: exclusives("LDXR", "STLXR", ""), reads: true, writes: true, conditional: true},
	{c: "XR = xchg(L, 1);", asm: exclusives("LDXR", "STLXR", " ; DMB ISH"), reads: true, writes: true, conditional: true},
	{c: "XR = atomic_exchange_explicit(L, 1, memory_order_acq_rel);", asm: exclusives("LDAXR", "STLXR", ""), reads: true, writes: true, conditional: true},
}

var mappedFences = []mapped{
	{}, {c: "smp_mb();", asm: "DMB ISH"}, {c: "smp_rmb();", asm: "DMB ISHLD"}, {c: "smp_wmb();", asm: "DMB ISHST"},
}

// shapes are the classic tests: what the first thread does to x and then to y, and what the
// second does to y and then to x. Behind each is whether that reads.
var mappedShapes = []struct {
	name string
	read [4]bool
}{
	{"MP", [4]bool{false, false, true, true}},
	{"SB", [4]bool{false, true, false, true}},
	{"LB", [4]bool{true, false, true, false}},
	{"S", [4]bool{false, false, true, false}},
	{"R", [4]bool{false, false, false, true}},
	{"2+2W", [4]bool{false, false, false, false}},
}

// TestMappingOfPrimitives has each pair of primitives, with each fence between them, in the
// first thread of each classic shape. The second keeps its order by a full barrier. In C
// and in assembly the final states under armv8 are the same.
func TestMappingOfPrimitives(t *testing.T) {
	m, err := LoadModel("armv8")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, shape := range mappedShapes {
		for _, p := range mappings {
			for _, q := range mappings {
				if !p.fits(shape.read[0]) || !q.fits(shape.read[1]) {
					continue
				}
				for _, f := range mappedFences {
					if count++; testing.Short() && count%4 != 0 {
						continue
					}
					c, asm := mappedTest(shape.read, p, f, q)
					if got, want := finalStates(t, m, asm), finalStates(t, m, c); !slices.Equal(got, want) {
						t.Errorf("%s: in assembly %v, in C %v\n%s\n%s", shape.name, got, want, asm, c)
					}
				}
			}
		}
	}
	t.Logf("%d pairs", count)
}

func (p mapped) fits(read bool) bool { return read && p.reads || !read && p.writes }

// mappedTest is a test in C, and in assembly.
func mappedTest(read [4]bool, p, f, q mapped) (c, asm string) {
	plain := func(reads bool) mapped {
		if reads {
			return mappings[0]
		}
		return mappings[3]
	}
	full := mappedFences[1]
	r, s := plain(read[2]), plain(read[3])
	cThread := func(n int, list ...string) string {
		return fmt.Sprintf("P%d(int *x, int *y)\n{\n%s\n}\n", n, strings.Join(list, "\n"))
	}
	c = "C t\n{}\n" + cThread(0, p.inC("x", "0"), f.c, q.inC("y", "2")) + cThread(1, r.inC("y", "0"), full.c, s.inC("x", "2")) +
		"locations [x; y; 0:X0; 0:X2; 1:X0; 1:X2;]\nexists (x=1)\n"
	filter := ""
	var code []string
	for i, op := range []mapped{p, q} {
		text := op.inAsm(string("35"[i]), string("02"[i]))
		if op.conditional {
			text = strings.ReplaceAll(text, "W9", "W1"+string("01"[i]))
			filter += "/\\ 0:X1" + string("01"[i]) + "=0 "
		}
		code = append(code, text)
		if i == 0 && f.asm != "" {
			code = append(code, f.asm)
		}
	}
	column := strings.Split(strings.Join(code, " ; "), " ; ")
	other := strings.Split(strings.Join([]string{r.inAsm("3", "0"), full.asm, s.inAsm("5", "2")}, " ; "), " ; ")
	var rows strings.Builder
	for i := range max(len(column), len(other)) {
		row := [2]string{}
		if i < len(column) {
			row[0] = column[i]
		}
		if i < len(other) {
			row[1] = other[i]
		}
		rows.WriteString(row[0] + " | " + row[1] + " ;\n")
	}
	asm = "AArch64 t\n{ 0:X3=x; 0:X5=y; 1:X3=y; 1:X5=x; }\nP0 | P1 ;\n" + rows.String() +
		"locations [x; y; 0:X0; 0:X2; 1:X0; 1:X2;]\nfilter (true " + filter + ")\nexists (x=1)\n"
	return c, asm
}

func (p mapped) inC(variable, register string) string {
	return strings.ReplaceAll(wordL.ReplaceAllString(p.c, variable), "XR", "X"+register)
}

// wordL is the place of the variable in a primitive.
var wordL = regexp.MustCompile(`\bL\b`)

func (p mapped) inAsm(address, register string) string {
	return strings.NewReplacer("XA", "X"+address, "WR", "W"+register).Replace(p.asm)
}

// finalStates are the lines of the states of a test.
func finalStates(t *testing.T, m *Model, src string) []string {
	t.Helper()
	r := Source(t.Context(), "t.litmus", []byte(src), m, Options{}, COptions{})
	if r.Err != nil {
		t.Fatalf("%v\n%s", r.Err, src)
	}
	_, rest, _ := strings.Cut(text(t, r), "\n")
	_, rest, _ = strings.Cut(rest, "\n")
	var lines []string
	for line := range strings.Lines(rest) {
		if !strings.HasPrefix(line, "0:") {
			break
		}
		lines = append(lines, strings.TrimSpace(line))
	}
	slices.Sort(lines)
	return lines
}
