package native

import (
	"encoding/binary"
	"fmt"
	"strings"

	"crosscall/memmodel/internal/ir"
)

// arm64 is the assembler for AArch64. Encodings: Arm, Architecture Reference Manual for
// A-profile, C6. X18, X26 to X29 are left as they are: Go and the platform want them.
type arm64 struct {
	labels
	code []uint32
}

var arm64Regs = [...]uint32{
	regA: 9, regB: 10, regC: 11,
	regBlock: 0, regInst: 1, regIndex: 2, regOut: 3, regStamp: 4,
	regV0: 5, regV0 + 1: 6, regV0 + 2: 7, regV0 + 3: 8, regV0 + 4: 12, regV0 + 5: 13, regV0 + 6: 14, regV0 + 7: 15,
}

// Scratch of the assembler itself.
const (
	scratch0 = 16
	scratch1 = 17
	zeroed   = 25 // the outcome of a store exclusive
)

const zr = 31

var arm64Conds = [...]uint32{eq: 0, ne: 1, lt: 11, le: 13, gt: 12, ge: 10, below: 3, above: 8}

// Kinds of references: how wide the distance is and where it stands.
const (
	imm26 = iota
	imm19
	imm14
)

func (m *arm64) values() int { return 8 }

func (m *arm64) emit(w uint32) { m.code = append(m.code, w) }

func (m *arm64) imm(d reg, k int64) { m.immediate(arm64Regs[d], k) }

func (m *arm64) immediate(r uint32, k int64) {
	m.emit(0xD2800000 | uint32(uint16(k))<<5 | r) // MOVZ
	for hw := uint32(1); hw < 4; hw++ {
		if part := uint32(uint16(k >> (16 * hw))); part != 0 {
			m.emit(0xF2800000 | hw<<21 | part<<5 | r) // MOVK
		}
	}
}

func (m *arm64) mov(d, s reg) { m.emit(0xAA0003E0 | arm64Regs[s]<<16 | arm64Regs[d]) }

// memory is LDR, STR or PRFM with an offset.
func (m *arm64) memory(opcode, r uint32, at place) {
	if at.off >= 0 && at.off < 8<<12 {
		m.emit(opcode | uint32(at.off/8)<<10 | arm64Regs[at.base]<<5 | r)
		return
	}
	m.emit(opcode | m.address(at)<<5 | r)
}

// address puts an address into a register and returns its number.
func (m *arm64) address(at place) uint32 {
	switch {
	case at.off == 0:
		return arm64Regs[at.base]
	case at.off > 0 && at.off < 1<<12:
		m.emit(0x91000000 | uint32(at.off)<<10 | arm64Regs[at.base]<<5 | scratch0)
	default:
		m.immediate(scratch0, int64(at.off))
		m.emit(0x8B000000 | uint32(scratch0)<<16 | arm64Regs[at.base]<<5 | scratch0)
	}
	return scratch0
}

func (m *arm64) load(d reg, at place) { m.memory(0xF9400000, arm64Regs[d], at) }

func (m *arm64) store(at place, s reg) { m.memory(0xF9000000, arm64Regs[s], at) }

func (m *arm64) loadIndexed(d, base, index reg) {
	m.emit(0xF8607800 | arm64Regs[index]<<16 | arm64Regs[base]<<5 | arm64Regs[d])
}

func (m *arm64) add(d reg, k int32) {
	r := arm64Regs[d]
	if k >= 0 && k < 1<<12 {
		m.emit(0x91000000 | uint32(k)<<10 | r<<5 | r)
		return
	}
	m.immediate(scratch0, int64(k))
	m.emit(0x8B000000 | uint32(scratch0)<<16 | r<<5 | r)
}

