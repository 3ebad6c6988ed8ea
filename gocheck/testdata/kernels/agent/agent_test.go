package agent

import "testing"

func tickAndClose(t *testing.T, end func(*agent)) {
	a := startAgent()
	a.tick <- true
	end(a)
	if !a.closed || a.beats > 1 {
		t.Errorf("closed is %v, after %d beats", a.closed, a.beats)
	}
}

func TestBroken(t *testing.T) { tickAndClose(t, (*agent).closeBroken) }
func TestFixed(t *testing.T)  { tickAndClose(t, (*agent).closeFixed) }
