package minimize

import (
	"fmt"
	"strings"

	"crosscall/memmodel/render"
	"crosscall/viewer/printable"
)

// Text is the source, followed by a comment with a summary and the picture of the failure.
// It is a valid source and fails alike.
func (r *Result) Text() string { return r.text }

func textOf(r *Result) string {
	var b strings.Builder
	b.WriteString(strings.TrimRight(r.Source, "\n") + "\n\n/*\n")
	for _, line := range comment(r) {
		b.WriteString(strings.TrimRight(" * "+sealed(line), " ") + "\n")
	}
	b.WriteString(" */\n")
	return b.String()
}

// sealed returns a line without the end of a comment in it.
func sealed(line string) string { return strings.ReplaceAll(line, "*/", "* /") }

func comment(r *Result) (list []string) {
	list = append(list, fmt.Sprintf("Fails under %s. %s.", r.Check.Model, r.Summary()), "")
	if f := r.Check.Failure; f != nil {
		list = append(list, printable.Text(f.String()), "")
	}
	if r.Check.Picture == nil {
		return append(list, "No picture: "+r.Check.NoPicture)
	}
	var b strings.Builder
	if err := render.Text(&b, render.Brief(r.Check.Picture), render.TextOptions{}); err != nil {
		return append(list, "No picture: "+err.Error())
	}
	return append(list, strings.Split(strings.TrimRight(b.String(), "\n"), "\n")...)
}

// Summary says in a sentence how much is left.
func (r *Result) Summary() string {
	left := fmt.Sprintf("%d of %d tokens are left", r.Is, r.Was)
	if r.Minimal {
		return left + ", none of which can be dropped alone"
	}
	return fmt.Sprintf("%s, and perhaps more can be dropped: %s", left, r.Reason)
}
