package cat

import (
	"strings"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/rel"
)

// depsFile computes dependencies from events on registers in herd. Here the library's file
// of this name is read in its place, with the dependencies that executions have.
const depsFile = "aarch64deps.cat"

// noSets and noRels are what the models with "catdep" speak of and tests here do not have:
// page tables, faults, tags, and the maintenance of caches. They are empty.
var (
	noSets = strings.Fields(`PTE PTEV PTEINV PTEAF0 PTEXS D-PTE I-PTE AF DB MMU D-MMU I-MMU Translation AccessFlag TagCheck FAULT
		EXC-ENTRY EXC-RET SVC SPURIOUS T TLBI TLBIIS TLBInXS DC.CVAU IC.IVAU IC.IALLU IC.IALLUIS`)
	noRels = strings.Fields("inv-domain PTEtoPA same-tag-loc iico_order")
)

// registerSets and registerRels hold events on registers and steps inside an instruction.
// An execution has such events, but not here. So these names can be used, and a check whose
// value depends on one is an error.
var (
	registerSets = strings.Fields("Rreg Wreg ADDR DATA NDATA B BCC PRED PoD BR")
	registerRels = strings.Fields("iico_data iico_ctrl rf-reg")
)

// bindAbsent binds the names that only a model with "catdep" may use.
func (c *compiler) bindAbsent() {
	if c.catdep {
		return
	}
	c.catdep = true
	for _, name := range noSets {
		c.root.vals[name] = nodeValue{id: c.empty(true)}
	}
	for _, name := range noRels {
		c.root.vals[name] = nodeValue{id: c.empty(false)}
	}
	for _, name := range registerSets {
		c.root.vals[name] = nodeValue{id: c.set(name)}
	}
	for _, name := range registerRels {
		c.root.vals[name] = nodeValue{id: c.cross(c.set(name), c.set(name))}
	}
	c.root.vals["same-low-order-bits"] = c.root.vals["loc"]
	for _, name := range []string{"same-oa", "at-least-one-writable"} { // of page tables
		c.root.vals[name] = primitive{name, func(c *compiler, at At, arg value) value {
			return c.ofRelation(at, arg, func(rel.ID) nodeValue { return nodeValue{id: c.empty(false)} })
		}}
	}
}

// refuseRegisterEvents is an error if a check depends on events on registers.
func (c *compiler) refuseRegisterEvents(file string) {
	if !c.catdep {
		return
	}
	for _, k := range c.checks {
		for _, name := range append(registerSets, registerRels...) {
			if c.uses(k.Node, c.set(name)) {
				fail(graph.Pos{File: file, Line: 1, Col: 1}, "the check %q depends on %s: executions here have no events on registers; "+
					"dependencies are those of the library's %s", k.Name, name, depsFile)
			}
		}
	}
}
