package asm_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"crosscall/memmodel"
)

// TestInstructions runs instructions that no published test of ours has, on values whose
// results the manuals of the machines give.
func TestInstructions(t *testing.T) {
	for _, c := range []struct{ arch, state, code, cond string }{
		{"AArch64", "0:X1=-6;", "ABS W2,W1; ABS X3,X1; ABS W4,W2", "0:X2=6 /\\ 0:X4=6"},
		{"AArch64", "uint64_t 0:X1=0x123456789abcdef0; uint64_t 0:X2; uint64_t 0:X3; uint64_t 0:X4; uint64_t 0:X5; uint64_t 0:X6;",
			"REV X2,X1; REV16 X3,X1; REV32 X4,X1; RBIT X5,X1; REV64 X6,X1",
			"0:X2=0xf0debc9a78563412 /\\ 0:X3=0x34127856bc9af0de /\\ 0:X4=0x78563412f0debc9a /\\ 0:X5=0x0f7b3d591e6a2c48 /\\ 0:X6=0xf0debc9a78563412"},
		{"AArch64", "0:X1=0x12345678; uint32_t 0:X2; uint32_t 0:X3; uint32_t 0:X4;", "REV W2,W1; REV16 W3,W1; RBIT W4,W1",
			"0:X2=0x78563412 /\\ 0:X3=0x34127856 /\\ 0:X4=0x1e6a2c48"},
		{"AArch64", "0:X1=3;", "CMP W1,#4; MRS X2,NZCV; LSR X2,X2,#28; MOV W3,#1; LSL X3,X3,#30; MSR NZCV,X3; CSET W4,EQ; CSET W5,MI",
			"0:X2=8 /\\ 0:X4=1 /\\ 0:X5=0"},
		{"AArch64", "0:X0=2;", "ADD W1,W1,#2; SUBS W0,W0,#1; B.GT .-8; B .+8; MOV W1,#9", "0:X1=4"},
		{"AArch64", "uint64_t %P0_x=x;", "MOV W1,#5; STR W1,[X%P0_x]; LDR W%v,[X%P0_x]", "x=5 /\\ 0:%v=5"},
		{"AArch64", "int x[2]={1,2}; 0:X9=x;", "LDXP W1,W2,[X9]; STXP W3,W2,W1,[X9]", "0:X1=1 /\\ 0:X2=2 /\\ (0:X3=1 /\\ x[0]=1 \\/ 0:X3=0 /\\ x[0]=2 /\\ x[1]=1)"},
		{"AArch64", "int x[2]={1,2}; 0:X9=x;", "MOV W0,#1; MOV W1,#2; MOV W2,#7; MOV W3,#8; CASPAL W0,W1,W2,W3,[X9]", "0:X0=1 /\\ 0:X1=2 /\\ x[0]=7 /\\ x[1]=8"},
		{"AArch64", "int x[2]={1,2}; 0:X9=x;", "MOV W0,#1; MOV W1,#3; MOV W2,#7; MOV W3,#8; CASP W0,W1,W2,W3,[X9]", "0:X0=1 /\\ 0:X1=2 /\\ x[0]=1 /\\ x[1]=2"},
		// One register has the addresses of variables of two sizes, one after the other.
		{"AArch64", "int x; uint64_t y; 0:X5=y; 0:X1=x;", "MOV W2,#1; STR W2,[X1]; MOV X1,X5; STR X2,[X1]", "x=1 /\\ y=1"},
		{"AArch64", "int x[2]; uint64_t y[2]; 0:X9=x; 0:X8=y; 0:X0=1;", "LDXP W1,W2,[X9]; LDXP X1,X2,[X8]; CASP W2,W3,W0,W1,[X9]; CASP X2,X3,X0,X1,[X8]", "x[0]=1 /\\ y[0]=1"},
		// An address that is no variable's is an error where it is accessed.
		{"AArch64", "0:X3=16; 0:X4=1;", "CBNZ W4,L; LDR W6,[X3]; L: MOV W1,#1", "0:X1=1"},
		{"PPC", "uint64_t 0:r3; uint64_t 0:r4; uint64_t 0:r5;", "li r1,-1; rlwinm r3,r1,4,28,31; lis r2,0x1234; rlwinm r4,r2,8,24,31; rlwinm r5,r1,0,31,0",
			"0:r3=15 /\\ 0:r4=0x12 /\\ 0:r5=0xffffffff80000001"},
		{"PPC", "0:r3=0x1234; 0:r4=0xab;", "rlwimi r3,r4,8,16,23", "0:r3=0xab34"},
	} {
		rows := strings.Join(strings.Split(c.code, ";"), " ;\n") + " ;"
		src := fmt.Sprintf("%s test\n{ %s }\n P0 ;\n%s\nforall (%s)\n", c.arch, c.state, rows, c.cond)
		r, err := memmodel.Check(context.Background(), "test.litmus", src, memmodel.Options{})
		if err != nil {
			t.Errorf("%v\n%s", err, src)
		} else if r.Verdict != memmodel.Holds {
			t.Errorf("%s: %v\n%s", r.Verdict, r.States, src)
		}
	}
}

