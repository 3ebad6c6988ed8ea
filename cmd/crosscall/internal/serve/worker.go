package serve

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"runtime/debug"
	"sync"

	"crosscall/cmd/crosscall/internal/page"
)

// Work answers the request that r has, by a page.Message a line on w. A server has it done
// by a process of its own for each request. So a check that no limit inside the process stops
// ends with the process.
func Work(ctx context.Context, r io.Reader, w io.Writer, l page.Limits) error {
	limitProcess(l.Memory)
	debug.SetGCPercent(400) // a check leaves much garbage, and few objects behind
	debug.SetMemoryLimit(l.Memory / 2)
	request, err := io.ReadAll(io.LimitReader(r, maxRequest+1))
	if err != nil {
		return err
	}
	out := writer{to: bufio.NewWriter(w)}
	reply := page.Answer(ctx, request, l, func(p *page.Progress) { out.send(page.Message{Progress: p}) })
	out.send(page.Message{Reply: reply})
	return out.err
}

// A writer writes messages, a line each, by one goroutine at a time.
type writer struct {
	mu  sync.Mutex
	to  *bufio.Writer
	err error
}

func (w *writer) send(m page.Message) {
	line, err := m.JSON()
	w.mu.Lock()
	defer w.mu.Unlock()
	if err == nil {
		_, err = fmt.Fprintf(w.to, "%s\n", line)
	}
	if err == nil {
		err = w.to.Flush()
	}
	if w.err == nil {
		w.err = err
	}
}
