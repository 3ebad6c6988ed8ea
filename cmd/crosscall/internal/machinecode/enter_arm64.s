//go:build linux

#include "textflag.h"

// func enter(code uintptr, block unsafe.Pointer)
//
// ISB: this CPU fetches no instructions from before the code was written.
TEXT ·enter(SB), NOSPLIT, $16-16
	MOVD code+0(FP), R16
	MOVD block+8(FP), R0
	ISB $15
	CALL (R16)
	RET
