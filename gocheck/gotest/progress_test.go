package gotest

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestProgressLine(t *testing.T) {
	var out bytes.Buffer
	p := startProgress(&out, 3)
	p.begin("b")
	p.begin("a")
	p.begin(strings.Repeat("long", 40))
	p.finish("b")
	if got := p.text(2500 * time.Millisecond); !strings.HasPrefix(got, "1 of 3 packages, 2s, now a long") || len(got) != lineWidth {
		t.Errorf("%q", got)
	}
	p.show()
	p.aside(func() { out.WriteString("answer\n") })
	p.show()
	p.end()
	p.show() // too late
	screen := out.String()
	if lines := strings.Split(screen, "\n"); len(lines) != 2 || !strings.HasSuffix(lines[0], "\ranswer") || !strings.HasSuffix(lines[1], "\r") {
		t.Errorf("%q", screen)
	}
}

func TestNoProgressLine(t *testing.T) {
	p := startProgress(nil, 3)
	p.begin("a")
	p.finish("a")
	printed := false
	p.aside(func() { printed = true })
	p.end()
	if !printed {
		t.Error("without a line, nothing is printed")
	}
}
