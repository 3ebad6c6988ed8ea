package asm

import (
	"strconv"
	"strings"

	"crosscall/memmodel/internal/primitive"
)

// A scanner cuts one instruction into tokens: words, numbers and punctuation.
type scanner struct {
	file string
	src  string
	off  int
	line int
	col  int // of src[0]
	tok  token
}

type token struct {
	kind byte // 'w' for a word, 'n' for a number, 0 for the end, else the character
	text string
	num  int64
	at   primitive.Place
	off  int
}

func newScanner(file, src string, line, col int) *scanner {
	s := &scanner{file: file, src: src, line: line, col: col}
	s.next()
	return s
}

func isWord(c byte) bool {
	return primitive.IsLetter(c) || primitive.IsDigit(c) || c == '.'
}

func (s *scanner) next() {
	for s.off < len(s.src) && strings.IndexByte(" \t\r", s.src[s.off]) >= 0 {
		s.off++
	}
	s.tok = token{at: primitive.PlaceAt(s.line, s.col+s.off), off: s.off}
	if s.off == len(s.src) {
		return
	}
	from := s.off
	switch c := s.src[s.off]; {
	case primitive.IsDigit(c), c == '-' && s.off+1 < len(s.src) && primitive.IsDigit(s.src[s.off+1]):
		s.number()
	case isWord(c):
		for s.off < len(s.src) && isWord(s.src[s.off]) {
			s.off++
		}
		s.tok.kind = 'w'
	default:
		s.off++
		s.tok.kind = c
	}
	s.tok.text = s.src[from:s.off]
}

// number reads a number in decimal or hexadecimal. A label may begin with one.
func (s *scanner) number() {
	from := s.off
	s.off++
	for s.off < len(s.src) && (primitive.IsLetter(s.src[s.off]) || primitive.IsDigit(s.src[s.off])) {
		s.off++
	}
	text := s.src[from:s.off]
	s.tok.kind = 'n'
	n, err := strconv.ParseInt(text, 0, 64)
	if err != nil {
		u, err := strconv.ParseUint(text, 0, 64)
		if err != nil {
			s.fail("%s is no number of 64 bits", text)
		}
		n = int64(u)
	}
	s.tok.num = n
}

func (s *scanner) fail(format string, args ...any) {
	primitive.Fail(s.file, s.tok.at, format, args...)
}

// said is how messages call the token that is next.
func (s *scanner) said() string {
	if s.tok.kind == 0 {
		return "the end of the instruction"
	}
	return strconv.Quote(s.tok.text)
}

func (s *scanner) accept(kind byte) bool {
	if s.tok.kind != kind {
		return false
	}
	s.next()
	return true
}

func (s *scanner) expect(kind byte) {
	if !s.accept(kind) {
		s.fail("this should be %q, but is %s", string(kind), s.said())
	}
}

// word goes past a word, and returns it.
func (s *scanner) word(what string) string {
	if s.tok.kind != 'w' {
		s.fail("this should be %s, but is %s", what, s.said())
	}
	text := s.tok.text
	s.next()
	return text
}

// integer goes past a number, with a # or a $ in front or without.
func (s *scanner) integer() int64 {
	if s.tok.kind == '#' || s.tok.kind == '$' {
		s.next()
	}
	negative := s.accept('-')
	if s.tok.kind != 'n' {
		s.fail("this should be a number, but is %s", s.said())
	}
	n := s.tok.num
	s.next()
	if negative {
		n = -n
	}
	return n
}
