#ifndef __SHIM_LINUX_HYPERVISOR_H
#define __SHIM_LINUX_HYPERVISOR_H

#define hypervisor_pin_vcpu(cpu) ((void)(cpu))

#endif
