package atomic

import (
	"bytes"
	"os"
	"os/exec"
	"testing"
)

// number.go is what its generator prints.
func TestGenerated(t *testing.T) {
	want, err := exec.Command("go", "run", "generate.go").Output()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("number.go")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("number.go is not what go generate makes")
	}
}
