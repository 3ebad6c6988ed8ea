#include "textflag.h"

TEXT ·Relax(SB), NOSPLIT, $0-0
	PAUSE
	RET

TEXT ·PrefetchW(SB), NOSPLIT, $0-8
	MOVQ addr+0(FP), AX
	BYTE $0x0F; BYTE $0x0D; BYTE $0x08 // PREFETCHW (AX)
	RET
