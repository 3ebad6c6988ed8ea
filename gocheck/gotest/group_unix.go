//go:build unix

package gotest

import (
	"os/exec"
	"syscall"
)

// apart keeps a terminal's interrupt from c.
func apart(c *exec.Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
