//go:build linux

package crosscall_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"golang.org/x/sys/unix"

	"crosscall"
)

// A socket, a call and a timer all use a counter that a CPU owns. All three run
// on that CPU, so the counter needs no lock.
func ExampleCPU_Watch() {
	sys, err := crosscall.Open(crosscall.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer sys.Close()
	ctx := context.Background()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		log.Fatal(err)
	}
	online := sys.OnlineMask()
	owner := online.First()

	count := 0
	done := make(chan int)
	err = sys.Call(ctx, owner, func(c *crosscall.CPU) {
		var w *crosscall.Watch
		w, err = c.Watch(fds[0], crosscall.Readable, func(c *crosscall.CPU, ready crosscall.Events) {
			buf := make([]byte, 64)
			n, err := unix.Read(fds[0], buf)
			if err == unix.EAGAIN {
				return
			}
			if n <= 0 { // the end, or an error
				_ = w.Close()
				_ = unix.Close(fds[0])
				c.AfterFunc(time.Millisecond, func(*crosscall.CPU) { done <- count })
				return
			}
			count += n
		})
	})
	if err != nil {
		log.Fatal(err)
	}
	_, _ = unix.Write(fds[1], []byte("seven b"))                    // an event
	_ = sys.Call(ctx, owner, func(*crosscall.CPU) { count += 100 }) // a call
	_ = unix.Close(fds[1])                                          // the end of the stream
	fmt.Println(<-done)                                             // sent by the timer
	// Output: 107
}
