package dealer

import (
	"sync"
	"testing"
)

func twoPlayers(t *testing.T, deal func(*dealer) int) {
	d, stop := newDealer(3)
	defer stop()
	var cards [2]int
	var wg sync.WaitGroup
	for i := range cards {
		wg.Go(func() { cards[i] = deal(d) })
	}
	wg.Wait()
	if cards[0]+cards[1] != 1 {
		t.Errorf("the cards are %v", cards)
	}
}

func TestBroken(t *testing.T) { twoPlayers(t, (*dealer).dealBroken) }
func TestFixed(t *testing.T)  { twoPlayers(t, (*dealer).dealFixed) }
