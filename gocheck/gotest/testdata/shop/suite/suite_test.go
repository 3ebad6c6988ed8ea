// Package suite has tests of what package testing does.
package suite

import (
	"net"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

var prepared bool

var began time.Time

func TestMain(m *testing.M) {
	began = time.Now()
	prepared = true
	os.Exit(m.Run())
}

func TestRightMain(t *testing.T) {
	if !prepared {
		t.Fatal("TestMain has not run")
	}
}

// The time that TestMain has seen is over, but not long ago.
func TestRightBegan(t *testing.T) {
	if d, wall := time.Since(began), time.Now().Round(0).Sub(began); d < 0 || d > time.Minute || wall < 0 || wall > time.Minute {
		t.Fatal(d, wall)
	}
	begun := time.Now()
	time.Sleep(time.Hour)
	if d := time.Since(begun); d < time.Hour || d > time.Hour+time.Second {
		t.Fatal(d)
	}
}

func TestRightSub(t *testing.T) {
	dir := t.TempDir()
	var n atomic.Int32
	t.Run("group", func(t *testing.T) {
		for _, name := range []string{"a", "b"} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				t.Cleanup(func() { n.Add(10) })
				n.Add(1)
				if err := os.WriteFile(filepath.Join(dir, name), nil, 0o666); err != nil {
					t.Error(err)
				}
			})
		}
	})
	if n.Load() != 22 {
		t.Error(n.Load())
	}
}

func TestWrongSub(t *testing.T) {
	n := 0
	for _, name := range []string{"a", "b"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n++
		})
	}
}

func TestWrongSubFails(t *testing.T) {
	t.Run("inner", func(t *testing.T) { t.Fatal("inner fails") })
}

func TestSkipped(t *testing.T) { t.Skip("for a reason") }

func TestRightSetenv(t *testing.T) {
	t.Setenv("SHOP", "open")
	if os.Getenv("SHOP") != "open" {
		t.Fatal("closed")
	}
}

func TestRightGoexit(t *testing.T) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		runtime.Goexit()
	}()
	wg.Wait()
}

func TestRightRecover(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	c := make(chan int)
	close(c)
	close(c)
}

func TestWrongPanic(t *testing.T) {
	var m map[string]int
	m["a"] = 1
}

func TestWrongLate(t *testing.T) {
	go t.Error("late")
}

func TestRightBubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		time.Sleep(time.Hour)
		if time.Since(start) != time.Hour {
			t.Fatal("real time")
		}
	})
}

func TestRightPipe(t *testing.T) {
	a, b := net.Pipe()
	go func() {
		a.Write([]byte("x"))
		a.Close()
	}()
	if n, err := b.Read(make([]byte, 4)); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	b.Close()
}

func TestUnexploredNet(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Skip(err)
	}
	defer w.Close()
	r.Read(make([]byte, 1))
}

// TestWrongDiary has a goroutine that may log when the test has ended.
func TestWrongDiary(t *testing.T) {
	done := make(chan bool, 1)
	go func() {
		t.Log("sunny")
		done <- true
	}()
}

func TestRightDiary(t *testing.T) {
	done := make(chan bool)
	go func() {
		t.Log("sunny")
		close(done)
	}()
	<-done
}

// TestRightSubDiary logs for a subtest that has ended: its parent takes the line.
func TestRightSubDiary(t *testing.T) {
	var sub *testing.T
	t.Run("morning", func(t *testing.T) { sub = t })
	sub.Log("sunny")
}

func TestRightProcessors(t *testing.T) {
	if n := runtime.GOMAXPROCS(2); n != 1 || runtime.GOMAXPROCS(0) != 2 || runtime.NumCPU() != 1 {
		t.Fatal(n)
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var wg sync.WaitGroup
	wg.Go(runtime.LockOSThread)
	wg.Wait()
}

// TestRightContext: the context ends before the cleanups run.
func TestRightContext(t *testing.T) {
	done := make(chan bool)
	go func() {
		<-t.Context().Done()
		close(done)
	}()
	t.Cleanup(func() { <-done })
}

func TestRightSubContext(t *testing.T) {
	ended := 0
	t.Run("one", func(t *testing.T) {
		ctx := t.Context()
		t.Cleanup(func() {
			if ctx.Err() != nil {
				ended++
			}
		})
	})
	if ended != 1 || t.Context().Err() != nil {
		t.Fatal(ended, t.Context().Err())
	}
}

// TestWrongContext: nothing ends the context before the test does.
func TestWrongContext(t *testing.T) {
	<-t.Context().Done()
}
