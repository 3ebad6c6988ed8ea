package page

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"crosscall/viewer/printable"
)

// A Message is what the page gets: progress, any number of times, and then a reply.
type Message struct {
	Progress *Progress `json:"progress,omitempty"`
	Reply    *Reply    `json:"reply,omitempty"`
}

// JSON is m in one line. Texts of others in it are printable.
func (m Message) JSON() ([]byte, error) {
	text, err := json.Marshal(m)
	return printable.ShownJSON(text), err
}

// Progress says how far a request is.
type Progress struct {
	Model      string  `json:"model,omitempty"` // that is checked
	Executions int64   `json:"executions"`      // that were found, under all models
	Done       int     `json:"done"`            // of the audit: barriers that are known
	Of         int     `json:"of"`
	Tries      int     `json:"tries"` // of the audit: variations that were explored
	Seconds    float64 `json:"seconds"`
}

// A Reply is the answer to a Request: Models of a check, Audit of an audit, or Error if
// the input is wrong or a limit was reached.
type Reply struct {
	Models  []ModelReply `json:"models,omitempty"`
	Audit   *AuditReply  `json:"audit,omitempty"`
	Error   *Problem     `json:"error,omitempty"`
	Seconds float64      `json:"seconds"`
}

// A Problem is what is wrong, and where.
type Problem struct {
	Message string `json:"message"`
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"` // from 1; 0: it has no place
	Col     int    `json:"col,omitempty"`
}

// problemPlace is how errors begin that have a place.
var problemPlace = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^([^:\n]+):(\d+):(\d+): `) })

// newProblem is what err says.
func newProblem(err error) *Problem {
	p := &Problem{Message: err.Error()}
	if m := problemPlace().FindStringSubmatch(p.Message); m != nil {
		p.Message = strings.TrimPrefix(p.Message, m[0])
		p.File = m[1]
		p.Line, _ = strconv.Atoi(m[2]) // digits; what is too large has no place
		p.Col, _ = strconv.Atoi(m[3])
	}
	return p
}

// Problemf is a reply that has a problem without a place.
func Problemf(format string, args ...any) *Reply {
	return &Reply{Error: &Problem{Message: fmt.Sprintf(format, args...)}}
}

// Answer answers a request, JSON of a Request. It calls tell with how far it is, some
// times a second, from another goroutine, but never after it has returned.
func Answer(ctx context.Context, request []byte, l Limits, tell func(*Progress)) *Reply {
	begin := time.Now()
	r := new(Request)
	d := json.NewDecoder(strings.NewReader(string(request)))
	d.DisallowUnknownFields()
	if err := d.Decode(r); err != nil {
		return Problemf("the request is no JSON of a request: %v", err)
	}
	if err := r.validate(); err != nil {
		return Problemf("%v", err)
	}
	a := &answerer{Request: r, limits: l, begin: begin}
	a.progress.Store(new(Progress))
	stop := a.report(tell)
	defer stop()
	reply := a.answer(ctx)
	reply.Seconds = time.Since(begin).Seconds()
	return reply
}

// An answerer works on one request.
type answerer struct {
	*Request
	limits     Limits
	begin      time.Time
	executions atomic.Int64
	progress   atomic.Pointer[Progress]
}

// answer turns a panic into a problem: a defect must not take a server down.
func (a *answerer) answer(ctx context.Context) (reply *Reply) {
	defer func() {
		if p := recover(); p != nil {
			reply = Problemf("internal error, please report it with this test: %v\n%s", p, debug.Stack())
		}
	}()
	models, err := a.models()
	if err != nil {
		return &Reply{Error: newProblem(err)}
	}
	if a.Do == "audit" {
		return a.audit(ctx, models)
	}
	return a.check(ctx, models)
}

// report tells how far things are until stop is called.
func (a *answerer) report(tell func(*Progress)) (stop func()) {
	end, ended := make(chan struct{}), make(chan struct{})
	tick := time.NewTicker(200 * time.Millisecond)
	go func() {
		defer close(ended)
		for {
			select {
			case <-end:
				return
			case <-tick.C:
			}
			p := *a.progress.Load()
			p.Executions, p.Seconds = a.executions.Load(), time.Since(a.begin).Seconds()
			tell(&p)
		}
	}()
	return func() {
		tick.Stop()
		close(end)
		<-ended
	}
}
