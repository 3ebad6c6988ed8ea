package viewer

import (
	"strings"
	"testing"
)

// All that a page is given is text, but for the picture.
func TestEscapes(t *testing.T) {
	const evil = `</script><script>alert("1")</script>&'`
	p := &Page{Title: evil, Sections: []Section{{
		Title: evil, Mark: evil, Picture: "<svg></svg>", Verdict: evil, Lines: []string{evil}, Notes: []string{evil},
		Table: Table{Title: evil, Head: []string{evil}, Rows: []Row{{Cells: []string{evil}}}},
	}}, Sources: []Source{{File: evil, Text: evil + "\n" + evil + "\n"}}}
	var page, sections strings.Builder
	if err := WriteHTML(&page, p); err != nil {
		t.Fatal(err)
	}
	if err := WriteSections(&sections, p.Sections); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"page": page.String(), "sections": sections.String()} {
		if strings.Contains(text, "<script>alert") || strings.Contains(text, `alert("1")`) {
			t.Errorf("the %s has what it was given as HTML", name)
		}
		if !strings.Contains(text, "<svg></svg>") {
			t.Errorf("the %s lacks the picture", name)
		}
	}
	if n := strings.Count(page.String(), "<li data-line="); n != 2 {
		t.Errorf("%d lines of source, want 2", n)
	}
}
