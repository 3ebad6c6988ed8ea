package overlay

import (
	"os"
	"testing"
)

func TestMake(t *testing.T) {
	dir := os.Getenv("OVDIR")
	o, err := Make(t.Context(), Go{}, dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(o.File)
}
