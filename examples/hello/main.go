// Command hello calls from CPU to CPU, and counts on each of them.
package main

import (
	"context"
	"fmt"
	"log"

	"crosscall"
	"crosscall/cpumask"
	"crosscall/percpu"
)

func main() {
	// Virtual: the two CPUs are 0 and 1, whichever numbers this machine's CPUs
	// have.
	sys, err := crosscall.Open(crosscall.Options{CPUs: cpumask.Range(0, 1), Virtual: true})
	if err != nil {
		log.Fatal(err)
	}
	defer sys.Close()
	if err := greet(context.Background(), sys); err != nil {
		log.Print(err)
	}
}

func greet(ctx context.Context, sys *crosscall.System) error {
	hits := percpu.NewCounter(sys) // each CPU adds to its own, without a lock
	var failed error
	err := sys.Call(ctx, 0, func(zero *crosscall.CPU) {
		failed = zero.Call(ctx, 1, func(one *crosscall.CPU) {
			fmt.Printf("function on CPU %d, called from CPU %d\n", one.ID(), zero.ID())
			hits.Add(one, 1)
		})
		hits.Add(zero, 1)
	})
	if err == nil {
		err = failed
	}
	if err != nil {
		return err
	}
	total, err := hits.Sum(ctx, sys)
	fmt.Println("hits:", total)
	return err
}
