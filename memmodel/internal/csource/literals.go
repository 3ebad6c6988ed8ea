package csource

import (
	"bytes"

	"crosscall/memmodel/graph"
)

// checkLiterals fails on strings, characters and comments that are not closed at the end of
// the file, and on bytes that no text file has. Package cc's scanner may never end on a file
// that ends within a literal.
func checkLiterals(file string, src []byte) {
	s := literals{src: src, at: graph.Pos{File: shownFile(file), Line: 1, Col: 1}}
	if len(src) > maxSource {
		fail(s.at, "the file has more than %d bytes", maxSource)
	}
	for s.off < len(src) {
		start := s.at
		switch c := s.next(); {
		case c == 0:
			fail(start, "this is no text file: it has a byte 0")
		case c == '"' || c == '\'':
			s.quoted(c, start)
		case c == '/' && s.peek() == '*':
			s.next()
			s.comment(start)
		case c == '/' && s.peek() == '/':
			for s.off < len(src) && s.peek() != '\n' {
				s.next()
			}
		}
	}
	if bytes.HasSuffix(src, []byte("\\\n")) || bytes.HasSuffix(src, []byte("\\")) || bytes.HasSuffix(src, []byte("\\\r\n")) {
		fail(s.at, "the file ends with a backslash, which joins its last line to nothing")
	}
}

// literals goes through a file byte by byte.
type literals struct {
	src []byte
	off int
	at  graph.Pos
}

func (s *literals) peek() byte {
	if s.off < len(s.src) {
		return s.src[s.off]
	}
	return '\n'
}

// next is the next byte. It skips a backslash at the end of a line, which joins two lines.
func (s *literals) next() byte {
	for s.off+1 < len(s.src) && s.src[s.off] == '\\' && s.src[s.off+1] == '\n' {
		s.off += 2
		s.at.Line, s.at.Col = s.at.Line+1, 1
	}
	if s.off >= len(s.src) {
		return '\n'
	}
	c := s.src[s.off]
	s.off++
	s.at.Col++
	if c == '\n' {
		s.at.Line, s.at.Col = s.at.Line+1, 1
	}
	return c
}

func (s *literals) quoted(quote byte, start graph.Pos) {
	for {
		end := s.off >= len(s.src)
		switch c := s.next(); {
		case end:
			fail(start, "the string or character that begins here does not end")
		case c == quote, c == '\n': // an unclosed literal may be in code that #if 0 leaves out
			return
		case c == 0:
			fail(start, "this is no text file: it has a byte 0")
		case c == '\\':
			s.next()
		}
	}
}

func (s *literals) comment(start graph.Pos) {
	for s.off < len(s.src) {
		if s.next() == '*' && s.peek() == '/' {
			s.next()
			return
		}
	}
	fail(start, "the comment that begins here does not end")
}
