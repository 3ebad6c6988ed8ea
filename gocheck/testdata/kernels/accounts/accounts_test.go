package accounts

import (
	"sync"
	"testing"
)

func openTwice(t *testing.T, open func(all *sync.Map, name string) *account) {
	var all sync.Map
	var got [2]*account
	var wg sync.WaitGroup
	for i := range got {
		wg.Go(func() { got[i] = open(&all, "eve") })
	}
	wg.Wait()
	if got[0] != got[1] {
		t.Error("there are two accounts of one name") // BUG assertion: both found no account, and each stored one
	}
}

func TestBroken(t *testing.T) { openTwice(t, openBroken) }
func TestFixed(t *testing.T)  { openTwice(t, openFixed) }
