package pulse

import "testing"

func oneBeat(t *testing.T, stop func(*pulse)) {
	p := start()
	if n := <-p.beats; n != 1 {
		t.Errorf("the first beat is number %d", n)
	}
	stop(p)
}

func TestBroken(t *testing.T) { oneBeat(t, (*pulse).stopBroken) }
func TestFixed(t *testing.T)  { oneBeat(t, (*pulse).stopFixed) }
