package headers

import (
	"sync"
	"testing"
)

func twoRequests(t *testing.T, with func(common []string, h string) []string) {
	common := make([]string, 1, 4)
	common[0] = "accept"
	var wg sync.WaitGroup
	for _, h := range []string{"host", "cookie"} {
		wg.Go(func() {
			if got := with(common, h); len(got) != 2 || got[1] != h {
				t.Errorf("the headers are %q", got)
			}
		})
	}
	wg.Wait()
}

func TestBroken(t *testing.T) { twoRequests(t, withBroken) }
func TestFixed(t *testing.T)  { twoRequests(t, withFixed) }
