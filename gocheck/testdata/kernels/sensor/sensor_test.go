package sensor

import "testing"

func firstReading(t *testing.T, build func(name string) *sensor) {
	if got := <-build("cellar").reads; got != "cellar: 20" {
		t.Errorf("the reading is %q", got)
	}
}

func TestBroken(t *testing.T) { firstReading(t, newBroken) }
func TestFixed(t *testing.T)  { firstReading(t, newFixed) }
