package ferry

import (
	"context"
	"testing"
)

func onePassenger(t *testing.T, board func(context.Context, <-chan string) []string) {
	passengers := make(chan string, 1)
	passengers <- "anna"
	if aboard := depart(board, passengers); len(aboard) > 1 {
		t.Errorf("aboard are %q", aboard)
	}
}

func TestBroken(t *testing.T) { onePassenger(t, boardBroken) }
func TestFixed(t *testing.T)  { onePassenger(t, boardFixed) }
