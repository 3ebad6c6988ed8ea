package reception

import "testing"

func guestAndClose(t *testing.T, admit func(*reception) bool) {
	var r reception
	served := make(chan bool, 1)
	go func() {
		ok := admit(&r)
		if ok {
			r.guests.Done()
		}
		served <- ok
	}()
	r.close()
	if ok := <-served; !ok && !r.shut {
		t.Error("an open reception turned a guest away")
	}
}

func TestBroken(t *testing.T) { guestAndClose(t, (*reception).admitBroken) }
func TestFixed(t *testing.T)  { guestAndClose(t, (*reception).admitFixed) }
