package cli

import (
	"errors"
	"io"

	"crosscall/memmodel/check/report"
	"crosscall/viewer"
)

// reports are the files that check writes for other programs.
type reports struct {
	junit, sarif string // files
	github       bool

	findings []report.Finding
}

func (r *reports) any() bool { return r.junit != "" || r.sarif != "" || r.github }

func (r *reports) write(stderr io.Writer) error {
	var errs []error
	if r.junit != "" {
		errs = append(errs, viewer.WriteFile(r.junit, func(w io.Writer) error { return report.JUnit(w, r.findings) }))
	}
	if r.sarif != "" {
		errs = append(errs, viewer.WriteFile(r.sarif, func(w io.Writer) error { return report.SARIF(w, r.findings, Version()) }))
	}
	if r.github {
		errs = append(errs, report.Annotations(stderr, r.findings))
	}
	return errors.Join(errs...)
}
