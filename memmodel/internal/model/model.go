// Package model has the memory models: LKMM, SC, x86-TSO, ARMv8, POWER,
// RISC-V, Alpha and RC11 as embedded cat files, and any that a user brings.
package model

import (
	"slices"
	"strings"

	"crosscall/memmodel/internal/cat"
	"crosscall/memmodel/internal/primitive"
	"crosscall/memmodel/internal/rel"
)

// A Model is a memory model with its table of primitives.
type Model struct {
	Name  string // "lkmm", "armv8", or the path it was loaded from
	Title string // as in the first line of its cat file
	Plan  *rel.Plan
	// Macros is the parsed table of primitives: it defines smp_mb and the others for
	// this model.
	Macros *primitive.Macros
	// Def is the text of the table, in the language of the kernel's linux-kernel.def.
	Def     []byte
	DefFile string // its name, for errors

	machine *shipped // the shipped model of the machine that it is of; nil if that is not known
	coarse  bool     // it knows no annotations, and speaks of every machine

	// plan compiles the cat file with more text behind it.
	plan func(more string) (*rel.Plan, error)
}

// Speaks reports whether tests in the assembly of a machine, "AArch64" or "X86_64", can be
// asked of m: it is of that machine, or it is sc, which looks at no annotation, or a cat
// file that names no machine.
func (m *Model) Speaks(arch string) bool {
	return m.coarse || m.machine != nil && slices.Contains(m.machine.archs, strings.ToLower(arch))
}

// Stricter returns a model that forbids all that m forbids, and all that checks forbid. checks is
// text in the language cat, which is put behind the model's own.
func (m *Model) Stricter(checks string) (*Model, error) {
	plan, err := m.plan("\n" + checks)
	if err != nil {
		return nil, err
	}
	stricter := *m
	stricter.Plan = plan
	return &stricter, nil
}

// compile makes m the model of a cat file.
func (m *Model) compile(file string, src []byte, o cat.Options) (*Model, error) {
	m.plan = func(more string) (*rel.Plan, error) {
		return cat.Compile(file, slices.Concat(src, []byte(more)), o)
	}
	plan, err := m.plan("")
	if err != nil {
		return nil, err
	}
	m.Plan, m.Title = plan, plan.Title
	return m.parseTable()
}

// parseTable completes m with its table, parsed.
func (m *Model) parseTable() (*Model, error) {
	macros, err := primitive.ParseMacros(m.DefFile, m.Def)
	if err != nil {
		return nil, err
	}
	m.Macros = macros
	return m, nil
}
