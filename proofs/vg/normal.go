//go:build !gocheck

package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "nothing can be explored with the normal atomics: go run -tags gocheck ./proofs/vg")
	os.Exit(2)
}
