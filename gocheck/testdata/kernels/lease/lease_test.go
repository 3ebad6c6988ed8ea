package lease

import "testing"

func renew(t *testing.T, renew func(*lease) bool) {
	l := newLease()
	if renew(l) && l.ended() {
		t.Error("the lease was renewed and is over") // BUG assertion: Stop does not stop a function that has begun
	}
}

func TestBroken(t *testing.T) { renew(t, (*lease).renewBroken) }
func TestFixed(t *testing.T)  { renew(t, (*lease).renewFixed) }
