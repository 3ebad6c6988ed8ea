package overlay

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"crosscall/gocheck/internal"
)

const (
	here  = "crosscall/gocheck/internal/"
	there = "internal/crosscall/" // in the standard library
)

// own are the packages that are added to the standard library.
var own = []string{there + "hook", there + "report", there + "sched"}

// embedSources adds the explorer and the hooks' other side as packages.
func embedSources(files map[string][]byte, std map[string]listed) error {
	err := fs.WalkDir(internal.Sources, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(name, "_test.go") {
			return err
		}
		text, err := fs.ReadFile(internal.Sources, name)
		if err != nil {
			return err
		}
		switch path.Base(name) {
		case "coro.go":
			return nil
		case "coro_std.go":
			text = []byte(strings.Replace(string(text), "//go:build crosscall_std\n", "", 1))
		}
		files[there+name], err = rewriteImports(name, text)
		return err
	})
	files[there+"hook/standard.go"] = standardList(std)
	return err
}

// rewriteImports changes a file's imports of this repository's packages to
// their paths in the standard library.
func rewriteImports(name string, text []byte) ([]byte, error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, name, text, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	out := &sourceFile{text: text}
	for _, i := range f.Imports {
		if rest, ok := strings.CutPrefix(strings.Trim(i.Path.Value, `"`), here); ok {
			from := fset.Position(i.Path.Pos()).Offset
			out.edits = append(out.edits, edit{from, from + len(i.Path.Value), `"` + there + rest + `"`})
		}
	}
	return out.result(), nil
}

func standardList(std map[string]listed) []byte {
	var b strings.Builder
	b.WriteString("package hook\n\nvar standard = map[string]bool{\n")
	for _, p := range append(slices.Sorted(maps.Keys(std)), own...) {
		fmt.Fprintf(&b, "\t%q: true,\n", p)
	}
	b.WriteString("}\n")
	return []byte(b.String())
}

// importSys adds the import by which a file's hooks find their caller.
func importSys(s *source) error {
	for _, f := range s.files {
		if len(f.edits) > 0 {
			s.importIn(f, "crosscallsys", "internal/runtime/sys")
		}
	}
	return nil
}

// importRuntimeSys does the same in package runtime, where some files have the
// import already.
func importRuntimeSys(s *source) error {
	for _, f := range s.files {
		if strings.Contains(string(f.result()), "sys.GetCallerPC()") && !importsPath(f, "internal/runtime/sys") {
			s.importIn(f, "sys", "internal/runtime/sys")
		}
	}
	return nil
}

func importsPath(f *sourceFile, path string) bool {
	return slices.ContainsFunc(f.ast.Imports, func(i *ast.ImportSpec) bool { return i.Path.Value == `"`+path+`"` })
}

func changeRuntime(s *source) error { return errors.Join(scanReports(s), importRuntimeSys(s)) }

// scanReports makes the collector scan a frame conservatively in which the compiler
// reports an access (see crosscallReports).
func scanReports(s *source) error {
	f, fn := s.function("scanframeworker")
	if fn == nil || s.print(fn.Type) != "func(frame *stkframe, state *stackScanState, gcw *gcWork)" {
		return errors.New("runtime has no function scanframeworker(frame *stkframe, state *stackScanState, gcw *gcWork)")
	}
	for _, stmt := range fn.Body.List {
		if a, ok := stmt.(*ast.AssignStmt); ok && len(a.Lhs) == 1 && s.print(a.Lhs[0]) == "isDebugCall" {
			at := s.offset(a.End())
			f.edits = append(f.edits, edit{at, at, " || crosscallReports(frame)"})
			return nil
		}
	}
	return fmt.Errorf("runtime/%s: scanframeworker has no variable isDebugCall", f.name)
}

func changeAtomic(s *source) error {
	return errors.Join(s.giveBodies(), importSys(s))
}

// reportMapReads adds reports to maps for reads that they leave to other
// functions of their package.
func reportMapReads(files map[string][]byte, p listed) error {
	s, err := parsePackage(p)
	if err != nil {
		return err
	}
	for _, h := range mapHooks {
		if _, fn := s.function(h.name); fn == nil || fn.Body == nil || !strings.Contains(s.print(fn.Body), "race.ReadPC(") {
			err = errors.Join(err, s.insert(h))
		}
	}
	for _, f := range s.files {
		if len(f.edits) == 0 {
			continue
		}
		for _, used := range []string{"internal/race", "internal/runtime/sys"} {
			if !importsPath(f, used) {
				s.importIn(f, path.Base(used), used)
			}
		}
		files[path.Join(s.path, f.name)] = f.result()
	}
	return err
}

// changeSlog makes the lock that a handler holds while it writes one that is explored.
func changeSlog(s *source) error {
	const name = "(*commonHandler).handle"
	f, fn := s.function(name)
	if fn == nil || !s.replaceIn(f, fn, "h.mu.Lock()", "crosscallBeforeWrite(h)") || !s.replaceIn(f, fn, "h.mu.Unlock()", "crosscallAfterWrite(h)") {
		return errors.New("log/slog: " + name + " does not lock and unlock h.mu once")
	}
	return nil
}

