#include "textflag.h"

TEXT ·Relax(SB), NOSPLIT, $0-0
	PAUSE
	RET
