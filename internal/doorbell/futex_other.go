//go:build !linux

package doorbell

const haveFutex = false

func futexWait(*uint32, uint32) {}
func futexWake(*uint32)         {}
