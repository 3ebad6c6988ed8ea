package gotest

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// progress is the progress line on a terminal. A nil one prints nothing.
type progress struct {
	w     io.Writer
	start time.Time

	mu        sync.Mutex
	done, all int
	running   map[string]bool
	width     int // of the line that is on the screen
	stop      chan struct{}
}

const progressEvery = 200 * time.Millisecond

// startProgress shows the line until end is called. If w is nil there is no line.
func startProgress(w io.Writer, all int) *progress {
	if w == nil {
		return nil
	}
	p := &progress{w: w, start: time.Now(), all: all, running: map[string]bool{}, stop: make(chan struct{})}
	go func() {
		for tick := time.NewTicker(progressEvery); ; p.show() {
			select {
			case <-tick.C:
			case <-p.stop:
				tick.Stop()
				return
			}
		}
	}()
	return p
}

func (p *progress) begin(pkg string) {
	if p != nil {
		p.mu.Lock()
		p.running[pkg] = true
		p.mu.Unlock()
	}
}

func (p *progress) finish(pkg string) {
	if p != nil {
		p.mu.Lock()
		delete(p.running, pkg)
		p.done++
		p.mu.Unlock()
	}
}

// end removes the line.
func (p *progress) end() {
	if p != nil {
		close(p.stop)
		p.aside(func() {})
	}
}

// aside removes the line while f prints.
func (p *progress) aside(f func()) {
	if p == nil {
		f()
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.print("")
	f()
}

func (p *progress) show() {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-p.stop:
	default:
		p.print(p.text(time.Since(p.start)))
	}
}

// text is the line: how many packages are done, and which ones are explored.
func (p *progress) text(elapsed time.Duration) string {
	names := slices.Sorted(maps.Keys(p.running))
	s := fmt.Sprintf("%d of %d packages, %v", p.done, p.all, elapsed.Truncate(time.Second))
	if len(names) > 0 {
		s += ", now " + strings.Join(names, " ")
	}
	return s[:min(len(s), lineWidth)]
}

const lineWidth = 79

// print replaces the line on the screen by s.
func (p *progress) print(s string) {
	if s == "" && p.width == 0 {
		return
	}
	fmt.Fprintf(p.w, "\r%-*s\r%s", p.width, "", s)
	p.width = len(s)
}