// TestNoVariable: an access to an address that is no variable's is an error.
func TestNoVariable(t *testing.T) {
	_, err := memmodel.Check(context.Background(), "t", "AArch64 t\n{ 0:X1=16; }\nP0 ;\nSTR W0,[X1] ;\nexists (true)\n", memmodel.Options{})
	if want := "t:4:1: STR W0,[X1] accesses address 16, which is no variable's"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestOrder: LDXP and STXP are single-copy atomic, LDP and CASP are two accesses, and LDAP
// does not order its two loads. If a picked value is stored and read back by an acquire,
// the pick comes before the stores behind that acquire.
func TestOrder(t *testing.T) {
	for _, c := range []struct {
		name, left, right, cond string
		allowed                 bool
	}{
		{"torn STXP", "LDXP W5,W6,[X9]; STXP W7,W0,W1,[X9]", "LDXP W2,W3,[X9]", "0:X7=0 /\\ 1:X2=1 /\\ 1:X3=0", false},
		{"torn by LDP", "LDXP W5,W6,[X9]; STXP W7,W0,W1,[X9]", "LDP W2,W3,[X9]", "0:X7=0 /\\ 1:X2=1 /\\ 1:X3=0", true},
		{"torn STP", "STP W0,W1,[X9]", "LDXP W2,W3,[X9]", "1:X2=1 /\\ 1:X3=0", true},
		{"LDAP", "STLR W1,[X10]; STLR W0,[X9]", "LDAP W2,W3,[X9]", "1:X2=1 /\\ 1:X3=0", true},
		{"LDIAPP", "STLR W1,[X10]; STLR W0,[X9]", "LDIAPP W2,W3,[X9]", "1:X2=1 /\\ 1:X3=0", false},
		{"STLP", "STLP W0,W1,[X9]", "LDAR W3,[X10]; LDAR W2,[X9]", "1:X3=1 /\\ 1:X2=0", true},
		{"STILP", "STILP W0,W1,[X9]", "LDAR W3,[X10]; LDAR W2,[X9]", "1:X3=1 /\\ 1:X2=0", false},
		{"pick, stored and read back", "LDR W2,[X9]; CMP W2,#1; CSEL W3,W5,W6,EQ; STR W3,[X11]; LDAR W4,[X11]; STR W0,[X10]", "LDR W2,[X10]; STR W2,[X9]", "0:X2=1 /\\ 1:X2=1", false},
		{"no pick", "LDR W2,[X9]; CMP W2,#1; STR W3,[X11]; LDAR W4,[X11]; STR W0,[X10]", "LDR W2,[X10]; STR W2,[X9]", "0:X2=1 /\\ 1:X2=1", true},
		{"CASP takes both or none", "MOV W5,#0; MOV W6,#0; CASP W5,W6,W0,W1,[X9]", "STR W0,[X10]; LDR W2,[X10]; LDR W3,[X9]", "x[0]=1 /\\ 0:X6=1", false},
	} {
		second := "ADD X10,X9,#4; "
		left, right := strings.Split(second+c.left, ";"), strings.Split(second+c.right, ";")
		var rows strings.Builder
		for i := range max(len(left), len(right)) {
			cell := func(list []string) string {
				if i < len(list) {
					return list[i]
				}
				return ""
			}
			fmt.Fprintf(&rows, "%s | %s ;\n", cell(left), cell(right))
		}
		src := fmt.Sprintf("AArch64 test\n{ int x[2]; 0:X9=x; 1:X9=x; 0:X11=z; 0:X0=1; 0:X1=1; 1:X0=1; }\n P0 | P1 ;\n%sexists (%s)\n", rows.String(), c.cond)
		r, err := memmodel.Check(context.Background(), "test.litmus", src, memmodel.Options{})
		if err != nil {
			t.Errorf("%s: %v\n%s", c.name, err, src)
		} else if allowed := r.Verdict == memmodel.Holds; allowed != c.allowed {
			t.Errorf("%s: allowed is %t\n%s", c.name, allowed, src)
		}
	}
}
