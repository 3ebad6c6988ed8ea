package buffers

import (
	"bytes"
	"fmt"
	"sync"
	"testing"
)

// each runs print in two goroutines, three times in each, with a buffer of their own. The
// buffers of fmt itself go from one to the other.
func each(print func(b *bytes.Buffer, n int)) {
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			var b bytes.Buffer
			for n := range 3 {
				print(&b, n)
			}
		})
	}
	wg.Wait()
}

func TestRightPrints(t *testing.T) {
	each(func(b *bytes.Buffer, n int) { fmt.Fprintf(b, "%d of %s", n, "tea") })
}

// TestRightLongPrints has lines that need larger buffers as they grow.
func TestRightLongPrints(t *testing.T) {
	each(func(b *bytes.Buffer, n int) {
		fmt.Fprintf(b, "%s %d %s %g %s\n", "an order of", n, "boxes of tea, at", 1.5, "for each of them")
	})
}

func TestRightQuotes(t *testing.T) {
	each(func(b *bytes.Buffer, n int) { b.WriteString(fmt.Sprintf("%q %c %U", "black tea", 'ü', n)) })
}

func TestWrongPrints(t *testing.T) {
	var shared bytes.Buffer
	each(func(_ *bytes.Buffer, n int) { fmt.Fprintf(&shared, "%d", n) })
}

// TestWrongPrinted changes what is printed twice.
func TestWrongPrinted(t *testing.T) {
	name := []byte("tea")
	done := make(chan struct{})
	go func() {
		fmt.Sprintf("%q", name)
		fmt.Sprintf("%q", name)
		close(done)
	}()
	name[0] = 's'
	<-done
}
