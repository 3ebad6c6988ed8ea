// Package report writes the results of a check for other programs that show them:
// servers of continuous integration, code hosts, editors.
package report

import (
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"crosscall/memmodel/check"
	"crosscall/viewer/printable"
)

// A Level is the severity of a Finding.
type Level uint8

const (
	Passed  Level = iota // nothing is wrong
	Skipped              // the model lacks a primitive of the test
	Open                 // nothing is known: incomplete, or vacuous
	Failed               // the condition fails, or the result is not the expected one
	Broken               // the test could not be run
)

// A Finding is one result of a check, with the place to look at.
type Finding struct {
	Level       Level
	Rule        string // the kind of the finding: "assertion", "condition", "incomplete" ...
	Text        string // a sentence without the place
	File        string
	Line, Col   int // from 1; 0 where there is none
	Test, Model string
	Seconds     float64
}

// Of is the finding of one result. If compare is set, the result is compared with
// expected. several is set if there are several models.
func Of(r *check.Result, expected check.Expected, compare, several bool) Finding {
	f := Finding{File: r.File, Test: r.Test, Model: r.Model, Seconds: r.Elapsed.Seconds()}
	switch {
	case r.NotApplicable && several:
		return f.at(Skipped, "not applicable", r.Err.Error())
	case r.Verdict == check.Error:
		return f.at(Broken, "input", r.Err.Error())
	case compare:
		return f.compared(r, expected)
	}
	switch r.Verdict {
	case check.Incomplete, check.Vacuous:
		return f.at(Open, string(r.Verdict), r.Reason)
	case check.Fails:
		if r.Failure != nil {
			return f.at(Failed, string(r.Failure.Kind), r.Failure.String())
		}
		return f.at(Failed, "condition", fmt.Sprintf("the condition fails under %s: %s, %d executions for it and %d against", r.Model, r.Observation, r.Positive, r.Negative))
	}
	return f
}

func (f Finding) compared(r *check.Result, expected check.Expected) Finding {
	switch how, why := check.Compare(r, expected); how {
	case check.Differs:
		if r.Failure != nil && why == r.Failure.String() {
			return f.at(Failed, string(r.Failure.Kind), why)
		}
		return f.at(Failed, "differs", why)
	case check.NotFinished:
		return f.at(Open, "incomplete", why)
	}
	return f
}

// place matches the place at the beginning of the text of an error or a failure.
var place = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(.+?):(\d+):(\d+): `) })

// at sets the finding's level, rule and text, and takes the place from the text if it
// names one.
func (f Finding) at(level Level, rule, text string) Finding {
	f.Level, f.Rule, f.Text = level, rule, text
	m := place().FindStringSubmatch(text)
	if m == nil {
		return f
	}
	line, errLine := strconv.Atoi(m[2])
	col, errCol := strconv.Atoi(m[3])
	if errLine == nil && errCol == nil {
		f.File, f.Line, f.Col, f.Text = m[1], line, col, text[len(m[0]):]
	}
	return f
}

// line is the finding as compilers print it.
func (f Finding) line() string {
	if f.Line == 0 {
		return f.File + ": " + f.Text
	}
	return fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Col, f.Text)
}

// Name is the name of the finding's test in messages.
func (f Finding) Name() string {
	if f.Test == "" {
		return f.File
	}
	return f.Test
}

// Annotations writes workflow commands of GitHub Actions, which show the findings beside
// the lines of a change.
func Annotations(w io.Writer, findings []Finding) error {
	var b strings.Builder
	for _, f := range findings {
		level := ""
		switch f.Level {
		case Failed, Broken:
			level = "error"
		case Open:
			level = "warning"
		default:
			continue
		}
		fmt.Fprintf(&b, "::%s file=%s", level, escape(property, f.File))
		if f.Line > 0 {
			fmt.Fprintf(&b, ",line=%d,col=%d", f.Line, f.Col)
		}
		fmt.Fprintf(&b, ",title=%s::%s\n", escape(property, f.Name()+" under "+f.Model+": "+f.Rule), escape(message, f.Text))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// escape keeps a text within its command, and from the terminal that may show it.
func escape(r *strings.Replacer, text string) string { return printable.Text(r.Replace(text)) }

var (
	message  = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)
