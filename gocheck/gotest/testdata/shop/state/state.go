// Package state has variables of all kinds, which its tests change.
package state

import "flag"

type node struct{ n int }

var (
	verbose = flag.Bool("shop", false, "a flag")
	seen    = map[string]int{}
	total   = 5
	names   []string
	root    = &node{7}
	list    = []int{1, 2, 3}
	queue   = make(chan int, 3)
	started = 0
)

func init() { started++ }
