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
	Time    string     `xml:"time,attr"`
	Failure *junitText `xml:"failure,omitempty"`
	Error   *junitText `xml:"error,omitempty"`
	Skipped *junitText `xml:"skipped,omitempty"`
}

type junitText struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// JUnit writes the findings as JUnit's XML: a suite, a case for each test and model, of
// which the class is the model. A result that is not known, such as an incomplete one, is an
// error, and so is a test that could not be run. No case has the attributes file and line,
// which some readers know: strict ones refuse them. The text below a failure has the place.
func JUnit(w io.Writer, findings []Finding) error {
	s := junitSuite{Name: "crosscall check", Tests: len(findings)}
	total := 0.0
	for _, f := range findings {
		total += f.Seconds
		c := junitCase{Class: f.Model, Name: caseName(f), Time: seconds(f.Seconds)}
		text := &junitText{Message: f.Text, Type: f.Rule, Text: f.line()}
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

// caseName has the file, because two files may have tests of one name.
func caseName(f Finding) string {
	if f.Test == "" || f.Test == f.File {
		return f.File
	}
	return f.File + ": " + f.Test
}

func seconds(s float64) string { return strconv.FormatFloat(s, 'f', 3, 64) }
