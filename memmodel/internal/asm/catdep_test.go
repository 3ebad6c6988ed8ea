package asm_test

import (
	"context"
	"io/fs"
	"slices"
	"testing"

	"crosscall/memmodel/internal/asm"
	"crosscall/memmodel/internal/explore"
	"crosscall/memmodel/internal/model"
	"crosscall/memmodel/internal/oracle"

	"pgregory.net/rapid"
)

// catdepModel is a model of Armv8 with "catdep". It is written in the form of herd's: the
// order that other CPUs observe is a fixed point, and coherence follows from it. armv8 is
// written otherwise.
var catdepModel = map[string]string{
	"m.cat": `catdep
include "aarch64deps.cat"
let sca = [M] ; sm ; [M]
let hazard = [R] ; (po & same-loc) ; [R] ; sca? ; [R] ; (ca & ext) ; [W] ; sca? ; [W]
let observed = ((rf | ca) & ext) ; sca?
let dob = addr | data | ctrl ; [W] | addr ; po ; [W] | (addr | data) ; lmrs
let isb = (ctrl | pick-ctrl-dep | addr ; po) ; [ISB] ; po
let pob = (pick-addr-dep | pick-ctrl-dep) ; [W] | pick-data-dep
let aob = rmw | rmw ; lmrs ; [A | Q]
let dsb = [M] ; po ; [dsb.full] ; po | [R \ NoRet] ; po ; [dsb.ld] ; po | [W] ; po ; [dsb.st] ; po
let bob = [M] ; po ; [dmb.full] ; po ; [M] | [R \ NoRet] ; po ; [dmb.ld] ; po ; [M] | [W] ; po ; [dmb.st] ; po ; [W]
	| [range([A] ; amo ; [L])] ; po ; [M] | [L] ; po ; [A] | [A | Q] ; po ; [M] | [M] ; po ; [L]
let rec local = lmws ; sca? | dob | isb | pob | aob | bob | dsb | local ; local
let rec ob = local | pick-dep ; local ; [W] | hazard | observed | ob ; ob
irreflexive ob as external
irreflexive [R] ; (po & same-loc | rmw) ; [W] ; rfi as coRW1
irreflexive [W] ; (po & same-loc) ; [W] ; (ca & int) as coWW
irreflexive [W] ; (po & same-loc) ; [R] ; (ca & int) as coWR
empty (rmw & (fr ; co)) \ (rmw & (fri ; [W] ; coi)) as atomic
let tlbi-after = TLBI * (M & MMU)
flag ~empty (if "vmsa" then _ else tlbi-after) as never
`,
	"aarch64util.cat": `let iico_data = iico_data+
let TTD = if "vmsa" then PTE else emptyset
let same-loc = [M | DC.CVAU] ; loc ; [M | DC.CVAU]
include "cos.cat"
include "aarch64fences.cat"
`,
}

// TestCatdep: a model that computes dependencies itself forbids what armv8 forbids, on
// random tests.
func TestCatdep(t *testing.T) {
	read := func(name string) ([]byte, error) {
		if text, ok := catdepModel[name]; ok {
			return []byte(text), nil
		}
		return nil, fs.ErrNotExist
	}
	catdep, err := model.LoadFrom(read, "m.cat")
	if err != nil {
		t.Fatal(err)
	}
	armv8, err := model.Load("armv8")
	if err != nil {
		t.Fatal(err)
	}
	n := *programs
	if testing.Short() {
		n = min(n, 100)
	}
	for seed := range n {
		src := rapid.Custom(grammars[0].draw).Example(seed)
		want, got := keysOf(t, armv8, src), keysOf(t, catdep, src)
		if !slices.Equal(got, want) {
			t.Fatalf("%d executions, under armv8 %d\n%s", len(got), len(want), src)
		}
	}
}

// keysOf are the executions that a model allows.
func keysOf(t *testing.T, m *model.Model, src string) (keys []string) {
	t.Helper()
	ast, err := asm.Parse("random.litmus", []byte(src))
	if err != nil {
		t.Fatalf("%v\n%s", err, src)
	}
	test, err := ast.Compile()
	if err != nil {
		t.Fatalf("%v\n%s", err, src)
	}
	_, err = explore.Run(context.Background(), test.Prog, m.Plan, explore.Config{Bound: 2}, func(x *explore.Execution) error {
		keys = append(keys, oracle.Key(x.Graph()))
		return nil
	})
	if err != nil {
		t.Fatalf("%v\n%s", err, src)
	}
	slices.Sort(keys)
	return keys
}
