package csource

import (
	"regexp"
	"strconv"
	"strings"
	"sync"

	"modernc.org/cc/v4"

	"crosscall/memmodel/graph"
)

// Inline assembly is read if it is barriers. The table of a machine's model has an entry for each
// of its barriers, which is called asm_ and the words of the instruction: asm_dmb_ish, asm_mfence.

// An instruction is the barrier of a machine, or does nothing that a model knows of.
type instruction struct {
	model string // the machine's model; "" if the instruction does nothing here
	entry string // in the model's table
}

// instructions has those that are read, by their words in lower case, with one space between words
// and none about commas.
var instructions = sync.OnceValue(func() map[string]instruction {
	table := make(map[string]instruction)
	add := func(model string, list ...string) {
		for _, words := range list {
			table[words] = instruction{model, entryOf(words)}
		}
	}
	add("x86-tso", "mfence", "lfence", "sfence")
	add("armv8", "isb")
	for _, st := range []string{"st", "ishst", "oshst", "nshst"} { // a dsb of these orders more: it is not read
		table["dmb "+st] = instruction{"armv8", "asm_dmb_ishst"}
	}
	for _, kind := range []string{"dmb", "dsb"} { // for memory, these dsb order as a dmb
		for domain, is := range map[string]string{"sy": "ish", "ish": "ish", "osh": "ish", "nsh": "ish", "ld": "ishld", "ishld": "ishld", "oshld": "ishld", "nshld": "ishld"} {
			table[kind+" "+domain] = instruction{"armv8", "asm_dmb_" + is}
		}
	}
	add("power", "sync", "lwsync", "isync", "eieio")
	table["hwsync"] = instruction{"power", "asm_sync"}
	for _, before := range []string{"r", "w", "rw"} {
		for _, behind := range []string{"r", "w", "rw"} {
			add("riscv", "fence "+before+","+behind)
		}
	}
	add("riscv", "fence.tso")
	table["fence"] = instruction{"riscv", "asm_fence_rw_rw"}
	table["fence iorw,iorw"] = instruction{"riscv", "asm_fence_rw_rw"}
	add("alpha", "mb", "wmb")
	for _, words := range []string{"nop", "pause", "rep nop", "yield"} {
		table[words] = instruction{}
	}
	return table
})

var (
	notLetters = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[^a-z0-9]+`) })
	blanks     = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\s+`) })
	// assigns finds an operand that assembly writes, and may not read before.
	assigns = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`"[^"]*=`) })
	// onStack finds a locked instruction that changes nothing, on the stack: a full barrier.
	onStack = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`\block[; ]\s*(?:add|or)[lq]?\s+\$0(?:x0)?,\s*-?\d*\(%%?[re]?sp\)`)
	})
)

// assembly is an asm statement: barriers, or nothing but a barrier of the compiler. That changes
// nothing here, because all accesses stay as they are written.
func (c *front) assembly(n *cc.AsmStatement) *stmt {
	at := position(n)
	if l := n.Asm.AsmArgList; l != nil && assigns().MatchString(cc.NodeSource(l)) {
		fail(at, "assembly with an output is not supported: write the assignment in C")
	}
	s := &stmt{kind: blockStmt, at: at}
	for _, in := range instructionsIn(at, n.Asm.Token3.SrcStr()) {
		if in.model != "" {
			name := &expr{kind: stringExpr, at: at, t: pointerT, name: in.entry}
			s.body = append(s.body, &stmt{kind: evalStmt, at: at, x: &expr{kind: builtinExpr, name: "__cc_prim", at: at, t: voidT, args: []*expr{name}}})
		}
	}
	return s
}

// instructionsIn lists the instructions in the template of an asm statement, a string of C.
func instructionsIn(at graph.Pos, literal string) (list []instruction) {
	template, err := strconv.Unquote(literal)
	if err != nil {
		fail(at, "this assembly is not understood: write one string, as in asm volatile(\"mfence\" ::: \"memory\")")
	}
	template = onStack().ReplaceAllString(strings.ToLower(template), "mfence")
	template = strings.ReplaceAll(template, "rep; nop", "rep nop")
	for line := range strings.FieldsFuncSeq(template, func(r rune) bool { return r == ';' || r == '\n' }) {
		words := blanks().ReplaceAllString(strings.TrimSpace(line), " ")
		words = strings.ReplaceAll(words, ", ", ",")
		if words == "" {
			continue
		}
		in, ok := instructions()[words]
		if !ok {
			fail(at, "assembly is not supported, except barriers, as asm volatile(\"mfence\" ::: \"memory\"), and barrier(), which is asm volatile(\"\" ::: \"memory\"): use the primitive for %q, or write the same in C", words)
		}
		list = append(list, in)
	}
	return list
}

// byEntry has the words of an instruction by its entry. Where several instructions have one, they
// are those that it is called after.
var byEntry = sync.OnceValue(func() map[string]string {
	words := make(map[string]string)
	for w, in := range instructions() {
		if entryOf(w) == in.entry {
			words[in.entry] = w
		}
	}
	return words
})

// Instruction is the instruction of inline assembly that an entry of a table stands for, and the
// model of its machine; "" if the entry is another one.
func Instruction(entry string) (words, model string) {
	words = byEntry()[entry]
	return words, instructions()[words].model
}

func entryOf(words string) string { return "asm_" + notLetters().ReplaceAllString(words, "_") }
