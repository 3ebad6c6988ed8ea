// Package model has the memory models: LKMM, SC, x86-TSO, ARMv8, POWER,
// RISC-V, Alpha and RC11 as embedded cat files, and any that a user brings.
package model

import (
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
