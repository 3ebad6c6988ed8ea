package csource

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/primitive"
)

// Options says how to read a file. The zero value is ready to use.
type Options struct {
	// Defines are macros, as with cc -DNAME=VALUE.
	Defines map[string]string
	// Include are folders in which #include looks, after the file's own and
	// before the headers of this package.
	Include []string
	// Files, if not nil, is where #include looks before the disk.
	Files fs.FS
	// Kernel, if not empty, is the folder of a source tree of Linux. #include looks
	// there last. For headers that both the tree and this package have,
	// kernel-headers.txt says which is taken.
	Kernel string
	// Disk, if not nil, reads a file in place of the disk's, by the name under which
	// #include finds it. Its error is one of the file.
	Disk Disk
}

// A Disk reads a file by its name.
type Disk func(name string) ([]byte, error)

// A Source is a C file that is parsed and checked. It is never changed, so that
// many goroutines can compile it at a time.
type Source struct {
	file     string
	texts    map[string]string // of the files that the tree has places in
	disk     files             // where they were read from
	inputs   string
	statics  []*variable
	threads  []*function // P0, P1 ...
	main     *function
	init     *function // nil if there is none
	final    *function
	unions   [][2]string
	punned   []string
	signs    bool // see sign.go
	all      []*function
	sites    []Site
	covers   []ir.Cover
	c11      bool    // it is written in C11
	nondets  []int64 // nondetValues
	verified bool    // the program calls functions of SV-COMP: abort is no error in it
}

// A Site is a use of a primitive that orders accesses: READ_ONCE, smp_mb,
// atomic_inc, c11_store_release ...
type Site = primitive.Site

// Parse reads a C file. Nothing is kept of src. Its errors are *Error; the
// first is returned.
//
// A file that is no C of before 2023, and uses keywords of C23, is read as C23.
func Parse(file string, src []byte, o Options) (s *Source, err error) {
	s, err = parseAfter(file, src, "", o)
	if err != nil && newKeyword().Match(src) && !includesOne().Match(src) {
		if t, _ := parseAfter(file, src, newKeywords, o); t != nil {
			return t, nil
		}
	}
	return s, err
}

// newKeyword finds keywords of C23 that were macros of headers before, or nothing.
var newKeyword = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\b(true|false|bool|nullptr|static_assert|thread_local|alignas|alignof)\b`)
})

// newKeywords has C23's keywords as macros.
const newKeywords = `#include <stdbool.h>
#define nullptr ((void *)0)
#define static_assert _Static_assert
#define thread_local _Thread_local
#define alignas _Alignas
#define alignof _Alignof
`

// parseAfter reads a file as if it began with the lines of before.
func parseAfter(file string, src []byte, before string, o Options) (s *Source, err error) {
	own, prelude := withoutLibrary(src)
	prelude = before + prelude
	for {
		s, err = parseWith(file, src, own, prelude, o)
		// A function of the C library may be used without its header, as in C of 1989; a macro
		// such as assert may not.
		var e *Error
		if !errors.As(err, &e) || e.header == "" || e.header == "assert.h" || includesOne().Match(src) || strings.Contains(prelude, "<"+e.header+">") {
			return s, err
		}
		prelude += "#include <" + e.header + ">\n"
	}
}

// parseWith reads a file whose text is own, after what prelude includes.
func parseWith(file string, src, own []byte, prelude string, o Options) (s *Source, err error) {
	defer catch(&err)
	checkNesting(filepath.ToSlash(file), src)
	all := newFiles(file, src, o)
	ast, err := translate(file, own, prelude, o, all)
	if err != nil {
		return nil, frontError(filepath.ToSlash(file), src, err)
	}
	all.checkConditions(filepath.ToSlash(file), src, ast.Macros)
	c := newFront()
	c.unit(ast)
	s = &Source{file: filepath.ToSlash(file), disk: all, texts: map[string]string{filepath.ToSlash(file): string(src)}}
	s.inputs = inputs(o, all)
	s.c11 = ast.Macros["READ_ONCE"] == nil && (ast.Macros["__SHIM_STDATOMIC_H"] != nil || c.defs["main"] != nil)
	s.roots(c)
	s.verified = c.verified
	s.statics, s.unions, s.punned = c.order, c.types.unions, c.types.punned
	s.signs = c.types.mixesSigns()
	for _, f := range c.functions {
		s.all = append(s.all, f)
	}
	slices.SortFunc(s.all, func(a, b *function) int { return cmp.Compare(a.name, b.name) })
	s.nondets = s.nondetValues()
	s.dropUnused()
	s.findSites()
	s.findCovers(c)
	return s, nil
}

// Inputs describes the inputs besides the file's own text: macros, folders, and the
// headers that were read, with a hash of each. Different inputs have different
// descriptions.
func (s *Source) Inputs() string { return s.inputs }

func inputs(o Options, all files) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(o.Defines)) {
		fmt.Fprintf(&b, "-D %q=%q\n", name, o.Defines[name])
	}
	for _, folder := range o.Include {
		fmt.Fprintf(&b, "-I %q\n", folder)
	}
	if o.Kernel != "" {
		fmt.Fprintf(&b, "--kernel %q\n", o.Kernel)
	}
	for _, name := range slices.Sorted(maps.Keys(all.seen)) {
		fmt.Fprintf(&b, "%q %x\n", name, all.seen[name])
	}
	return b.String()
}

// dropUnused leaves out the variables of this package's headers that nothing uses.
func (s *Source) dropUnused() {
	used := make(map[*variable]bool)
	for _, f := range s.all {
		walkStmts(f.body, func(e *expr) { used[e.v] = true })
	}
	s.statics = slices.DeleteFunc(s.statics, func(v *variable) bool { return isShim(v.at.File) && !used[v] })
}

var threadName = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^P(0|[1-9][0-9]*)$`)
})