// changeSyscall hides the threads of the explorer.
func changeSyscall(env goEnv, files map[string][]byte, p listed) error {
	if env.GOOS != "linux" {
		return nil // no other system's package has Gettid
	}
	return changePackage(files, p, syscallHooks, "std/syscall.go.txt", nil)
}

// enableRace makes packages report their accesses.
func enableRace(s *source) error {
	for _, f := range s.files {
		for _, d := range f.ast.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.CONST || len(g.Specs) != 1 {
				continue
			}
			v := g.Specs[0].(*ast.ValueSpec)
			if v.Names[0].Name == "Enabled" && len(v.Values) == 1 && s.print(v.Values[0]) == "false" {
				f.edits = append(f.edits, edit{s.offset(v.Values[0].Pos()), s.offset(v.Values[0].End()), "true"})
				return nil
			}
		}
	}
	return errors.New("internal/race has no constant Enabled that is false")
}

// changeTesting makes crosscallRun call a test's function.
func changeTesting(s *source) error {
	f, fn := s.function("tRunner")
	if fn == nil || s.print(fn.Type) != "func(t *T, fn func(t *T))" {
		return errors.New("testing has no function tRunner(t *T, fn func(t *T))")
	}
	n := 0
	for _, stmt := range fn.Body.List {
		if e, ok := stmt.(*ast.ExprStmt); ok && s.print(e.X) == "fn(t)" {
			f.edits = append(f.edits, edit{s.offset(e.Pos()), s.offset(e.End()), "crosscallRun(t, fn)"})
			n++
		}
	}
	if !s.ends(f, fn) {
		return fmt.Errorf("testing/%s: tRunner does not set t.done once", f.name)
	}
	if !s.replaceIn(f, fn, "callerName(0)", `"testing.tRunner"`) {
		return fmt.Errorf("testing/%s: tRunner does not ask for its name once", f.name)
	}
	if !s.replaceIn(f, fn, "t.signal <- signal", "crosscallSignal(t, signal)") {
		return fmt.Errorf("testing/%s: tRunner does not send to t.signal once", f.name)
	}
	if !s.endsEarly(f, fn) {
		return fmt.Errorf("testing/%s: tRunner does not begin by deferring its end", f.name)
	}
	if !s.rethrow(f, fn) {
		return fmt.Errorf("testing/%s: tRunner has no function doPanic(err any)", f.name)
	}
	if n != 1 {
		return fmt.Errorf("testing/%s: tRunner calls fn(t) %d times, not once", f.name, n)
	}
	return nil
}

// ends makes the end of a test a step.
func (s *source) ends(f *sourceFile, tRunner *ast.FuncDecl) bool {
	n := 0
	ast.Inspect(tRunner, func(node ast.Node) bool {
		if a, ok := node.(*ast.AssignStmt); ok && s.print(a) == "t.done = true" {
			at := s.offset(a.Pos())
			f.edits = append(f.edits, edit{at, at, "crosscallEnd(&t.common); "})
			n++
		}
		return true
	})
	return n == 1
}

// endsEarly shortens the end of a test that has nothing left to do, the first function
// that tRunner defers.
func (s *source) endsEarly(f *sourceFile, tRunner *ast.FuncDecl) bool {
	for _, stmt := range tRunner.Body.List {
		d, ok := stmt.(*ast.DeferStmt)
		if !ok {
			continue
		}
		fn, ok := d.Call.Fun.(*ast.FuncLit)
		if !ok || s.print(fn.Type) != "func()" || !strings.Contains(s.print(fn.Body), "t.done = true") {
			return false
		}
		at := s.offset(fn.Body.Lbrace) + 1
		f.edits = append(f.edits, edit{at, at, " if crosscallReturned(t) { return }; "})
		return true
	}
	return false
}

// replaceIn replaces the one statement or expression that is printed as old.
func (s *source) replaceIn(f *sourceFile, fn *ast.FuncDecl, old, new string) bool {
	n := 0
	ast.Inspect(fn, func(node ast.Node) bool {
		switch node.(type) {
		case *ast.SendStmt, *ast.CallExpr:
			if s.print(node) == old {
				f.edits = append(f.edits, edit{s.offset(node.Pos()), s.offset(node.End()), new})
				n++
			}
		}
		return true
	})
	return n == 1
}

// rethrow passes a panic of an explored test on to the explorer at once.
func (s *source) rethrow(f *sourceFile, tRunner *ast.FuncDecl) (found bool) {
	ast.Inspect(tRunner, func(n ast.Node) bool {
		a, ok := n.(*ast.AssignStmt)
		if !ok || len(a.Lhs) != 1 || s.print(a.Lhs[0]) != "doPanic" {
			return true
		}
		if fn, ok := a.Rhs[0].(*ast.FuncLit); ok && s.print(fn.Type) == "func(err any)" {
			at := s.offset(fn.Body.Lbrace) + 1
			f.edits = append(f.edits, edit{at, at, " if crosscallOn() { didPanic = true; panic(err) }; "})
			found = true
		}
		return true
	})
	return found
}
