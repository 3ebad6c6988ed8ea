package replica

import "testing"

func oneVersion(t *testing.T, await func(*replica) int) {
	r := newReplica()
	go r.apply(4)
	if got := await(r); got != 4 {
		t.Errorf("version %d, want 4", got)
	}
}

func TestBroken(t *testing.T) { oneVersion(t, (*replica).awaitBroken) }
func TestFixed(t *testing.T)  { oneVersion(t, (*replica).awaitFixed) }
