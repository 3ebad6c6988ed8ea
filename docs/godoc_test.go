package docs

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"crosscall/internal/golden"
)

// publicPackages are those that other modules can import.
func publicPackages(t *testing.T) (all []string) {
	cmd := exec.Command("go", "list", "-f", "{{if ne .Name \"main\"}}{{.ImportPath}}{{end}}", "./...")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	for path := range strings.FieldsSeq(string(out)) {
		if !strings.Contains(path, "/internal") && !strings.Contains(path, "/examples") && path != "crosscall/docs" {
			all = append(all, path)
		}
	}
	return all
}

// Users see a public package as go doc prints it: a change of that is seen
// in review.
func TestGoDoc(t *testing.T) {
	if testing.Short() {
		t.Skip("go doc takes half a second for each package")
	}
	for _, path := range publicPackages(t) {
		t.Run(strings.ReplaceAll(path, "/", "-"), func(t *testing.T) {
			cmd := exec.Command("go", "doc", "-all", path)
			cmd.Dir = root
			cmd.Env = append(cmd.Environ(), "GOOS=linux")
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("go doc: %v\n%s", err, out)
			}
			golden.Compare(t, filepath.Join("testdata", "godoc", strings.ReplaceAll(path, "/", "-")+".txt"), string(out))
		})
	}
}
