package machinecode

import (
	"os"
	"runtime"
	"strings"
	"testing"
	"unsafe"

	"crosscall/memmodel/native"
)

// TestRun runs code that reads the clock.
func TestRun(t *testing.T) {
	if !Supported {
		t.Skip(ErrUnsupported)
	}
	text, err := native.Clock(native.Arch(runtime.GOARCH))
	if err != nil {
		t.Fatal(err)
	}
	code, err := Map(text)
	if err != nil {
		t.Fatal(err)
	}
	b := new(native.Block)
	last, moved := int64(0), false
	for range 100_000 {
		code.Run(unsafe.Pointer(b))
		moved = moved || b.Status != last
		last = b.Status
	}
	if !moved {
		t.Error("the clock does not go")
	}
	if maps, err := os.ReadFile("/proc/self/maps"); err == nil {
		for line := range strings.Lines(string(maps)) {
			if fields := strings.Fields(line); len(fields) > 1 && strings.Contains(fields[1], "wx") {
				t.Errorf("memory that is writable and executable: %s", line)
			}
		}
	}
	if err := code.Close(); err != nil {
		t.Error(err)
	}
}

func TestMemory(t *testing.T) {
	if !Supported {
		t.Skip(ErrUnsupported)
	}
	b, err := Memory(10_000)
	if err != nil {
		t.Fatal(err)
	}
	for i := range b {
		if b[i] != 0 {
			t.Fatalf("byte %d is %d", i, b[i])
		}
		b[i] = 1
	}
	if err := Free(b); err != nil {
		t.Error(err)
	}
}
