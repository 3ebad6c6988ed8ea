package gotest

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"crosscall/gocheck/internal/draw"
	"crosscall/gocheck/internal/report"
	"crosscall/viewer"
)

// A finding is a test that has failed.
type finding struct {
	pkg, dir string
	*report.Result
}

func failures(p *pkg, results []*report.Result) (list []finding) {
	for _, r := range results {
		if r.Failure != nil {
			list = append(list, finding{p.ImportPath, p.Dir, r})
		}
	}
	return list
}

// schedule is what is drawn of f, with the files of its package that it goes through.
func (f finding) schedule() *draw.Schedule {
	s := draw.Of(f.Failure, f.pkg+"."+f.Test, "to run this execution again: "+f.Replay)
	s.AddSources(f.dir)
	return s
}

// draw writes the pictures that the options ask for: one page with all failures,
// and an SVG file for each.
func (o *Options) draw(found []finding) error {
	if len(found) == 0 {
		return nil
	}
	var errs []error
	if o.HTML != "" {
		var all []*draw.Schedule
		for _, f := range found {
			all = append(all, f.schedule())
		}
		errs = append(errs, viewer.WriteFile(o.HTML, func(w io.Writer) error { return draw.HTML(w, all...) }))
	}
	for i, f := range found {
		if o.SVG != "" {
			errs = append(errs, viewer.WriteFile(numbered(o.SVG, i), func(w io.Writer) error { return draw.SVG(w, f.schedule()) }))
		}
	}
	return errors.Join(errs...)
}

// numbered is the name of the file for picture i: a.svg, a-2.svg, a-3.svg.
func numbered(name string, i int) string {
	if i == 0 {
		return name
	}
	ext := filepath.Ext(name)
	return fmt.Sprintf("%s-%d%s", strings.TrimSuffix(name, ext), i+1, ext)
}
