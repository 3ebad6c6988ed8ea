package viewer

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// A file is there whole, or not at all; a device stays.
func TestWriteFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "page.html")
	full := errors.New("no space")
	cut := func(w io.Writer) error {
		_, err := io.WriteString(w, "<html>")
		return errors.Join(err, full)
	}
	if err := WriteFile(name, cut); !errors.Is(err, full) {
		t.Errorf("error %v", err)
	}
	if _, err := os.Stat(name); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a page that is cut off is left: %v", err)
	}
	if err := WriteFile(os.DevNull, cut); !errors.Is(err, full) {
		t.Errorf("error %v", err)
	}
	if _, err := os.Stat(os.DevNull); err != nil {
		t.Error(err)
	}
	if err := WriteFile(name, func(w io.Writer) error { _, err := io.WriteString(w, "all"); return err }); err != nil {
		t.Error(err)
	}
	if text, err := os.ReadFile(name); err != nil || string(text) != "all" {
		t.Errorf("%q, %v", text, err)
	}
}
