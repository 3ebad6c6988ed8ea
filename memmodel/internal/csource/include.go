package csource

import (
	"bytes"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"sync"

	"crosscall/memmodel/graph"
)

// Package cc does not notice that a file includes itself: it goes on until the
// expansion of macros is at its limit, and reports that. So the real cause is
// looked for afterwards.

// directives finds the directives that matter here. It also finds those in comments,
// which does no harm because the file is known to be wrong.
var directives = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)^[ \t]*#[ \t]*(?:(include)[ \t]*"([^"\n]*)"|(if)|(endif))`)
})

// includeLine finds what is included.
var includeLine = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)^[ \t]*#[ \t]*include[ \t]*(?:"([^"\n]*)"|<([^>\n]*)>|)`)
})

// MayRead reports whether a source may include a file that is not this package's own. It
// may say so in vain.
func MayRead(file string, src []byte, o Options) bool {
	lines := includeLine().FindAllSubmatch(src, -1)
	if o.Kernel != "" || len(lines) != bytes.Count(src, []byte("include")) {
		return true
	}
	f := newFiles(file, src, o)
	for _, line := range lines {
		name := string(line[1]) + string(line[2])
		if name == "" || filepath.IsAbs(name) {
			return true
		}
		for _, folder := range append([]string{filepath.Dir(file)}, o.Include...) {
			if _, err := f.find(filepath.ToSlash(filepath.Join(folder, name))); err == nil {
				return true
			}
		}
	}
	return false
}

// An inclusion is an #include outside of all conditions.
type inclusion struct {
	at   graph.Pos
	name string
}

func inclusions(file string, src []byte) (list []inclusion) {
	depth := 0
	for _, m := range directives().FindAllSubmatchIndex(src, -1) {
		switch {
		case m[6] >= 0: // #if, #ifdef, #ifndef
			depth++
		case m[8] >= 0:
			depth--
		case depth == 0:
			line := bytes.LastIndexByte(src[:m[2]], '\n') + 1
			at := graph.Pos{File: shownFile(file), Line: 1 + bytes.Count(src[:line], []byte("\n")), Col: 1 + bytes.IndexByte(src[line:], '#')}
			list = append(list, inclusion{at, string(src[m[4]:m[5]])})
		}
	}
	return list
}

// failIncluding fails if a file includes itself, directly or by way of others,
// outside of all conditions.
func (f files) failIncluding(file string, src []byte, folders []string) {
	var open, done []string
	var visit func(file string, src []byte)
	visit = func(file string, src []byte) {
		open = append(open, file)
		defer func() { open, done = open[:len(open)-1], append(done, file) }()
		for _, in := range inclusions(file, src) {
			for _, folder := range append([]string{filepath.Dir(file)}, folders...) {
				name := filepath.ToSlash(filepath.Join(folder, in.name))
				if slices.Contains(open, name) {
					fail(in.at, "%s includes itself, and nothing ends that: put it between #ifndef NAME, #define NAME and #endif", shownFile(name))
				}
				if slices.Contains(done, name) {
					break
				}
				if text, err := f.read(name); err == nil {
					visit(name, text)
					break
				}
			}
		}
	}
	visit(filepath.ToSlash(filepath.Clean(file)), src)
}

func (f files) read(name string) ([]byte, error) {
	file, err := f.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(file)
}
