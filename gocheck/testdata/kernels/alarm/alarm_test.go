package alarm

import "testing"

func setAndOff(t *testing.T, off func(*alarm) int) {
	a := set(0)
	if rings := off(a); rings > 1 {
		t.Errorf("the alarm rang %d times", rings)
	}
}

func TestBroken(t *testing.T) { setAndOff(t, (*alarm).offBroken) }
func TestFixed(t *testing.T)  { setAndOff(t, (*alarm).offFixed) }
