package asm_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"crosscall/memmodel/internal/model"

	"pgregory.net/rapid"
)

// rvRules are the rules of RVWMO for executions in which an AMO is one event, as herd has
// them. riscv has two events, and says so.
const rvRules = `
let aq = Acq | AcqRel
let rl = Rel | AcqRel
let rcsc = (aq | rl) & (X | EX)
let near = po-loc \ (po-loc? ; [W] ; po-loc)
let same-address = po-loc ; [W] | ([R] ; near ; [R]) \ (rf^-1 ; rf) | [X | (EX & W)] ; rfi
let r-r = fencerel(Fence.rw.rw | Fence.rw.r | Fence.r.rw | Fence.r.r | Fence.tso)
let r-w = fencerel(Fence.rw.rw | Fence.rw.w | Fence.r.rw | Fence.r.w | Fence.tso)
let w-r = fencerel(Fence.rw.rw | Fence.rw.r | Fence.w.rw | Fence.w.r)
let w-w = fencerel(Fence.rw.rw | Fence.rw.w | Fence.w.rw | Fence.w.w | Fence.tso)
let fenced = [R] ; r-r ; [R] | [R] ; r-w ; [W] | [W] ; w-r ; [R] | [W] ; w-w ; [W]
let ordered = [aq] ; po ; [M] | [M] ; po ; [rl] | [rcsc] ; po ; [rcsc] | rmw
let dependent = addr | data | ctrl ; [W] | (addr | data) ; [W] ; rfi | addr ; [M] ; po ; [W]
let ppo = same-address | fenced | ordered | dependent
`

// rvModels are the two forms of the model: by cycles, and by an order of all accesses.
var rvModels = map[string]string{
	"cycles.cat": "RISCV cycles\n" + rvRules + `
include "cos.cat"
acyclic po-loc | rf | co | fr as coherence
empty rmw & (fre ; coe) as atomic
acyclic ppo | rfe | co | fr as model
`,
	"order.cat": `"An order of all accesses; the machine is known by the fences"` + rvRules + `
with gmo from linearisations(M \ IW, ppo | rfe)
let before = gmo | loc & (IW * (M \ IW))
empty co \ before as coherence
let seen = loc & ([W] ; (before | po) ; [R])
empty rf \ (seen \ (loc & ([W] ; before ; seen))) as value
empty rmw & (fre ; coe) as atomic
`,
}

// maxOrdered is for how many accesses the second form tries all orders in a test.
const maxOrdered = 5

// TestWholeAMOs: models of RISC-V for which an AMO is one event allow what riscv allows, on
// random tests.
func TestWholeAMOs(t *testing.T) {
	read := func(name string) ([]byte, error) {
		if text, ok := rvModels[name]; ok {
			return []byte(text), nil
		}
		return nil, fs.ErrNotExist
	}
	load := func(name string) *model.Model {
		m, err := model.LoadFrom(read, name)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	riscv, cycles, order := load("riscv"), load("cycles.cat"), load("order.cat")
	if !order.Speaks("RISCV") {
		t.Error("the model with an order is not taken for one of RISC-V")
	}
	for seed := range *programs {
		src := rapid.Custom(grammars[2].draw).Example(seed)
		want := keysOf(t, riscv, src)
		if got := keysOf(t, cycles, src); !slices.Equal(got, want) {
			t.Fatalf("%d executions, under riscv %d\n%s", len(got), len(want), src)
		}
		if strings.Count(src, "(x8)")+strings.Count(src, "(x9)")+strings.Count(src, "(x4)") > maxOrdered {
			continue
		}
		if got := keysOf(t, order, src); !slices.Equal(got, want) {
			t.Fatalf("%d executions with an order, under riscv %d\n%s", len(got), len(want), src)
		}
	}
}
