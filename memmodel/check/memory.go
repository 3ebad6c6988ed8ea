package check

import (
	"context"
	"fmt"
	"runtime"
	"runtime/metrics"
	"time"
)

// errMemory ends a run when this process uses more memory than Options.Memory.
type errMemory struct{ limit int64 }

func (e errMemory) Error() string {
	return fmt.Sprintf("memory: more than %d MB; --memory allows more", e.limit>>20)
}

// limitMemory returns a context that ends, with errMemory, once the heap is larger than
// limit after a garbage collection. Zero is no limit. stop ends the monitoring.
func limitMemory(ctx context.Context, limit int64) (limited context.Context, stop func()) {
	if limit <= 0 {
		return ctx, func() {}
	}
	limited, cancel := context.WithCancelCause(ctx)
	go func() {
		tick := time.NewTicker(50 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-limited.Done():
				return
			case <-tick.C:
			}
			if heapSize() <= limit {
				continue
			}
			runtime.GC()
			if heapSize() > limit {
				cancel(errMemory{limit})
				return
			}
		}
	}()
	return limited, func() { cancel(nil) }
}

// heapSize is the size of the objects on the heap, in bytes, including dead objects that are
// not yet collected.
func heapSize() int64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64())
}
