package starter

import "testing"

func twoRunners(t *testing.T, start func(*race)) {
	r := newRace()
	go r.run(1)
	go r.run(2)
	start(r)
	if sum := <-r.finished + <-r.finished; sum != 3 {
		t.Errorf("the lanes sum to %d", sum)
	}
}

func TestBroken(t *testing.T) { twoRunners(t, (*race).startBroken) }
func TestFixed(t *testing.T)  { twoRunners(t, (*race).startFixed) }
