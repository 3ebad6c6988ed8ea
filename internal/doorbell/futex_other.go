//go:build !linux

package doorbell

import "time"

const haveFutex = false

func futexWait(*uint32, uint32) {}
func futexWake(*uint32)         {}

func futexWaitFor(*uint32, uint32, time.Duration) {}
