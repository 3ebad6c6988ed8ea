// Package players exchanges moves between two players.
package players

// playBroken sends before it receives, as the other player does.
func playBroken(mine int, to chan<- int, from <-chan int) int {
	to <- mine // BUG deadlock: both players send, and neither receives
	return <-from
}

// playFixed does both in either order.
func playFixed(mine int, to chan<- int, from <-chan int) int {
	theirs := 0
	for range 2 {
		select {
		case to <- mine:
			to = nil
		case theirs = <-from:
			from = nil
		}
	}
	return theirs
}
