// Package goroutine has an identity of the calling goroutine, and values that
// belong to one goroutine.
package goroutine

import (
	"bytes"
	"runtime"
	"strconv"
	"sync"
)

// Number returns the number of the calling goroutine, as stack traces print it.
// It takes microseconds.
func Number() int64 {
	buf := headers.Get().(*[40]byte)
	defer headers.Put(buf)
	s := bytes.TrimPrefix(buf[:runtime.Stack(buf[:], false)], []byte("goroutine "))
	n, _ := strconv.ParseInt(string(s[:bytes.IndexByte(s, ' ')]), 10, 64)
	return n
}

// headers holds buffers, because the argument of runtime.Stack escapes to the
// heap and would be an allocation per call.
var headers = sync.Pool{New: func() any { return new([40]byte) }}
