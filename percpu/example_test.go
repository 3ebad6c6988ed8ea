package percpu_test

import (
	"context"
	"fmt"
	"log"
	"sync"

	"crosscall"
	"crosscall/percpu"
)

// A server counts requests from its handlers, which are plain goroutines, and from functions on
// the CPUs.
func ExampleCounter() {
	sys, err := crosscall.Open(crosscall.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer sys.Close()
	ctx := context.Background()
	requests := percpu.NewCounter(sys)

	var handlers sync.WaitGroup
	for range 10 {
		handlers.Go(func() { requests.AddAny(1) })
	}
	handlers.Wait()
	online := sys.OnlineMask()
	err = sys.Call(ctx, online.First(), func(c *crosscall.CPU) { requests.Add(c, 5) })
	if err != nil {
		log.Fatal(err)
	}

	total, err := requests.Sum(ctx, sys)
	fmt.Println(total, err)
	// Output: 15 <nil>
}

// Goroutines count words in maps, one for each shard; a reader adds the maps up.
func ExampleSharded() {
	words := percpu.NewSharded[map[string]int]()
	var readers sync.WaitGroup
	for _, word := range []string{"call", "post", "call"} {
		readers.Go(func() {
			words.Do(func(m *map[string]int) {
				if *m == nil {
					*m = make(map[string]int)
				}
				(*m)[word]++
			})
		})
	}
	readers.Wait()

	total := make(map[string]int)
	words.Each(func(m *map[string]int) {
		for word, n := range *m {
			total[word] += n
		}
	})
	fmt.Println(total)
	// Output: map[call:2 post:1]
}
