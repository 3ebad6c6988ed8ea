#include "textflag.h"

// YIELD is a no-op on most cores; ISB takes about as long as PAUSE on x86.
TEXT ·Relax(SB), NOSPLIT, $0-0
	ISB $15
	RET

TEXT ·PrefetchW(SB), NOSPLIT, $0-8
	MOVD addr+0(FP), R0
	PRFM (R0), PSTL1KEEP
	RET
