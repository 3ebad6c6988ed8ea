// Package prints writes to the standard output in each execution.
package prints

import (
	"fmt"
	"log"
	"os"
	"sync"
	"testing"
)

func init() { fmt.Println("the package begins") }

// TestPrints has two executions.
func TestPrints(t *testing.T) {
	var wg sync.WaitGroup
	var mu sync.Mutex
	for i := range 2 {
		wg.Go(func() {
			mu.Lock()
			fmt.Println("body", i)
			mu.Unlock()
		})
	}
	wg.Wait()
	log.SetFlags(0)
	log.Print("logged")
	println("printed")
	os.Stderr.WriteString("written\n")
}

// TestLastPrints fails in an execution other than the first.
func TestLastPrints(t *testing.T) {
	var wg sync.WaitGroup
	var mu sync.Mutex
	last := 0
	for i := range 2 {
		wg.Go(func() {
			mu.Lock()
			last = i
			mu.Unlock()
		})
	}
	wg.Wait()
	fmt.Println("the last is", last)
	if last == 0 {
		t.Error("wrong order")
	}
}

// TestLong has one execution, of more steps than the bound of those that have several.
func TestLong(t *testing.T) {
	var mu sync.Mutex
	for range 5_000 {
		mu.Lock()
		mu.Unlock()
	}
}
