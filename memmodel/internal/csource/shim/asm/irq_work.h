#ifndef __SHIM_ASM_IRQ_WORK_H
#define __SHIM_ASM_IRQ_WORK_H

#include <linux/kernel.h>

#define arch_irq_work_has_interrupt() 1

#endif
