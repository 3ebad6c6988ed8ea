package report

import (
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"

	"crosscall/memmodel/check"

	"github.com/google/go-cmp/cmp"
)

func TestOf(t *testing.T) {
	never := check.Expected{Observation: check.Never, States: -1}
	for _, c := range []struct {
		name              string
		result            check.Result
		compare, severals bool
		want              Finding
	}{
		{"holds", check.Result{File: "a", Verdict: check.Holds}, false, false, Finding{File: "a"}},
		{"as expected", check.Result{File: "a", Verdict: check.Fails, Observation: check.Never, Complete: true}, true, false, Finding{File: "a"}},
		{
			"not as expected", check.Result{File: "a", Verdict: check.Holds, Observation: check.Always, Complete: true}, true, false,
			Finding{Level: Failed, Rule: "differs", Text: "Always, expected Never", File: "a"},
		},
		{"vacuous", check.Result{File: "a", Verdict: check.Vacuous, Reason: "nothing runs"}, false, false, Finding{Level: Open, Rule: "vacuous", Text: "nothing runs", File: "a"}},
		{
			"an error with a place", check.Result{File: "a", Verdict: check.Error, Err: errors.New("h.h:3:7: no")}, false, false,
			Finding{Level: Broken, Rule: "input", Text: "no", File: "h.h", Line: 3, Col: 7},
		},
		{
			"an error without", check.Result{File: "a", Verdict: check.Error, Err: errors.New("a: no file")}, false, false,
			Finding{Level: Broken, Rule: "input", Text: "a: no file", File: "a"},
		},
		{
			"for another model", check.Result{File: "a", Verdict: check.Error, NotApplicable: true, Err: errors.New("no RCU")}, false, true,
			Finding{Level: Skipped, Rule: "not applicable", Text: "no RCU", File: "a"},
		},
	} {
		if diff := cmp.Diff(c.want, Of(&c.result, never, c.compare, c.severals)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

// A report can be parsed whatever characters a name or a text has.
func TestEscapes(t *testing.T) {
	const wild = "a,b:c%\n\x1b[31m<&>\"'"
	findings := []Finding{{Level: Failed, Rule: "r", Text: wild, File: wild, Test: wild, Model: "m"}}
	var b strings.Builder
	if err := JUnit(&b, findings); err != nil {
		t.Fatal(err)
	}
	// Jenkins' schema of JUnit's XML refuses other attributes.
	for _, attribute := range regexp.MustCompile(`<testcase [^>]*>`).FindAllString(b.String(), -1) {
		if !regexp.MustCompile(`^<testcase classname="m" name="[^"]*" time="0.000">$`).MatchString(attribute) {
			t.Errorf("a case is %s", attribute)
		}
	}
	for d := xml.NewDecoder(strings.NewReader(b.String())); ; {
		if _, err := d.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatalf("%v\n%s", err, &b)
		}
	}
	b.Reset()
	if err := Annotations(&b, findings); err != nil {
		t.Fatal(err)
	}
	const want = "::error file=a%2Cb%3Ac%25%0A\\x1b[31m<&>\"',title=a%2Cb%3Ac%25%0A\\x1b[31m<&>\"' under m%3A r::a,b:c%25%0A\\x1b[31m<&>\"'\n"
	if b.String() != want {
		t.Errorf("got  %q\nwant %q", b.String(), want)
	}
}
