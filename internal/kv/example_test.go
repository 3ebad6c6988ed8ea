package kv_test

import (
	"context"
	"fmt"

	"crosscall"
	"crosscall/internal/kv"
)

func ExampleStore() {
	sys, err := crosscall.Open(crosscall.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer sys.Close()
	store := kv.New(sys)

	// From any goroutine, by the System.
	for _, city := range []string{"Lima", "Oslo", "Pune"} {
		if err := store.Set(sys, city, "on the map"); err != nil {
			fmt.Println(err)
		}
	}

	// From a function on a CPU, by that CPU: one key in so many is its own, and
	// costs a map access.
	online := sys.OnlineMask()
	err = sys.Call(context.Background(), online.First(), func(c *crosscall.CPU) {
		for _, city := range []string{"Lima", "Rome"} {
			value, ok, err := store.Get(c, city)
			fmt.Printf("%s: %q %v %v\n", city, value, ok, err)
		}
	})
	if err != nil {
		fmt.Println(err)
	}

	n, err := store.Len(sys)
	fmt.Println(n, err)
	// Output:
	// Lima: "on the map" true <nil>
	// Rome: "" false <nil>
	// 3 <nil>
}
