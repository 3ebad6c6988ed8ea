package native

import (
	"encoding/binary"
	"fmt"
	"slices"

	"crosscall/memmodel/internal/ir"
)

// amd64 is the assembler for x86-64. Encodings: Intel, Software Developer's Manual,
// volume 2; AMD, Architecture Programmer's Manual, volume 3.
type amd64 struct {
	labels
	code []byte
}

// Numbers of the registers, by role.
var amd64Regs = [...]byte{
	regA: 0, regB: 1, regC: 2, // RAX, RCX, RDX
	regBlock: 7, regInst: 6, regIndex: 3, regOut: 14, regStamp: 15, // RDI, RSI, RBX
	regV0: 8, regV0 + 1: 9, regV0 + 2: 10, regV0 + 3: 11, regV0 + 4: 12, regV0 + 5: 13,
}

// Condition codes.
var amd64Conds = [...]byte{eq: 0x4, ne: 0x5, lt: 0xC, le: 0xE, gt: 0xF, ge: 0xD, below: 0x2, above: 0x7}

func (m *amd64) values() int { return 6 }

func (m *amd64) emit(b ...byte) { m.code = append(m.code, b...) }

func (m *amd64) emit32(v int32) { m.code = binary.LittleEndian.AppendUint32(m.code, uint32(v)) }

// rr is an instruction on two registers: r is the one of the field reg, b of r/m.
func (m *amd64) rr(r, b byte, opcode ...byte) {
	m.emit(0x48 | r>>3<<2 | b>>3)
	m.emit(opcode...)
	m.emit(0xC0 | r&7<<3 | b&7)
}

// rm is an instruction on a register, or a digit that extends the opcode, and memory.
func (m *amd64) rm(r byte, at place, opcode ...byte) {
	b := amd64Regs[at.base]
	m.emit(0x48 | r>>3<<2 | b>>3)
	m.emit(opcode...)
	m.emit(0x80 | r&7<<3 | b&7)
	if b&7 == 4 {
		m.emit(0x24)
	}
	m.emit32(at.off)
}

func (m *amd64) imm(d reg, k int64) {
	r := amd64Regs[d]
	if int64(int32(k)) == k {
		m.emit(0x48|r>>3, 0xC7, 0xC0|r&7)
		m.emit32(int32(k))
		return
	}
	m.emit(0x48|r>>3, 0xB8|r&7)
	m.code = binary.LittleEndian.AppendUint64(m.code, uint64(k))
}

func (m *amd64) mov(d, s reg) { m.rr(amd64Regs[s], amd64Regs[d], 0x89) }

func (m *amd64) load(d reg, at place) { m.rm(amd64Regs[d], at, 0x8B) }

func (m *amd64) store(at place, s reg) { m.rm(amd64Regs[s], at, 0x89) }

func (m *amd64) loadIndexed(d, base, index reg) {
	r, b, x := amd64Regs[d], amd64Regs[base], amd64Regs[index]
	m.emit(0x48|r>>3<<2|x>>3<<1|b>>3, 0x8B, 0x44|r&7<<3, 0xC0|x&7<<3|b&7, 0)
}

func (m *amd64) add(d reg, k int32) {
	r := amd64Regs[d]
	m.emit(0x48|r>>3, 0x81, 0xC0|r&7)
	m.emit32(k)
}

// Opcodes of operations on RAX and RCX.
var amd64Binary = map[ir.ExprOp][]byte{
	ir.Add: {0x01}, ir.Sub: {0x29}, ir.And: {0x21}, ir.Or: {0x09}, ir.Xor: {0x31},
}

func (m *amd64) binary(op ir.ExprOp) {
	a, b := amd64Regs[regA], amd64Regs[regB]
	switch op {
	case ir.Mul:
		m.rr(a, b, 0x0F, 0xAF)
	case ir.Shl:
		m.rr(4, a, 0xD3)
	case ir.Shr:
		m.rr(7, a, 0xD3)
	case ir.Div, ir.Mod:
		m.divide(op)
	default:
		m.rr(b, a, amd64Binary[op]...)
	}
}

// divide divides RAX by RCX. IDIV traps where the least number is divided by -1.
func (m *amd64) divide(op ir.ExprOp) {
	minusOne, done := m.newLabel(), m.newLabel()
	m.imm(regC, -1)
	m.branch(eq, regB, regC, minusOne)
	m.emit(0x48, 0x99)             // CQO
	m.rr(7, amd64Regs[regB], 0xF7) // IDIV RCX
	if op == ir.Mod {
		m.mov(regA, regC)
	}
	m.jump(done)
	m.bind(minusOne)
	if op == ir.Mod {
		m.imm(regA, 0)
	} else {
		m.rr(3, amd64Regs[regA], 0xF7) // NEG RAX
	}
	m.bind(done)
}

func (m *amd64) compare(c cond) {
	m.rr(amd64Regs[regB], amd64Regs[regA], 0x39)
	m.emit(0x0F, 0x90|amd64Conds[c], 0xC0) // SETcc AL
	m.emit(0x0F, 0xB6, 0xC0)               // MOVZX EAX, AL
}

