package cat

import (
	"embed"
	"strings"
	"sync"
)

// The library: the definitions of herd's own files of these names, as far as
// executions here have them.
//
//go:embed lib/*.cat
var libraryFiles embed.FS

const (
	stdlib        = "stdlib.cat"
	crossFile     = "cross.cat"
	libraryPrefix = "library:"
)

func libraryNames() []string {
	entries, err := libraryFiles.ReadDir("lib")
	if err != nil {
		panic(err) // embedded: cannot fail
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// baseSets and baseRels are the base sets and relations of package rel.
var (
	baseSets = strings.Fields("R W F IW FW RMW LKR LKW UL LF RL RU")
	baseRels = strings.Fields("po id loc int ext addr data ctrl rmw lkrmw rf co fr")
)

// bellKinds are the kinds of events whose tags a bell file can declare.
var bellKinds = strings.Fields("R W J F RMW B CALL SRCU")

const anyMachine = "any"

// machineSets has the sets that the machines' models name without declaring
// them: barriers and annotations. An event is in such a set if it carries the
// tag of that name. A name that is neither here nor declared by "enum" and
// "instructions" is an error, so that a slip does not make an empty set. A
// model with a bell file declares its own, and has the first row only.
var machineSets = map[string][]string{
	// Both halves of an atomic instruction; of an exclusive pair (LL/SC).
	anyMachine: strings.Fields("X EX"),
	"x86":      strings.Fields("MFENCE SFENCE LFENCE NT"),
	"power":    strings.Fields("SYNC LWSYNC EIEIO ISYNC"),
	"mips":     strings.Fields("SYNC"),
	"alpha":    strings.Fields("MB WMB"),
	"arm": strings.Fields(`DMB DMB.ISH DMB.ISHLD DMB.ISHST DMB.OSH DMB.OSHLD DMB.OSHST DMB.NSH DMB.NSHLD DMB.NSHST
		DMB.SY DMB.ST DMB.LD DSB DSB.ISH DSB.ISHLD DSB.ISHST DSB.OSH DSB.OSHLD DSB.OSHST DSB.NSH DSB.NSHLD
		DSB.NSHST DSB.SY DSB.ST DSB.LD Dmb.full Dmb.ld Dmb.st Dsb.st ISB A L Q NoRet LSE Pair.1 Pair.2 Sca`),
	"riscv": strings.Fields(`Fence.r.r Fence.r.w Fence.r.rw Fence.w.r Fence.w.w Fence.w.rw Fence.rw.r Fence.rw.w
		Fence.rw.rw Fence.tso Fence.i Acq Rel AcqRel Sc`),
	"c11": strings.Fields("RLX ACQ REL ACQ_REL SC CON A NA"),
}

// unsupported has names of herd that executions here do not have, with the
// reason.
var unsupported = sync.OnceValue(func() map[string]string {
	m := make(map[string]string)
	add := func(why, names string) {
		for _, n := range strings.Fields(names) {
			m[n] = why
		}
	}
	add("executions here have no events of registers and of steps inside an instruction",
		`iico_data iico_ctrl iico_order rf-reg same-instr same-static Rreg Wreg ADDR DATA NDATA B BCC PRED PoD BR
		depend success control tst equiv-spec partial_po instr`)
	add("executions here have no page tables, faults or instruction fetches",
		`TLBI PTEV PTEINV PTEAF0 FAULT MMU inv-domain inv-scope DC.CVAU IC.IVAU IC.IALLU IC.IALLUIS`)
	add("tests here have no scopes and levels", "tag2scope tag2level next-level")
	add("all accesses here are of whole locations", "same-low-order-bits aligned")
	add("which events there are is not known while a model is compiled",
		"classes lift delift deliftinter bisimulation fromto tag2fenced loc2events same-oa at-least-one-writable")
	return m
})
