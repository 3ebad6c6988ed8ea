// Package state has variables of all kinds, which its tests change.
package state

import (
	"flag"
	"os"
	"sync"
)

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

type person struct {
	name    string
	friends map[string]*person
}

// The objects that init makes are in the heap, where executions change them.
var (
	people = map[string]*person{}
	small  = new(int16)
	inits  int
	door   sync.Mutex
)

func init() {
	door.Lock()
	defer door.Unlock()
	for _, first := range "abcdefghij" {
		for _, last := range "klmnopqrst" {
			n := string(first) + string(last)
			people[n] = &person{n, map[string]*person{"next": {name: n}}}
		}
	}
	os.Setenv("INITS", os.Getenv("INITS")+"x")
	inits = len(os.Getenv("INITS"))
}

// These objects are static, too, and zero at first.
type shelf struct {
	goods map[string]int
	next  *shelf
}

type till struct{ sum int64 }

var (
	front        = &shelf{goods: map[string]int{}}
	back         = &shelf{}
	cash         = &till{}
	spare    any = &till{}
	tills        = []*till{{}, {}}
	byPlace      = map[string]*till{"door": {}}
	deposits     = &sync.Map{}
)
