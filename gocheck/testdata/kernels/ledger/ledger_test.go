package ledger

import (
	"sync"
	"testing"
)

func swap(t *testing.T, transfer func(from, to *account, amount int)) {
	a, b := &account{id: 1, balance: 10}, &account{id: 2, balance: 10}
	var wg sync.WaitGroup
	wg.Go(func() { transfer(a, b, 3) })
	wg.Go(func() { transfer(b, a, 4) })
	wg.Wait()
	if a.balance != 11 || b.balance != 9 {
		t.Errorf("balances are %d and %d, want 11 and 9", a.balance, b.balance)
	}
}

func TestBroken(t *testing.T) { swap(t, transferBroken) }
func TestFixed(t *testing.T)  { swap(t, transferFixed) }
