package votes

import "testing"

func twoVotes(t *testing.T, result func(*poll) int) {
	var p poll
	p.start(2)
	if got := result(&p); got != 2 {
		t.Errorf("%d votes, want 2", got)
	}
}

func TestBroken(t *testing.T) { twoVotes(t, (*poll).resultBroken) }
func TestFixed(t *testing.T)  { twoVotes(t, (*poll).resultFixed) }
