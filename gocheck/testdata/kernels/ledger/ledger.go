// Package ledger moves money between accounts, each under its own lock.
package ledger

import "sync"

type account struct {
	mu      sync.Mutex
	id      int
	balance int
}

// transferBroken locks the accounts in the order of its arguments, which two
// opposite transfers give in opposite orders.
func transferBroken(from, to *account, amount int) {
	from.mu.Lock()
	defer from.mu.Unlock()
	to.mu.Lock() // BUG deadlock: two opposite transfers each hold the lock that the other wants
	defer to.mu.Unlock()
	from.balance -= amount
	to.balance += amount
}

// transferFixed locks the account with the smaller number first.
func transferFixed(from, to *account, amount int) {
	first, second := from, to
	if second.id < first.id {
		first, second = second, first
	}
	first.mu.Lock()
	defer first.mu.Unlock()
	second.mu.Lock()
	defer second.mu.Unlock()
	from.balance -= amount
	to.balance += amount
}
