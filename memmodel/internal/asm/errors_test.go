package asm_test

import (
	"testing"

	"crosscall/memmodel/internal/asm"
)

// mistakes are tests with something wrong, and what is said of it.
var mistakes = []struct{ src, want string }{
	{"AArch64 t\n{}\nP0 ;\nLDRR X0,[X1] ;\n", `t:4:1: AArch64 has no instruction ldrr; did you mean ldar?`},
	{"AArch64 t\n{}\nP0 ;\nFROB X0 ;\n", `t:4:1: AArch64 has no instruction frob`},
	{"AArch64 t\n{}\nP0 ;\nLDR X0 ;\n", `t:4:1: ldr takes other operands: a register, memory`},
	{"AArch64 t\n{}\nP0 ;\nLDR X0,[X31] ;\n", `t:4:9: AArch64 has no register X31`},
	{"AArch64 t\n{}\nP0 ;\nDMB FULL ;\n", `t:4:5: there is no barrier FULL: there are SY, ST, LD, ISH, ISHST, ISHLD, OSH, OSHST, OSHLD, NSH, NSHST, NSHLD`},
	{"AArch64 t\n{}\nP0 ;\nCBZ X0,L1 ;\n", `t:4:8: P0 has no label L1`},
	{"AArch64 t\n{}\nP0 ;\nL: NOP ;\nL: NOP ;\n", `t:5:1: there are two labels L in P0`},
	{"AArch64 t\n{}\nP0 ;\nCSEL X0,X1,X2,ZZ ;\n", `t:4:15: there is no condition ZZ: there are EQ, NE, CS, HS, CC, LO, MI, PL, VS, VC, HI, LS, GE, LT, GT, LE, AL`},
	{"AArch64 t\n{}\nP0 ;\nSVC #0 ;\n", `t:4:1: svc is not supported: tests with exceptions are not supported`},
	{"AArch64 t\n{}\nP0 | P0.F ;\nNOP | NOP ;\n", `t:3:6: P0.F is a handler of exceptions: tests with exceptions are not supported`},
	{"AArch64 t\n{ [PTE(x)]=(oa:PA(y)); }\nP0 ;\nNOP ;\n", `t:2:7: tests of virtual memory are not supported: this should be "]", but is "("`},
	{"AArch64 t\n{ 0:X1=P0:L; }\nP0 ;\nL: NOP ;\n", `t:2:11: tests of code that is modified or fetched are not supported: AArch64 has no register L`},
	{"AArch64 t\n{ 0:X1=x:red; }\nP0 ;\nNOP ;\n", `t:2:9: tests with memory tags are not supported: this should be ";" or "}", but is ":"`},
	{"AArch64 t\n{ 0:X1=x; }\nP0 ;\nNOP ;\nexists (fault(P0,x))", `t:5:14: tests with exceptions are not supported: this should be = or another comparison, but is "("`},
	{"AArch64 t\n{}\nP0 ;\nTLBI VAE1,X0 ;\n", `t:4:1: tlbi is not supported: tests of virtual memory are not supported`},
	{"AArch64 t\n{}\nP0 ;\nIC IVAU,X0 ;\n", `t:4:1: ic is not supported: tests of code that is modified or fetched are not supported`},
	{"AArch64 t\n{0:X1=x;}\nP0 ;\nSTR W0,[X1] ;\nLDR X2,[X1] ;\n", `t:5:1: LDR X2,[X1] accesses 8 bytes of x, and STR W0,[X1] accesses 4: mixed-size tests are not supported`},
	{"AArch64 t\n{uint64_t x; 0:X1=x;}\nP0 ;\nSTR W0,[X1,#4] ;\n", `t:4:1: STR W0,[X1,#4] accesses x from byte 4 on: mixed-size tests are not supported, nor is what is behind a variable`},
	{"AArch64 t\n{int x; 0:X1=x;}\nP0 ;\nSTR X0,[X1] ;\n", `t:4:1: STR X0,[X1] accesses 8 bytes of x, which has 4: mixed-size tests are not supported`},
	{"AArch64 t\n{}\nP0 ;\nSVC #0 ;\nexists (fault(P0:L0))\n", `t:4:1: svc is not supported: tests with exceptions are not supported`},
	{"AArch64 t\nVariant=morello\n{}\nP0 ;\nSTR W0,[C1] ;\n", `t:5:9: tests of capabilities (Morello) are not supported: AArch64 has no register C1`},
	{"AArch64 t\n{}\nP0 ;\nAUTDZA X1 ;\n", `t:4:1: tests of pointer authentication are not supported: AArch64 has no instruction autdza`},
	{"AArch64 t\nVariant=NV2\n{0:VNCR_EL2=x;}\nP0 ;\nNOP ;\n", `t:3:4: tests of nested virtualization are not supported: AArch64 has no register VNCR_EL2`},
	{"AArch64 t\n{0:X1=x; 0:X1=y;}\nP0 ;\nNOP ;\n", `t:2:10: 0:X1 has an initial value already`},
	{"AArch64 t\n{1:X1=x;}\nP0 ;\nNOP ;\n", `t:2:2: there is no thread P1`},
	{"AArch64 t\n{0:r1=x;}\nP0 ;\nNOP ;\n", `t:2:4: AArch64 has no register r1`},
	{"AArch64 t\n{}\nP0 ;\nNOP ;\nexists (z=1)", `t:5:9: there is no variable z: no instruction has its address, nor is it in the initial state`},
	{"AArch64 t\n{}\nP0 ;\nNOP ;\nexists (1:X0=1)", `t:5:9: there is no thread P1`},
	{"AArch64 t\n{}\nP1 ;\nNOP ;\n", `t:3:1: this should be P0, the next thread, but is "P1"`},
	{"AArch64 t\n{}\nP0 ;\nNOP | NOP ;\n", `t:4:7: this row has more columns than there are threads`},
	{"AArch64 t\n{}\nP0 ;\nNOP", `t:4:1: this row of instructions does not end: a ";" is missing`},
	{"AArch64 t\n{}\nexists (x=1)", `t:3:1: this should be the first row of the table, as in "P0 | P1 ;"`},
	{"AArch64 t\n{}\nP0 ;\nMOV X0,#99999999999999999999 ;\n", `t:4:9: 99999999999999999999 is no number of 64 bits`},
	{"MIPS t\n{}\nP0 ;\nNOP ;\n", `t:1:1: this should be the name of a machine, AArch64, PPC, RISCV, X86, X86_64, but is "MIPS"`},
	{"X86 t\n{}\nP0 ;\nMOV [x],RAX ;\n", `t:4:1: mov takes other operands: a register or memory, a register or a number or memory`},
	{"X86_64 t\n{}\nP0 ;\nmovl %eax,(%rzx) ;\n", `t:4:13: X86_64 has no register rzx`},
	{"X86_64 t\n{}\nP0 ;\nmovx %eax,(x) ;\n", `t:4:1: X86_64 has no instruction movx; did you mean mov?`},
	{"X86_64 t\n{}\nP0 ;\nlock movl %eax,(x) ;\n", `t:4:1: mov cannot have the prefix lock`},
	{"X86_64 t\n{}\nP0 ;\nclflush (x) ;\n", `t:4:1: clflush is not supported: it writes caches back, which the model does not speak of`},
	{"PPC t\n{}\nP0 ;\nlwz r1,0(r32) ;\n", `t:4:10: PPC has no register r32`},
	{"PPC t\n{0:r2=x;}\nP0 ;\nlwzz r1,0(r2) ;\n", `t:4:1: PPC has no instruction lwzz; did you mean lwz?`},
	{"RISCV t\n{}\nP0 ;\nfence q,w ;\n", `t:4:7: there is no kind of access "q": there are r, w, rw, and with i and o those of devices`},
	{"RISCV t\n{}\nP0 ;\namoswap.q x1,x2,(x3) ;\n", `t:4:1: RISCV has no instruction amoswap.q; did you mean amoswap.d?`},
}

func TestMistakes(t *testing.T) {
	for _, c := range mistakes {
		got := ""
		ast, err := asm.Parse("t", []byte(c.src))
		if err == nil {
			_, err = ast.Compile()
		}
		if err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%q:\n got %s\nwant %s", c.src, got, c.want)
		}
	}
}
