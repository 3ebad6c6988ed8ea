package cli

import (
	"io"
	"os"

	"golang.org/x/term"
)

// IsTerminal says whether w is a terminal on which lines can be overwritten.
func IsTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb"
}

// hasColor reports whether w is a terminal whose user wants colours
// (no-color.org).
func hasColor(w io.Writer) bool { return IsTerminal(w) && os.Getenv("NO_COLOR") == "" }

// columns is the width of w if it is a terminal, and 0 otherwise.
func columns(w io.Writer) int {
	f, ok := w.(*os.File)
	if !ok {
		return 0
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return width
}