// maxThreads bounds the threads of a program: more have too many executions to explore.
const maxThreads = 100

// roots finds the functions of the harness, and converts all functions that
// they reach.
func (s *Source) roots(c *front) {
	top := graph.Pos{File: s.file, Line: 1, Col: 1}
	var numbers []int
	for name := range c.defs {
		if m := threadName().FindStringSubmatch(name); m != nil {
			n, _ := strconv.Atoi(m[1])
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	if f := c.function("main"); f != nil {
		s.main = f
		for _, n := range numbers {
			c.noHarness("P" + strconv.Itoa(n))
		}
		return
	}
	for i, n := range numbers {
		f := c.function("P" + strconv.Itoa(n))
		if n != i {
			fail(f.at, "there is %s but no P%d: threads are numbered from P0 on", f.name, i)
		}
		if i == maxThreads {
			fail(f.at, "there are more than %d threads", maxThreads)
		}
		s.threads = append(s.threads, harness(f))
	}
	if len(s.threads) == 0 {
		fail(top, "there are no threads: a program has functions P0, P1 ..., or a main that calls pthread_create")
	}
	if f := c.function("init"); f != nil {
		s.init = harness(f)
	}
	if f := c.function("final"); f != nil {
		s.final = harness(f)
	}
}

// noHarness checks, in a program with a main, that no function has the name of a
// harness's thread, unless main makes a thread of it.
func (c *front) noHarness(name string) {
	if c.functions[name] == nil {
		f := c.function(name)
		fail(f.at, "there is a main, too: either the threads are P0, P1 ... and there is no main, or main makes them by pthread_create")
	}
}

// harness returns f. It fails unless f is void and has no parameters, as a function of
// the harness must be.
func harness(f *function) *function {
	if len(f.params) > 0 || f.result.kind != voidType {
		fail(f.at, "%s has to be declared as void %s(void)", f.name, f.name)
	}
	return f
}

// Sites lists the uses of primitives in the functions that the threads reach,
// by place. Several uses of the same primitive at one place, by way of a macro,
// are one Site.
func (s *Source) Sites() []Site { return s.sites }

// C11 reports whether the program uses the atomics or the threads of C11, and none of the
// kernel's headers.
func (s *Source) C11() bool { return s.c11 }

func (s *Source) findSites() {
	for _, f := range s.all {
		walkStmts(f.body, func(e *expr) {
			s.read(e.at.File)
			if name := primitiveName(e); name != "" && !inLibrary(e.at) {
				s.sites = append(s.sites, Site{Pos: e.at, Name: name, Text: s.callWords(e.at)})
			}
		})
	}
	for _, v := range s.statics {
		s.read(v.at.File)
	}
	slices.SortFunc(s.sites, func(a, b Site) int {
		return cmp.Or(cmp.Compare(a.Pos.File, b.Pos.File), a.Pos.Line-b.Pos.Line, a.Pos.Col-b.Pos.Col, cmp.Compare(a.Name, b.Name))
	})
	s.sites = slices.Compact(s.sites)
}

// read keeps the text of a file, so that events can be shown as they are in the source.
func (s *Source) read(file string) {
	if _, ok := s.texts[file]; ok {
		return
	}
	s.texts[file] = string(s.disk.shown(file))
}

// maxWords bounds the characters of source that an event is shown with.
const maxWords = 120

// words is the source text at a place: a statement, a call, or a part of one.
func (s *Source) words(at graph.Pos) string {
	text := s.from(at)
	return strings.Join(strings.Fields(text[:extent(text)]), " ")
}

// callWords is the source text of the call at a place, without the expression around it.
func (s *Source) callWords(at graph.Pos) string {
	text := s.from(at)
	open := strings.IndexByte(text, '(')
	if open <= 0 || strings.TrimFunc(text[:open], inName) != "" {
		return s.words(at)
	}
	depth := 0
	for i := open; i < len(text) && i < maxWords; i++ {
		switch text[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return strings.Join(strings.Fields(text[:i+1]), " ")
			}
		}
	}
	return s.words(at)
}

func inName(c rune) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// from is the source from a place on.
func (s *Source) from(at graph.Pos) string {
	text := s.texts[at.File]
	for range at.Line - 1 {
		i := strings.IndexByte(text, '\n')
		if i < 0 {
			return ""
		}
		text = text[i+1:]
	}
	if at.Col < 1 || at.Col > len(text) {
		return ""
	}
	return text[at.Col-1:]
}

// extent is the length of the expression or statement at the start of text.
func extent(text string) int {
	depth, open := 0, 0
	for i := 0; i < len(text) && i < maxWords; i++ {
		switch text[i] {
		case '(', '[':
			if depth++; depth == 1 {
				open = i
			}
		case ')', ']':
			if depth--; depth < 0 {
				return i
			}
			if depth == 0 && i+1 < len(text) && !strings.ContainsRune("-.[ =", rune(text[i+1])) && !isCast(text[:open], text[i+1:]) {
				return i + 1
			}
		case ';', '{', '}':
			return i
		case ',':
			if depth == 0 {
				return i
			}
		}
	}
	return min(len(text), maxWords)
}

// isCast reports whether parentheses with this before and behind them, in one expression, are a cast.
func isCast(before, behind string) bool {
	next := rune(behind[0])
	return strings.Trim(before, "*&!~-+ ") == "" && (inName(next) || strings.ContainsRune("*&!~(", next))
}

// primitiveName is the name of the primitive that e uses, or "".
func primitiveName(e *expr) string {
	if e.kind != builtinExpr || len(e.args) == 0 || e.args[0].kind != stringExpr {
		return ""
	}
	name := e.args[0].name
	switch e.name {
	case "__cc_prim":
		return name
	case "__cc_c11":
		return c11Name(e, name)
	}
	return ""
}

// walkStmts calls do for every expression in a list of statements.
func walkStmts(list []*stmt, do func(*expr)) {
	for _, s := range list {
		walk(s.x, do)
		walk(s.y, do)
		for _, in := range s.inits {
			walk(in.x, do)
		}
		walkStmts(s.body, do)
		walkStmts(s.alt, do)
	}
}

func walk(e *expr, do func(*expr)) {
	if e == nil {
		return
	}
	do(e)
	for _, x := range [...]*expr{e.x, e.y, e.z} {
		walk(x, do)
	}
	for _, a := range e.args {
		walk(a, do)
	}
	for _, in := range e.inits {
		walk(in.x, do)
	}
	walkStmts(e.body, do)
}
