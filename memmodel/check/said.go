package check

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"crosscall/memmodel/internal/explore"
)

// A C program names its expected result in comments, a line for each model or
// one for all:
//
//	// Result: holds
//	// Result: fails under lkmm, power
//	/* Result: fails: data race under rc11 */
//
// The words behind "fails:" are a kind of failure. A program without such a line may have
// one in a file NAME.yml beside it, as SV-COMP's have.

// commented finds comments, and goes past strings and characters.
var commented = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?s)"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|//[^\n]*|/\*.*?\*/`)
})

// resultLine is what is said, in a line of a comment.
var resultLine = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)^[\s/*]*Result:[ \t]*([^\n]*?)[\s*/]*$`)
})

// saidInC collects what a C program says of itself, a line for each time.
func saidInC(src []byte) string {
	var list []string
	for _, text := range commented().FindAll(src, -1) {
		if text[0] != '/' {
			continue
		}
		for _, m := range resultLine().FindAllSubmatch(text, -1) {
			list = append(list, string(m[1]))
		}
	}
	return strings.Join(list, "\n")
}

// failureKinds are the words for what goes wrong in a C program.
var failureKinds = []explore.FailureKind{
	explore.AssertionFails, explore.BadAccess, explore.MemoryMisuse, explore.Deadlock,
	explore.Livelock, explore.BadUnlock, explore.Race,
}

// parseSaidInC reads what a program says of itself under a model. Lines in other words say
// nothing.
func parseSaidInC(said, model string) Expected {
	for line := range strings.Lines(said) {
		what, models, limited := strings.Cut(strings.TrimSpace(line), " under ")
		if limited && !slices.Contains(strings.FieldsFunc(models, func(r rune) bool { return r == ',' || r == ' ' }), model) {
			continue
		}
		word, kind, _ := strings.Cut(what, ":")
		e := Expected{States: -1, Verdict: Verdict(strings.TrimSpace(word)), Kind: explore.FailureKind(strings.TrimSpace(kind))}
		known := e.Kind == "" || e.Verdict == Fails && slices.Contains(failureKinds, e.Kind)
		if (e.Verdict == Holds || e.Verdict == Fails) && known {
			return e
		}
	}
	return Expected{States: -1}
}

// verdictDiffers compares the result of a C program with the verdict that is expected.
func verdictDiffers(r *Result, e Expected) string {
	switch {
	case e.Verdict == "" || r.Verdict == Incomplete || r.Verdict == e.Verdict && (e.Kind == "" || r.Failure != nil && r.Failure.Kind == e.Kind):
		return ""
	case e.Verdict == Holds && r.Failure != nil:
		return r.Failure.String() // which has its place
	}
	is, want := string(r.Verdict), string(e.Verdict)
	if r.Failure != nil {
		is = r.Failure.String()
	}
	if e.Kind != "" {
		want += ": " + string(e.Kind)
	}
	return is + ", expected " + want
}

// saidBeside is what SV-COMP's file beside a C program says of it, in the words of its
// comments; "" if there is none. A program holds if both its assertions and its freedom
// from data races are said to.
func saidBeside(path string) string {
	text, err := os.ReadFile(strings.TrimSuffix(path, filepath.Ext(path)) + ".yml")
	if err != nil || !strings.Contains(string(text), "expected_verdict") {
		return ""
	}
	verdicts := map[string]string{}
	property := ""
	for line := range strings.Lines(string(text)) {
		key, value, _ := strings.Cut(strings.TrimLeft(line, "- \t"), ":")
		value = strings.Trim(strings.TrimSpace(value), `"'`)
		switch key {
		case "property_file":
			property = strings.TrimSuffix(value[strings.LastIndexByte(value, '/')+1:], ".prp")
		case "expected_verdict":
			verdicts[property] = value
		}
	}
	switch {
	case verdicts["unreach-call"] == "false":
		return "fails: " + string(explore.AssertionFails)
	case verdicts["no-data-race"] == "false":
		return "fails: " + string(explore.Race)
	case verdicts["valid-memsafety"] == "false":
		return "fails"
	case verdicts["unreach-call"] == "true" && verdicts["no-data-race"] == "true":
		return "holds"
	}
	return ""
}