// Operations on X9 and X10, with X9 as the result.
var arm64Binary = map[ir.ExprOp]uint32{
	ir.Add: 0x8B000000, ir.Sub: 0xCB000000, ir.And: 0x8A000000, ir.Or: 0xAA000000, ir.Xor: 0xCA000000,
	ir.Mul: 0x9B007C00, ir.Shl: 0x9AC02000, ir.Shr: 0x9AC02800, ir.Div: 0x9AC00C00,
}

func (m *arm64) binary(op ir.ExprOp) {
	a, b := arm64Regs[regA], arm64Regs[regB]
	if op == ir.Mod {
		m.emit(0x9AC00C00 | b<<16 | a<<5 | scratch0)         // SDIV
		m.emit(0x9B008000 | b<<16 | a<<10 | scratch0<<5 | a) // MSUB
		return
	}
	m.emit(arm64Binary[op] | b<<16 | a<<5 | a)
}

func (m *arm64) cmp(a, b reg) { m.emit(0xEB00001F | arm64Regs[b]<<16 | arm64Regs[a]<<5) }

func (m *arm64) compare(c cond) {
	m.cmp(regA, regB)
	m.emit(0x9A9F07E0 | (arm64Conds[c]^1)<<12 | arm64Regs[regA]) // CSET
}

func (m *arm64) choose() {
	a, b, c := arm64Regs[regA], arm64Regs[regB], arm64Regs[regC]
	m.emit(0xEB00001F | zr<<16 | a<<5)                         // CMP
	m.emit(0x9A800000 | c<<16 | arm64Conds[ne]<<12 | b<<5 | a) // CSEL
}

func (m *arm64) stamp() { m.emit(0xD53BE040 | arm64Regs[regA]) } // MRS CNTVCT_EL0

func (m *arm64) pause() { m.emit(0xD503203F) } // YIELD

func (m *arm64) fullFence() { m.emit(0xD5033BBF) } // DMB ISH

func (m *arm64) fetchAdd(at place, d reg) {
	addr, r, old := m.address(at), arm64Regs[d], arm64Regs[regC]
	again := m.newLabel()
	m.bind(again)
	m.emit(0xC85FFC00 | addr<<5 | old)                   // LDAXR
	m.emit(0x8B000000 | r<<16 | old<<5 | scratch1)       // ADD
	m.emit(0xC800FC00 | zeroed<<16 | addr<<5 | scratch1) // STLXR
	m.emitBranch(0xB5000000|zeroed, again, imm19)
	m.mov(d, regC)
}

func (m *arm64) touch(at place) { m.memory(0xF9800000, 0, at) } // PRFM PLDL1KEEP

func (m *arm64) touchForWrite(at place) { m.memory(0xF9800000, 16, at) } // PRFM PSTL1KEEP

func (m *arm64) flush(at place) { m.emit(0xD50B7E20 | m.address(at)) } // DC CIVAC

func (m *arm64) bind(l label) { m.at[l] = len(m.code) }

func (m *arm64) emitBranch(w uint32, to label, kind int) {
	m.refer(len(m.code), to, kind)
	m.emit(w)
}

func (m *arm64) jump(to label) { m.emitBranch(0x14000000, to, imm26) }

func (m *arm64) branch(c cond, a, b reg, to label) {
	m.cmp(a, b)
	m.emitBranch(0x54000000|arm64Conds[c], to, imm19)
}

func (m *arm64) branchZero(r reg, to label) { m.emitBranch(0xB4000000|arm64Regs[r], to, imm19) }

func (m *arm64) branchNonzero(r reg, to label) { m.emitBranch(0xB5000000|arm64Regs[r], to, imm19) }

func (m *arm64) branchBitClear(r reg, bit int, to label) {
	b := uint32(bit)
	m.emitBranch(0x36000000|b>>5<<31|b&31<<19|arm64Regs[r], to, imm14) // TBZ
}

func (m *arm64) ret() { m.emit(0xD65F03C0) }

