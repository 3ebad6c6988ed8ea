#include "textflag.h"

// The kernel's __CPUNODE_SEG: entry 15 of the GDT, for user mode.
#define CPUNODE_SEGMENT (15*8 + 3)

// func segmentLimit() int64
TEXT ·segmentLimit(SB), NOSPLIT, $0-8
	MOVL $CPUNODE_SEGMENT, CX
	XORL AX, AX
	LSLL CX, AX // also clears the upper half; ZF: the segment is valid
	JNE  none
	MOVQ AX, ret+0(FP)
	RET

none:
	MOVQ $-1, ret+0(FP)
	RET

// func cpuid(leaf uint32) (eax, ebx, ecx, edx uint32)
TEXT ·cpuid(SB), NOSPLIT, $0-24
	MOVL leaf+0(FP), AX
	XORL CX, CX
	CPUID
	MOVL AX, eax+8(FP)
	MOVL BX, ebx+12(FP)
	MOVL CX, ecx+16(FP)
	MOVL DX, edx+20(FP)
	RET
