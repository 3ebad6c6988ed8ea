package run

import (
	_ "embed"
	"html/template"
	"io"
	"sync"
	"time"
)

//go:embed page.html
var pageText string

var page = sync.OnceValue(func() *template.Template { return template.Must(template.New("page").Parse(pageText)) })

// A Campaign is the reports of many tests, for a page.
type Campaign struct {
	Machine string // "amd64, 2 CPUs"
	Began   time.Time
	Reports []*Report
}

// WriteHTML writes the page. It needs nothing else to be shown.
func (c *Campaign) WriteHTML(w io.Writer) error { return page().Execute(w, c) }

// Count is how many reports have a status.
func (c *Campaign) Count(s Status) (n int) {
	for _, r := range c.Reports {
		if r.Status == s {
			n++
		}
	}
	return n
}

// Shares are how many of the states that the model allows were seen, in all tests that ran.
func (c *Campaign) Shares() (s struct{ Seen, Allowed int }) {
	for _, r := range c.Reports {
		s.Seen, s.Allowed = s.Seen+r.Seen, s.Allowed+r.Allowed
	}
	return s
}

// Rate is instances a second.
func (r *Report) Rate() int64 {
	return int64(rate(r.Instances, time.Duration(r.Seconds*float64(time.Second))))
}

// Share is what was Positive, in words.
func (r *Report) Share() string { return r.Observation() + percent(r.Positive, r.Instances) }
