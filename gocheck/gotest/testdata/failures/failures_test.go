package failures

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"
)

// Race reads a field without the lock.
func TestRace(t *testing.T) {
	q := new(queue)
	go q.push(1)
	if q.size() > 1 {
		t.Fatal("too many")
	}
}

// Leak does not wait for an answer that comes after the deadline.
func TestLeak(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	answer := make(chan int)
	go func() {
		time.Sleep(2 * time.Second)
		answer <- 1
	}()
	select {
	case v := <-answer:
		t.Log(v)
	case <-ctx.Done():
	}
}

func TestDeadlock(t *testing.T) {
	var a, b sync.Mutex
	var wg sync.WaitGroup
	wg.Go(func() { both(&a, &b) })
	wg.Go(func() { both(&b, &a) })
	wg.Wait()
}

func both(first, second *sync.Mutex) {
	first.Lock()
	defer first.Unlock()
	second.Lock()
	defer second.Unlock()
}

func TestSendOnClosed(t *testing.T) {
	results := make(chan int, 1)
	go func() { results <- 1 }()
	close(results)
}

func TestLostUpdate(t *testing.T) {
	q := new(queue)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(q.tick)
	}
	wg.Wait()
	if got := q.count.Load(); got != 3 {
		t.Errorf("count is %d, want 3", got)
	}
}

// Timeout expects the answer, which comes at the same time as the timeout.
func TestTimeout(t *testing.T) {
	answer := make(chan int, 1)
	time.AfterFunc(time.Second, func() { answer <- 1 })
	if err := await(answer, time.Second); err != nil {
		t.Fatal(err)
	}
}

func await(c chan int, d time.Duration) error {
	select {
	case <-c:
		return nil
	case <-time.After(d):
		return errors.New("timeout")
	}
}

func TestPanic(t *testing.T) {
	var m map[string]int
	done := make(chan struct{})
	go func() {
		defer close(done)
		m["a"] = 1
	}()
	<-done
}

// Sub fails in one of its subtests.
func TestSub(t *testing.T) {
	t.Run("quick", func(t *testing.T) {
		c := make(chan int)
		go func() { c <- 1 }()
		<-c
	})
	t.Run("stuck", func(t *testing.T) {
		<-make(chan int)
	})
}
