package main

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// asCommand makes the test binary the command.
const asCommand = "CROSSCALL_TEST_COMMAND"

// SIGTERM, with which services and CI jobs are ended, is an interrupt.
func TestSIGTERMIsAnInterrupt(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("windows has no such signal")
	}
	if os.Getenv(asCommand) != "" {
		os.Args = []string{"crosscall", "serve", "--addr", "localhost:0"}
		main()
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), exe, "-test.run=^TestSIGTERMIsAnInterrupt$")
	c.Env = append(os.Environ(), asCommand+"=1")
	stderr, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	address, err := bufio.NewReader(stderr).ReadString('\n')
	if err != nil || !strings.HasPrefix(address, "http://") {
		t.Errorf("%q %v", address, err)
	}
	if err := c.Process.Signal(syscall.SIGTERM); err != nil {
		t.Error(err)
	}
	rest, _ := io.ReadAll(stderr)
	if err := c.Wait(); err != nil {
		t.Errorf("%v: %s", err, rest)
	}
}
