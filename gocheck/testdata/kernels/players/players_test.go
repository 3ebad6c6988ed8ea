package players

import "testing"

func oneMove(t *testing.T, play func(mine int, to chan<- int, from <-chan int) int) {
	a, b := make(chan int), make(chan int)
	second := make(chan int)
	go func() { second <- play(2, b, a) }()
	if got := play(1, a, b); got != 2 {
		t.Errorf("the first player sees %d, want 2", got)
	}
	if got := <-second; got != 1 {
		t.Errorf("the second player sees %d, want 1", got)
	}
}

func TestBroken(t *testing.T) { oneMove(t, playBroken) }
func TestFixed(t *testing.T)  { oneMove(t, playFixed) }
