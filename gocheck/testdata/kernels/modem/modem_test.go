package modem

import (
	"sync"
	"testing"
)

func sendAndHangUp(t *testing.T, send func(*modem) bool) {
	l := &line{}
	m := &modem{line: l}
	var wg sync.WaitGroup
	wg.Go(m.hangUp)
	if sent := send(m); sent != (l.sent == 1) {
		t.Errorf("sent: %v, by the line: %d", sent, l.sent)
	}
	wg.Wait()
}

func TestBroken(t *testing.T) { sendAndHangUp(t, (*modem).sendBroken) }
func TestFixed(t *testing.T)  { sendAndHangUp(t, (*modem).sendFixed) }
