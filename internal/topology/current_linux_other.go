//go:build linux && !amd64

package topology

// userCurrent is false: only a system call says which CPU this is.
const userCurrent = false

func currentUser() int { return -1 }
