package run

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"time"
	"unsafe"

	"crosscall"
	"crosscall/cmd/crosscall/internal/machinecode"
	"crosscall/memmodel/native"
)

// A Machine is the CPUs that tests run on.
type Machine struct {
	Arch native.Arch

	sys   *crosscall.System
	cpus  []int
	ticks float64 // of the clock, in a second
}

// Open starts executors on the CPUs that this process may use.
func Open() (*Machine, error) {
	if !machinecode.Supported {
		return nil, machinecode.ErrUnsupported
	}
	sys, err := crosscall.Open(crosscall.Options{})
	if err != nil {
		return nil, err
	}
	mask := sys.PossibleMask()
	m := &Machine{Arch: native.Arch(runtime.GOARCH), sys: sys, cpus: slices.Collect(mask.All())}
	if m.ticks, err = clockRate(m.Arch); err != nil {
		return nil, err
	}
	return m, nil
}

// CPUs are the numbers of the CPUs.
func (m *Machine) CPUs() []int { return m.cpus }

// Close ends the executors.
func (m *Machine) Close() error { return m.sys.Close() }

// clockRate is how fast the clock of the machine ticks.
func clockRate(a native.Arch) (float64, error) {
	text, err := native.Clock(a)
	if err != nil {
		return 0, err
	}
	code, err := machinecode.Map(text)
	if err != nil {
		return 0, err
	}
	defer code.Close()
	look := func() (int64, time.Time) {
		b := new(native.Block)
		code.Run(unsafe.Pointer(b))
		return b.Status, time.Now()
	}
	c, t := look()
	time.Sleep(5 * time.Millisecond)
	c2, t2 := look()
	return float64(c2-c) / t2.Sub(t).Seconds(), nil
}

func (m *Machine) inTicks(d time.Duration) int64 { return int64(d.Seconds() * m.ticks) }

// on runs f on a CPU, and waits for its end whatever comes: f uses memory that is given back
// then.
func (m *Machine) on(cpu int, f func(*crosscall.CPU)) error {
	return m.sys.Call(context.Background(), cpu, f)
}

// A TooFewCPUs is a test that has more threads than there are CPUs.
type TooFewCPUs struct{ Threads, CPUs int }

func (e *TooFewCPUs) Error() string {
	return fmt.Sprintf("the test has %d threads, and this process may use %d CPUs: each thread needs one", e.Threads, e.CPUs)
}
