package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The commands that fuzz name one package and match one function there: go test refuses
// more.
func TestFuzzCommandsRun(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "CONTRIBUTING.md"))
	if err != nil {
		t.Fatal(err)
	}
	command := regexp.MustCompile("`go test -fuzz '?([A-Za-z$]+)'?[^`]* (\\./[^ `]*)`")
	function := regexp.MustCompile(`(?m)^func (Fuzz\w+)\(`)
	all := command.FindAllStringSubmatch(string(text), -1)
	if len(all) < strings.Count(string(text), "-fuzz ") || len(all) < 6 {
		t.Fatalf("%d commands are read of %d", len(all), strings.Count(string(text), "-fuzz "))
	}
	for _, m := range all {
		files, err := filepath.Glob(filepath.Join(root, m[2], "*_test.go"))
		if err != nil || len(files) == 0 {
			t.Errorf("%s: no tests there: %v", m[0], err)
		}
		found := 0
		for _, file := range files {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range function.FindAllStringSubmatch(string(src), -1) {
				if regexp.MustCompile(m[1]).MatchString(f[1]) {
					found++
				}
			}
		}
		if found != 1 {
			t.Errorf("%s: %d functions match", m[0], found)
		}
	}
}