// Instructions by the tags of the event.
var (
	arm64Fences = map[string]uint32{
		"DMB.ISH": 0xD5033BBF, "DMB.ISHLD": 0xD50339BF, "DMB.ISHST": 0xD5033ABF,
		"DMB.SY": 0xD5033FBF, "DMB.LD": 0xD5033DBF, "DMB.ST": 0xD5033EBF,
		"DSB.ISH": 0xD5033B9F, "DSB.ISHLD": 0xD503399F, "DSB.ISHST": 0xD5033A9F,
		"DSB.SY": 0xD5033F9F, "DSB.LD": 0xD5033D9F, "DSB.ST": 0xD5033E9F,
		"ISB": 0xD5033FDF,
	}
	arm64Reads = map[string]uint32{
		"A": 0xC8DFFC00, "Q": 0xF8BFC000, // LDAR, LDAPR
		"X": 0xC85F7C00, "X A": 0xC85FFC00, // LDXR, LDAXR
	}
	arm64Writes      = map[string]uint32{"L": 0xC89FFC00}                    // STLR
	arm64WriteHalves = map[string]uint32{"X": 0xC8007C00, "X L": 0xC800FC00} // STXR, STLXR
)

// arm64Tags are the tags that an instruction is chosen by. NoRet and RMW say what an
// access is part of.
func arm64Tags(tags []string) string {
	var list []string
	for _, tag := range tags {
		if tag != "NoRet" && tag != "RMW" {
			list = append(list, tag)
		}
	}
	return strings.Join(list, " ")
}

func (m *arm64) fence(tags []string) error {
	w, ok := arm64Fences[arm64Tags(tags)]
	if !ok {
		return unknownTags("fence", tags)
	}
	m.emit(w)
	return nil
}

func (m *arm64) read(d reg, at place, tags []string) error {
	key := arm64Tags(tags)
	if key == "" {
		m.load(d, at)
		return nil
	}
	w, ok := arm64Reads[key]
	if !ok {
		return unknownTags("load", tags)
	}
	m.emit(w | m.address(at)<<5 | arm64Regs[d])
	return nil
}

func (m *arm64) write(at place, s reg, tags []string) error {
	key := arm64Tags(tags)
	if key == "" {
		m.store(at, s)
		return nil
	}
	w, ok := arm64Writes[key]
	if !ok {
		return unknownTags("store", tags)
	}
	m.emit(w | m.address(at)<<5 | arm64Regs[s])
	return nil
}

func (m *arm64) readHalf(d reg, at place, tags []string) error {
	if !strings.HasPrefix(arm64Tags(tags), "X") {
		return unknownTags("load exclusive", tags)
	}
	return m.read(d, at, tags)
}

func (m *arm64) writeHalf(at place, tags []string, again label) error {
	w, ok := arm64WriteHalves[arm64Tags(tags)]
	if !ok {
		return unknownTags("store exclusive", tags)
	}
	m.emit(w | scratch1<<16 | m.address(at)<<5 | arm64Regs[regC])
	m.emitBranch(0xB5000000|scratch1, again, imm19)
	return nil
}

func (m *arm64) abandon() { m.emit(0xD5033F5F) } // CLREX

func (m *arm64) comparesOld() bool { return false }

func (m *arm64) whole() wholes { return nil }

// widths are those of the distances in branches, and where they stand.
var widths = [...]struct{ bits, shift uint }{imm26: {26, 0}, imm19: {19, 5}, imm14: {14, 5}}

func (m *arm64) finish() ([]byte, error) {
	for _, r := range m.refers {
		w := widths[r.kind]
		distance := m.at[r.to] - r.at
		if limit := 1 << (w.bits - 1); m.at[r.to] < 0 || distance >= limit || distance < -limit {
			return nil, fmt.Errorf("the thread is too long for the branches of this machine")
		}
		m.code[r.at] |= uint32(distance) & (1<<w.bits - 1) << w.shift
	}
	code := make([]byte, 0, 4*len(m.code))
	for _, word := range m.code {
		code = binary.LittleEndian.AppendUint32(code, word)
	}
	return code, nil
}
