package topology

import (
	"sync"
	"testing"
)

// On each CPU, on a pinned thread, Current returns the result of the system call.
func TestCurrentOnEachCPU(t *testing.T) {
	affinity, err := PinnedTo(0)
	if err != nil {
		t.Fatal(err)
	}
	for cpu := range affinity.All() {
		onOwnThread(func() {
			if err := Pin(cpu); err != nil {
				t.Error(err)
				return
			}
			for range 1000 {
				if got, kernel := Current(), currentSyscall(); got != cpu || kernel != cpu {
					t.Errorf("on CPU %d Current is %d, and %d by the system call", cpu, got, kernel)
					return
				}
			}
		})
	}
}

// A thread that is moved to another CPU notices each move.
func TestCurrentFollowsTheThread(t *testing.T) {
	affinity, err := PinnedTo(0)
	if err != nil {
		t.Fatal(err)
	}
	var threads sync.WaitGroup
	for range 4 {
		threads.Go(func() {
			onOwnThread(func() {
				for range 50 {
					for cpu := range affinity.All() {
						if err := Pin(cpu); err != nil {
							t.Error(err)
							return
						}
						if got := Current(); got != cpu {
							t.Errorf("moved to CPU %d, Current is %d", cpu, got)
						}
					}
				}
			})
		})
	}
	threads.Wait()
}

func BenchmarkCurrent(b *testing.B) {
	b.Run("Current", func(b *testing.B) {
		for b.Loop() {
			Current()
		}
	})
	b.Run("syscall", func(b *testing.B) {
		for b.Loop() {
			currentSyscall()
		}
	})
}
