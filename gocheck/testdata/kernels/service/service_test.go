package service

import (
	"sync"
	"testing"
)

func stopTwice(t *testing.T, stop func(*service)) {
	s := newService()
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { stop(s) })
	}
	wg.Wait()
	if _, open := <-s.stopped; open {
		t.Error("the service runs")
	}
}

func TestBroken(t *testing.T) { stopTwice(t, (*service).stopBroken) }
func TestFixed(t *testing.T)  { stopTwice(t, (*service).stopFixed) }
