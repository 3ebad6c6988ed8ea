package docs

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// These differ from run to run and say nothing: times, steps, seeds of executions.
var varying = []struct {
	pattern     *regexp.Regexp
	replacement string
}{
	{regexp.MustCompile(`\b\d+(\.\d+)?(ns|µs|us|ms|s|m)\b`), "TIME"},
	{regexp.MustCompile(`\b\d+(\.\d+)? (ns|µs|us|ms|s|seconds)\b`), "TIME"},
	{regexp.MustCompile(`\b\d+ steps\b`), "STEPS"},
	{regexp.MustCompile(`(\d+) +\d+\.\d\d$`), "$1 TIME"},
	{regexp.MustCompile(`-replay \w+`), "-replay SEED"},
	{regexp.MustCompile(`\bTime (\S+) \d+\.\d+`), "Time $1 TIME"},
	{regexp.MustCompile(`/tmp/[\w./-]+/`), "/TMP/"},
}

func normal(line string) string {
	line = strings.TrimRight(line, " \t")
	for _, v := range varying {
		line = v.pattern.ReplaceAllString(line, v.replacement)
	}
	return line
}

// matches says whether got is what a document shows: the same lines, where the
// document's line "..." stands for any number of lines.
func matches(shown, got []string) bool {
	if len(shown) == 0 {
		return len(got) == 0
	}
	if strings.TrimSpace(shown[0]) == "..." {
		for skip := range len(got) + 1 {
			if matches(shown[1:], got[skip:]) {
				return true
			}
		}
		return false
	}
	return len(got) > 0 && normal(shown[0]) == normal(got[0]) && matches(shown[1:], got[1:])
}

func lines(text string) []string {
	text = strings.TrimRight(text, "\n")
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

func trimEnd(all []string) []string {
	for len(all) > 0 && strings.TrimSpace(all[len(all)-1]) == "" {
		all = all[:len(all)-1]
	}
	return all
}

func TestMatches(t *testing.T) {
	for _, c := range []struct {
		shown, got string
		want       bool
	}{
		{"a\nb", "a\nb", true},
		{"a", "a\nb", false},
		{"a\n...", "a\nb\nc", true},
		{"a\n...\nc", "a\nc", true},
		{"...\nc", "a\nb", false},
		{"ok  x  0.1s", "ok  x  12.5s", true},
		{"3 executions", "4 executions", false},
		{"", "", true},
	} {
		if got := matches(lines(c.shown), lines(c.got)); got != c.want {
			t.Errorf("matches(%q, %q) = %v", c.shown, c.got, got)
		}
	}
}

func TestTrimEnd(t *testing.T) {
	if got := trimEnd([]string{"a", "", " "}); !slices.Equal(got, []string{"a"}) {
		t.Errorf("got %q", got)
	}
}
