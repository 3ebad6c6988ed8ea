package csource

import (
	"bytes"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// A file that a preprocessor has made, and many a test program, declares functions and
// types of the C library itself, such as
//
//	typedef unsigned long int pthread_t;
//	extern int pthread_create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
//
// These declarations are left out, and this package's headers take their place. Characters
// become spaces, so that all places stay. A function that such a file defines with a body is its own.

// libraryHeaders are the headers whose names are looked for. Those further down may define
// what those further up do; the first is taken.
var libraryHeaders = []string{
	"stddef.h", "stdarg.h", "stdint.h", "limits.h", "assert.h", "errno.h", "sched.h", "pthread.h", "semaphore.h", "stdatomic.h", "string.h", "strings.h",
	"stdlib.h", "alloca.h", "stdio.h", "signal.h", "time.h", "unistd.h", "sys/types.h", "sys/time.h", "threads.h",
}

var (
	libraryMacro = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?m)^[ \t]*#[ \t]*define[ \t]+([A-Za-z]\w*)`)
	})
	libraryDeclared = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?m)^(?:typedef\b.*\b(\w+);$|struct (\w+) \{|(?:static inline|extern|void|int|long)\b[^(;]*?\b([A-Za-z]\w*)\(|\} ?(\w+);)`)
	})
	libraryEnum = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^enum \{([^}]*)\}`) })
	shimInclude = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^#include <(pthread/\w+\.h)>`) })
	includesOne = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?m)^[ \t]*#[ \t]*include[ \t]*<(linux/|asm/|uapi/)|\b(lkmm|genmc|crosscall)\.h\b`)
	})
)

// libraryNames are the names that the headers declare, with the header of each.
var libraryNames = sync.OnceValue(func() map[string]string {
	names := make(map[string]string)
	for _, header := range libraryHeaders {
		text := shimText(header)
		for _, m := range shimInclude().FindAllStringSubmatch(text, -1) {
			text += shimText(m[1])
		}
		for _, m := range libraryMacro().FindAllStringSubmatch(text, -1) {
			addName(names, m[1], header)
		}
		for _, m := range libraryDeclared().FindAllStringSubmatch(text, -1) {
			addName(names, m[1]+m[2]+m[3]+m[4], header)
		}
		for _, m := range libraryEnum().FindAllStringSubmatch(text, -1) {
			for _, word := range strings.Split(m[1], ",") {
				word, _, _ = strings.Cut(word, "=")
				addName(names, strings.TrimSpace(word), header)
			}
		}
	}
	return names
})

func addName(names map[string]string, name, header string) {
	if name != "" && names[name] == "" {
		names[name] = header
	}
}

func shimText(name string) string {
	text, _ := fs.ReadFile(shims, "shim/"+name)
	return string(text)
}

// withoutLibrary leaves out of a file what it declares of the C library. prelude includes
// the headers that take its place; it is empty if there is nothing to leave out.
//
// A header is meant if the file declares a function of it, and defines none. The types of
// headers that are not meant are the file's own.
func withoutLibrary(src []byte) (rest []byte, prelude string) {
	if includesOne().Match(src) {
		return src, ""
	}
	text := withoutMarkers(src)
	pieces := topLevel(text)
	meant := headersMeant(text, pieces)
	if len(meant) == 0 {
		return src, ""
	}
	names, uses, included := libraryNames(), wordCounts(text), maps.Clone(meant)
	for _, p := range pieces {
		header := names[p.name]
		isOurs := meant[header] || p.kind == typePiece && slices.Contains(basicHeaders, header)
		unused := (p.kind == functionPiece || p.strange) && uses[p.name] == wordCounts(text[p.from:p.to])[p.name]
		if p.kind == otherPiece || p.kind == bodyPiece || !isOurs && !unused {
			continue
		}
		blank(text[p.from:p.to])
		if isOurs {
			included[header] = true
		}
	}
	for from, m := 0, []int(nil); ; from += m[0] + 1 {
		if m = zeroInitializer().FindIndex(text[from:]); m == nil {
			break
		}
		zero(text[from+m[0]:])
	}
	for _, m := range atomicTypeof().FindAllIndex(text, -1) {
		blank(text[m[0]+bytes.IndexByte(text[m[0]:], '(')+1 : m[1]])
	}
	for _, header := range slices.Sorted(maps.Keys(included)) {
		prelude += "#include <" + header + ">\n"
	}
	return text, prelude
}

