// Package accounts opens an account for each name, once.
package accounts

import "sync"

type account struct {
	name string
}

// openBroken looks and stores in two steps.
func openBroken(all *sync.Map, name string) *account {
	if a, ok := all.Load(name); ok {
		return a.(*account)
	}
	a := &account{name}
	all.Store(name, a)
	return a
}

// openFixed does both in one.
func openFixed(all *sync.Map, name string) *account {
	a, _ := all.LoadOrStore(name, &account{name})
	return a.(*account)
}
