package serve

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"crosscall/cmd/crosscall/internal/page"
)

// api answers a request by lines of JSON: how far it is, and then the reply.
func (s *server) api(w http.ResponseWriter, r *http.Request) {
	if kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); kind != "application/json" {
		refuse(w, http.StatusUnsupportedMediaType, "the request must be application/json")
		return
	}
	select {
	case s.queue <- struct{}{}: // before the request is read, which takes memory
		defer func() { <-s.queue }()
	default:
		overloaded(w, "the server has too much to do; try again in some seconds")
		return
	}
	request, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if large := new(http.MaxBytesError); errors.As(err, &large) {
		refuse(w, http.StatusRequestEntityTooLarge, fmt.Sprintf("the request has more than %d bytes", maxRequest))
		return
	} else if err != nil {
		refuse(w, http.StatusRequestTimeout, "the request was cut off, or came too slowly")
		return
	}
	if !s.begin(r.Context()) {
		overloaded(w, fmt.Sprintf("the server has too much to do: this request waited for %v; try again in some seconds", s.Wait))
		return
	}
	defer func() { <-s.slots }()
	s.work(r.Context(), request, w)
}

// overloaded refuses what may be asked again later. It is the only answer of a server that has
// too much to do.
func overloaded(w http.ResponseWriter, problem string) {
	w.Header().Set("Retry-After", "5")
	refuse(w, http.StatusServiceUnavailable, problem)
}

// refuse answers by a problem alone.
func refuse(w http.ResponseWriter, status int, problem string) {
	w.Header().Set("Content-Type", "application/x-ndjson")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	(&lines{w: w, flush: func() error { return nil }}).reply(page.Problemf("%s", problem))
}

// begin waits for a slot, and reports whether it has one. Meanwhile nothing is written, because
// the first byte decides the status.
func (s *server) begin(ctx context.Context) bool {
	late := time.NewTimer(s.Wait)
	defer late.Stop()
	select {
	case s.slots <- struct{}{}:
		return true
	case <-ctx.Done():
	case <-late.C:
	}
	return false
}

// work has a worker answer the request, and passes on its lines.
func (s *server) work(ctx context.Context, request []byte, w http.ResponseWriter) {
	ctx, cancel := context.WithTimeout(ctx, s.Timeout+grace)
	defer cancel()
	cmd := s.Worker(page.Limits{Timeout: s.Timeout, Memory: s.Memory, Workers: 1})
	var said tail
	cmd.Stdin, cmd.Stderr = bytes.NewReader(request), &said
	stdout, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		s.Log("no worker: %v", err)
		overloaded(w, "the server cannot start a worker; try again in some seconds")
		return
	}
	w.Header().Set("Content-Type", "application/x-ndjson")
	w.Header().Set("Cache-Control", "no-store")
	out := &lines{w: w, flush: http.NewResponseController(w).Flush}
	stop := context.AfterFunc(ctx, func() { _ = cmd.Process.Kill() })
	replied := pass(stdout, out)
	err = cmd.Wait()
	stop()
	switch {
	case replied:
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		s.Log("a worker was ended after %v", s.Timeout+grace)
		out.reply(page.Problemf("incomplete: no answer within the limit of %v", s.Timeout))
	case ctx.Err() != nil: // nobody waits for it
	default:
		s.Log("a worker ended without a reply: %v: %s", err, said.text)
		out.reply(page.Problemf("incomplete: the checker ended without an answer; most likely it needs more than the limit of %d MB", s.Memory>>20))
	}
}

// pass copies lines, and reports whether one of them had the reply.
func pass(from io.Reader, out *lines) (replied bool) {
	r := bufio.NewReader(from)
	for {
		line, err := r.ReadBytes('\n')
		if err != nil {
			return replied // what is not a whole line is of no use
		}
		replied = replied || bytes.HasPrefix(line, []byte(`{"reply":`))
		out.write(line)
	}
}

// lines writes lines to a client. That it is gone is seen by the request's context.
type lines struct {
	w     io.Writer
	flush func() error
}

func (l *lines) write(line []byte) {
	_, _ = l.w.Write(line)
	_ = l.flush()
}

func (l *lines) send(m page.Message) {
	line, err := m.JSON()
	if err != nil {
		return // of our own types: cannot be
	}
	l.write(append(line, '\n'))
}

func (l *lines) reply(r *page.Reply) { l.send(page.Message{Reply: r}) }

// A tail keeps the beginning of what a worker says before it dies.
type tail struct{ text []byte }

func (t *tail) Write(p []byte) (int, error) {
	if room := 2000 - len(t.text); room > 0 {
		t.text = append(t.text, p[:min(len(p), room)]...)
	}
	return len(p), nil
}
