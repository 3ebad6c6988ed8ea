package thread

import "crosscall/memmodel/internal/ir"

// tellsLast reports whether the thread uses that its arrival at a barrier, at instruction i, is
// the last of its round: a register that has something of what it has read, but not just a
// copy, is alive.
func (f *Flow) tellsLast(i int) bool {
	come := make([]uint64, (len(f.th.Regs)+63)/64) // registers that have what it has read
	for k := i - 1; k >= 0; k-- {
		if in := &f.th.Instr[k]; in.Op == ir.Do && in.Kind.Reads() {
			come[in.Dst>>6] |= 1 << (in.Dst & 63)
			break
		}
	}
	for changed := true; changed; {
		changed = false
		for k := range f.th.Instr {
			in := &f.th.Instr[k]
			if in.Op != ir.Assign || !uses(in.Val, come) {
				continue
			}
			switch {
			case in.Val.Op == ir.Load:
				changed = changed || come[in.Dst>>6]>>(in.Dst&63)&1 == 0
				come[in.Dst>>6] |= 1 << (in.Dst & 63)
			case f.isAlive(int(in.Dst), k+1):
				return true
			}
		}
	}
	return false
}
