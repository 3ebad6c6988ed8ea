//go:build !unix

package gotest

import "os/exec"

func apart(*exec.Cmd) {}
