package locks

import "unsafe"

func (m *meter) bytes() unsafe.Pointer { return unsafe.Pointer(m) }