func (m *amd64) choose() {
	m.rr(amd64Regs[regA], amd64Regs[regA], 0x85)       // TEST
	m.mov(regA, regC)                                  //
	m.rr(amd64Regs[regA], amd64Regs[regB], 0x0F, 0x45) // CMOVNZ
}

func (m *amd64) stamp() {
	m.emit(0x0F, 0x31)             // RDTSC
	m.emit(0x48, 0xC1, 0xE2, 0x20) // SHL RDX, 32
	m.rr(amd64Regs[regC], amd64Regs[regA], 0x09)
}

func (m *amd64) pause() { m.emit(0xF3, 0x90) }

func (m *amd64) fullFence() { m.emit(0x0F, 0xAE, 0xF0) }

func (m *amd64) fetchAdd(at place, d reg) {
	m.emit(0xF0)
	m.rm(amd64Regs[d], at, 0x0F, 0xC1) // LOCK XADD
}

func (m *amd64) touch(at place) { m.load(regC, at) }

func (m *amd64) touchForWrite(at place) { m.rm(1, at, 0x0F, 0x0D) } // PREFETCHW

func (m *amd64) flush(at place) { m.rm(7, at, 0x0F, 0xAE) } // CLFLUSH

func (m *amd64) bind(l label) { m.at[l] = len(m.code) }

func (m *amd64) jump(to label) {
	m.emit(0xE9)
	m.target(to)
}

func (m *amd64) jcc(c byte, to label) {
	m.emit(0x0F, 0x80|c)
	m.target(to)
}

func (m *amd64) target(to label) {
	m.refer(len(m.code), to, 0)
	m.emit32(0)
}

func (m *amd64) branch(c cond, a, b reg, to label) {
	m.rr(amd64Regs[b], amd64Regs[a], 0x39)
	m.jcc(amd64Conds[c], to)
}

func (m *amd64) branchZero(r reg, to label) {
	m.rr(amd64Regs[r], amd64Regs[r], 0x85)
	m.jcc(amd64Conds[eq], to)
}

func (m *amd64) branchNonzero(r reg, to label) {
	m.rr(amd64Regs[r], amd64Regs[r], 0x85)
	m.jcc(amd64Conds[ne], to)
}

func (m *amd64) branchBitClear(r reg, bit int, to label) {
	m.rr(4, amd64Regs[r], 0x0F, 0xBA) // BT
	m.emit(byte(bit))
	m.jcc(3, to)
}

func (m *amd64) ret() { m.emit(0xC3) }

// locked reports whether an access is one of a locked instruction. RMW says that it is part
// of an atomic operation that fails, EX that such an operation does no more than to read.
func locked(tags []string) (lock bool, err error) {
	for _, tag := range tags {
		switch tag {
		case "X":
			lock = true
		case "RMW", "EX":
		default:
			return false, unknownTags("access", tags)
		}
	}
	return lock, nil
}

func (m *amd64) fence(tags []string) error {
	switch {
	case slices.Equal(tags, []string{"MFENCE"}):
		m.fullFence()
	case slices.Equal(tags, []string{"LFENCE"}):
		m.emit(0x0F, 0xAE, 0xE8)
	case slices.Equal(tags, []string{"SFENCE"}):
		m.emit(0x0F, 0xAE, 0xF8)
	default:
		return unknownTags("fence", tags)
	}
	return nil
}

func (m *amd64) read(d reg, at place, tags []string) error {
	lock, err := locked(tags)
	if err != nil {
		return err
	}
	if lock {
		return m.readHalf(d, at, tags)
	}
	m.load(d, at)
	return nil
}

func (m *amd64) write(at place, s reg, tags []string) error {
	lock, err := locked(tags)
	switch {
	case err != nil:
		return err
	case lock:
		m.mov(regA, s)
		m.swap(at)
	default:
		m.store(at, s)
	}
	return nil
}

// readHalf adds nothing to memory, by a locked instruction: it is a read with the order of
// one.
func (m *amd64) readHalf(d reg, at place, tags []string) error {
	if lock, err := locked(tags); err != nil || !lock {
		m.load(d, at) // an RMW without LOCK
		return err
	}
	m.imm(d, 0)
	m.fetchAdd(at, d)
	return nil
}

func (m *amd64) writeHalf(at place, tags []string, again label) error {
	_, err := locked(tags)
	m.compareSwap(at, again)
	return err
}

func (m *amd64) comparesOld() bool { return true }

func (m *amd64) abandon() {}

func (m *amd64) whole() wholes { return m }

func (m *amd64) swap(at place) { m.rm(amd64Regs[regA], at, 0x87) } // XCHG locks by itself

func (m *amd64) compareSwap(at place, fails label) {
	m.emit(0xF0)
	m.rm(amd64Regs[regC], at, 0x0F, 0xB1) // LOCK CMPXCHG
	m.jcc(amd64Conds[ne], fails)
}

func (m *amd64) finish() ([]byte, error) {
	for _, r := range m.refers {
		to := m.at[r.to]
		if to < 0 {
			return nil, fmt.Errorf("internal error: a label is not bound")
		}
		binary.LittleEndian.PutUint32(m.code[r.at:], uint32(to-(r.at+4)))
	}
	return m.code, nil
}