// headersMeant finds the headers of the functions that are declared and not defined.
func headersMeant(text []byte, pieces []piece) map[string]bool {
	names := libraryNames()
	meant, own := make(map[string]bool), make(map[string]bool)
	for _, p := range pieces {
		if header := names[p.name]; header != "" && p.kind == bodyPiece {
			own[header] = true
		} else if header != "" && p.kind == functionPiece {
			meant[header] = true
		}
	}
	if declaresThreads().Match(text) && createsThread().Match(text) {
		meant["pthread.h"] = true
	}
	maps.DeleteFunc(meant, func(header string, _ bool) bool { return own[header] })
	return meant
}

var (
	declaresThreads = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\btypedef\b[^;{]*\bpthread_t\s*;`) })
	createsThread   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\bpthread_create\s*\(`) })
)

// basicHeaders have types that other headers need, too.
var basicHeaders = []string{"stddef.h", "stdint.h", "sys/types.h", "time.h"}

// atomicTypeof begins a type in what GCC's atomic_load_explicit and its like expand to.
var atomicTypeof = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\b__typeof__ \(\(void\)0, `)
})

// marker is a line by which a preprocessor says where the next one comes from.
var marker = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^#(line)? \d+ .*$`) })

// withoutMarkers is a copy of src in which places are those of the file itself.
func withoutMarkers(src []byte) []byte {
	text := slices.Clone(src)
	for _, m := range marker().FindAllIndex(text, -1) {
		blank(text[m[0]:m[1]])
	}
	return text
}

// blank replaces characters by spaces, but for the ends of lines.
func blank(text []byte) {
	for i, b := range text {
		if b != '\n' {
			text[i] = ' '
		}
	}
}

// wordCounts counts the names in a text.
func wordCounts(text []byte) map[string]int {
	n := make(map[string]int)
	for _, word := range bytes.FieldsFunc(text, func(r rune) bool { return !inName(r) }) {
		n[string(word)]++
	}
	return n
}

// A piece is a declaration at file scope.
type piece struct {
	from, to int
	kind     pieceKind
	name     string // that it declares
	strange  bool   // package cc or this one cannot read it
}

type pieceKind uint8

const (
	otherPiece    pieceKind = iota // a variable, or not known
	bodyPiece                      // a function with its body
	functionPiece                  // a function without one
	typePiece                      // a type, a tag, an enum, or a variable of another file
)

// topLevel finds the declarations at file scope, but for those with directives in them.
func topLevel(text []byte) (pieces []piece) {
	s := scanner{text: text}
	for s.skip(); s.at < len(text); s.skip() {
		from := s.at
		body := s.piece()
		if s.directive {
			continue
		}
		p := piece{from: from, to: min(s.at, len(text)), strange: strangeWords().Match(text[from:min(s.at, len(text))])}
		p.declares(body, text[p.from:p.to])
		pieces = append(pieces, p)
	}
	return pieces
}

// A scanner goes through C by its tokens, as far as it needs to know them.
type scanner struct {
	text      []byte
	at        int
	directive bool // the piece has one in it
}

// skip goes to the next token, beyond spaces, comments and directives.
func (s *scanner) skip() {
	for s.at < len(s.text) {
		rest := s.text[s.at:]
		switch {
		case bytes.HasPrefix(rest, []byte("//")), rest[0] == '#':
			s.directive = s.directive || rest[0] == '#'
			s.line()
		case bytes.HasPrefix(rest, []byte("/*")):
			if i := bytes.Index(rest[2:], []byte("*/")); i >= 0 {
				s.at += i + 4
			} else {
				s.at = len(s.text)
			}
		case rest[0] == ' ', rest[0] == '\t', rest[0] == '\n', rest[0] == '\r':
			s.at++
		default:
			return
		}
	}
}

// line goes to the end of the line, which may be continued.
func (s *scanner) line() {
	for s.at < len(s.text) && (s.text[s.at] != '\n' || s.text[s.at-1] == '\\') {
		s.at++
	}
}

