package gocheck

import (
	"io"
	"os"
	"strings"

	"crosscall/gocheck/internal/draw"
	"crosscall/viewer"
)

// SVG draws the schedule: a column for each goroutine, a box for each step, in
// their order.
func (f *Failure) SVG(w io.Writer, title string) error { return draw.SVG(w, f.schedule(title)) }

// HTML writes a page with the picture, the schedule as a table and the seed.
func (f *Failure) HTML(w io.Writer, title string) error { return draw.HTML(w, f.schedule(title)) }

func (f *Failure) schedule(title string) *draw.Schedule {
	s := draw.Of(f.report, title, "seed: "+f.Seed)
	dir, err := os.Getwd() // go test runs a test in the folder of its package
	if err != nil {
		dir = ""
	}
	s.AddSources(dir)
	return s
}

// writePicture writes f as SVG, or as HTML if the file's name says so.
func writePicture(name string, f *Failure, title string) error {
	write := f.SVG
	if strings.HasSuffix(name, ".html") {
		write = f.HTML
	}
	return viewer.WriteFile(name, func(w io.Writer) error { return write(w, title) })
}
