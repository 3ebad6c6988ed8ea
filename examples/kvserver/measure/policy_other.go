//go:build !linux

package main

import (
	"fmt"
	"os/exec"
)

func startAs(policy string, cmd *exec.Cmd) error {
	if policy != "normal" {
		return fmt.Errorf("policy %q: only on Linux", policy)
	}
	return cmd.Start()
}