// piece goes to the end of a declaration. It reports whether that is a function with its
// body.
func (s *scanner) piece() (body bool) {
	from, depth, last := s.at, 0, byte(0)
	s.directive = false
	for s.at < len(s.text) {
		b := s.text[s.at]
		switch b {
		case '{':
			body = body || depth == 0 && last == ')' && !isTypedef(s.text[from:s.at])
			depth++
		case '(', '[':
			depth++
		case ')', ']', '}':
			depth--
		case '"', '\'':
			s.quoted(b)
		}
		s.at++
		if depth <= 0 && (b == ';' || b == '}' && body) {
			return body
		}
		last = b
		s.skip()
	}
	return body
}

// quoted goes to the end of a string or of a character.
func (s *scanner) quoted(quote byte) {
	for s.at++; s.at < len(s.text) && s.text[s.at] != quote && s.text[s.at] != '\n'; s.at++ {
		if s.text[s.at] == '\\' {
			s.at++
		}
	}
}

var (
	strangeWords = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`\b__mode__\b|\b__regparm__\b|\b_Complex\b|\b__float128\b|\b_Float\d+x?\b|\blong double\b`)
	})
	attributeWords = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`\b__attribute__\s*\(\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)\)|\b__asm__\s*\([^()]*\)|\b__extension__\b`)
	})
	firstCall = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[^(={]*?\b(\w+)\s*\(`) })
	// pointerTo finds a declarator that begins with a *: the name of a pointer or, with a second
	// parenthesis behind it, that of a function.
	pointerTo = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^[^(={]*?\b\w+\s*\(\s*\*(?:[\s*]|const\b|volatile\b)*(\w+)\s*(\()?`)
	})
	lastWord = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\b(\w+)\s*(?:\[[^\]]*\]\s*)*;$`) })
	firstTag = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(?:struct|union)\s+(\w+)\s*\{|^enum\s*\w*\s*\{\s*(\w+)`)
	})
)

func isTypedef(text []byte) bool {
	return bytes.HasPrefix(bytes.TrimSpace(attributeWords().ReplaceAll(text, nil)), []byte("typedef"))
}

// declares finds what a piece declares, of which text is the source. Of an enum it is the
// first constant.
func (p *piece) declares(body bool, text []byte) {
	isType := isTypedef(text)
	text = bytes.TrimSpace(attributeWords().ReplaceAll(text, nil))
	set := func(kind pieceKind, r *regexp.Regexp) bool {
		m := r.FindSubmatch(text)
		if m != nil {
			p.kind, p.name = kind, string(bytes.Join(m[1:], nil))
		}
		return m != nil
	}
	pointer := pointerTo().FindSubmatch(text)
	switch {
	case isType:
		set(typePiece, lastWord())
	case pointer != nil && len(pointer[2]) == 0: // size_t (*f)(int) is a variable
	case pointer != nil && body:
		p.kind, p.name = bodyPiece, string(pointer[1])
	case pointer != nil:
		p.kind, p.name = functionPiece, string(pointer[1])
	case body:
		set(bodyPiece, firstCall())
	case set(typePiece, firstTag()):
		if text[len(text)-2] != '}' {
			p.kind = otherPiece // and a variable
		}
	case set(functionPiece, firstCall()):
	case bytes.HasPrefix(text, []byte("extern")):
		set(typePiece, lastWord())
	}
}

// zeroInitializer begins what PTHREAD_MUTEX_INITIALIZER and its like expand to.
var zeroInitializer = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\{\s*\{(?:[\s{},0]|\(void \*\)|PTHREAD_\w+)*\}\s*\}`)
})

// zero makes { 0 } of an initializer of zeros in two pairs of braces, the outer of which
// has nothing but the inner.
func zero(text []byte) {
	depth := 0
	for i, b := range text {
		switch b {
		case '{':
			depth++
		case '}':
			depth--
		}
		if b == '}' && depth == 1 && bytes.TrimSpace(text[i+1:])[0] != '}' {
			return // there is more within the outer
		}
		if depth == 0 {
			blank(text[:i])
			text[0] = '{'
			text[bytes.IndexByte(text, ' ')] = '0'
			return
		}
	}
}
