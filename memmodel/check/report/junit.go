package report

import (
	"encoding/xml"
	"io"
	"strconv"
)

type junitSuite struct {
	XMLName  xml.Name    `xml:"testsuite"`
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Time     string      `xml:"time,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string     `xml:"classname,attr"`
	Name    string     `xml:"name,attr"`
	File    string     `xml:"file,attr"`
	Line    int        `xml:"line,attr,omitempty"`
	Time    string     `xml:"time,attr"`
	Failure *junitText `xml:"failure,omitempty"`
	Error   *junitText `xml:"error,omitempty"`
	Skipped *junitText `xml:"skipped,omitempty"`
}

type junitText struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
}

// JUnit writes the findings as JUnit's XML: a suite, a case for each test and model. A
// result that is not known, such as an incomplete one, is an error, and so is a test that
// could not be run.
func JUnit(w io.Writer, findings []Finding) error {
	s := junitSuite{Name: "crosscall check", Tests: len(findings)}
	total := 0.0
	for _, f := range findings {
		total += f.Seconds
		c := junitCase{Class: f.Model, Name: f.Name(), File: f.File, Line: f.Line, Time: seconds(f.Seconds)}
		text := &junitText{Message: f.Text, Type: f.Rule}
		switch f.Level {
		case Failed:
			c.Failure = text
			s.Failures++
		case Open, Broken:
			c.Error = text
			s.Errors++
		case Skipped:
			c.Skipped = &junitText{Message: f.Text}
			s.Skipped++
		}
		s.Cases = append(s.Cases, c)
	}
	s.Time = seconds(total)
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(s); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func seconds(s float64) string { return strconv.FormatFloat(s, 'f', 3, 64) }
