package cat

import (
	"errors"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/rel"
)

// A Loader reads the file that an include names. path is where it was found,
// for positions. An error that is fs.ErrNotExist makes Compile look among the
// files of its own library; any other ends the compilation.
type Loader func(name string) (src []byte, path string, err error)

// Options say how a model is compiled. The zero value is usable.
type Options struct {
	// Loader finds what the model includes, beside the library. nil finds
	// nothing.
	Loader Loader
	// Bell, if not nil, is a file that declares the tags of events and is
	// evaluated before the model. BellFile is its name.
	Bell     []byte
	BellFile string
	// Variants are the names that are true in "if" conditions.
	Variants []string
	// Machine, if it is not empty, is the only machine whose sets the model knows: a key of
	// machineSets.
	Machine string
	// WholeAMOs: the model is of executions in which an atomic instruction is one event.
	// See whole.go.
	WholeAMOs bool
}

// Compile makes a plan of a model. file is the name of the model, for
// positions. An error is an *Error.
func Compile(file string, src []byte, options Options) (plan *rel.Plan, err error) {
	defer catch(&err)
	c := newCompiler(options)
	c.bundled(stdlib, At{})
	if options.Bell != nil {
		c.run(c.root, c.parse(options.BellFile, options.Bell).Ins)
	}
	f := c.parse(file, src)
	if len(f.Ins) == 0 {
		fail(graph.Pos{File: file, Line: 1, Col: 1}, "there is nothing in this model, so it would allow everything")
	}
	c.run(c.root, f.Ins)
	c.refuseRegisterEvents(file)
	return c.finish(f.Title), nil
}

// A compiler evaluates a model with nodes in place of sets and relations.
type compiler struct {
	*builder
	options Options
	root    *env
	tags    map[string]string   // tag to enum
	enums   map[string][]string // enum to tags
	checks  []rel.Check
	shown   map[string]rel.ID
	named   map[string]bool // top-level names that the model itself binds
	files   []string        // that are being included, outermost first
	as      []string        // names of the calls of procedures around
	open    []rel.ID        // variables of the recursive definitions around
	steps   int
	depth   int
	// generated is co on the events that the model generates it for.
	generated rel.ID
	linears   []rel.ID // the orders that are chosen
	catdep    bool     // the model computes dependencies itself: see absent.go
	halves    rel.ID   // each half of an AMO with the other; NoID if AMOs are two events: see whole.go
	writes    rel.ID   // W, before the model binds a name
	co        rel.ID   // co, before the model binds a name
}

func newCompiler(options Options) *compiler {
	c := &compiler{
		builder:   newBuilder(),
		options:   options,
		root:      &env{vals: make(map[string]value)},
		tags:      make(map[string]string),
		enums:     make(map[string][]string),
		shown:     make(map[string]rel.ID),
		named:     make(map[string]bool),
		generated: rel.NoID,
		halves:    rel.NoID,
	}
	for _, name := range baseSets {
		c.root.vals[name] = nodeValue{id: c.set(name)}
	}
	for _, name := range baseRels {
		c.root.vals[name] = nodeValue{id: c.rel(name)}
	}
	for name, f := range primitives {
		c.root.vals[name] = primitive{name, f}
	}
	for arch, names := range machineSets {
		if arch != anyMachine && (options.Bell != nil || options.Machine != "" && options.Machine != arch) {
			continue
		}
		for _, name := range names {
			c.root.vals[name] = nodeValue{id: c.set(name)}
		}
	}
	if options.WholeAMOs {
		c.wholeAMOs()
	}
	c.writes, c.co = c.root.vals["W"].(nodeValue).id, c.root.vals["co"].(nodeValue).id
	return c
}

func (c *compiler) parse(file string, src []byte) *File {
	f, err := Parse(file, src)
	if err != nil {
		panic(err)
	}
	if f.Catdep {
		c.bindAbsent()
	}
	return f
}

// inLibrary reports whether the file that is being evaluated is one of this
// package's library.
func (c *compiler) inLibrary() bool {
	return len(c.files) > 0 && strings.HasPrefix(c.files[len(c.files)-1], libraryPrefix)
}

// maxIncludes bounds how deep files include each other.
const maxIncludes = 50

func (c *compiler) include(i *Include) {
	if len(c.files) > maxIncludes {
		fail(i.Pos(), "includes go round in a circle: %s", strings.Join(c.files[len(c.files)-3:], ", "))
	}
	c.step(i.At)
	name := path.Base(i.File)
	if name == stdlib {
		return // it is read before all other files
	}
	if c.options.Loader != nil && name != crossFile && name != depsFile {
		src, file, err := c.options.Loader(i.File)
		if err == nil {
			c.runFile(file, src)
			return
		}
		if !errors.Is(err, fs.ErrNotExist) {
			fail(i.Pos(), "cannot read the file to include: %v", err)
		}
	}
	c.bundled(name, i.At)
}

// bundled evaluates a file of this package's library.
func (c *compiler) bundled(name string, at At) {
	src, err := libraryFiles.ReadFile("lib/" + name)
	if err != nil {
		fail(at.Pos(), "no file %q to include, neither beside the model nor in the library (%s)", name, strings.Join(libraryNames(), " "))
	}
	c.runFile(libraryPrefix+name, src)
}

func (c *compiler) runFile(file string, src []byte) {
	f := c.parse(file, src)
	c.files = append(c.files, file)
	c.run(c.root, f.Ins)
	c.files = c.files[:len(c.files)-1]
}

// run executes instructions; definitions go into e.
func (c *compiler) run(e *env, list []Ins) {
	for _, i := range list {
		c.exec(e, i)
	}
}

func (c *compiler) exec(e *env, i Ins) {
	switch i := i.(type) {
	case *Define:
		c.define(e, i)
	case *Check:
		c.check(e, i)
	case *MatchIns:
		c.run(e, c.matchIns(e, i))
	case *Show:
		c.show(e, i)
	case *ShowAs: // herd shows nothing where a name is not bound
		v, _ := c.try(e, i.X)
		if n, ok := v.(nodeValue); ok && !c.isSet(n.id) {
			c.shown[i.Name] = c.asPlain(i.X, n)
		}
	case *Include:
		c.include(i)
	case *Procedure:
		p := procedure{i.Param, i.Body, e.snapshot()}
		e.vals[i.Name] = p
		if i.Rec {
			p.env.vals[i.Name] = p
		}
	case *Call:
		c.call(e, i)
	case *Debug: // prints in herd, and does nothing else
	case *ForAll:
		c.forAll(e, i)
	case *WithFrom:
		c.bindTop(e, i.Name, c.withFrom(i, c.eval(e, i.X)))
	case *IfIns:
		if c.cond(e, i.Cond) {
			c.run(e, i.Then)
		} else {
			c.run(e, i.Else)
		}
	case *Enum:
		c.enum(e, i)
	case *Instructions:
		c.instructions(e, i)
	}
}

func (c *compiler) define(e *env, d *Define) {
	if d.Rec {
		c.recursion(e, d.Binds)
		if d.When != nil {
			// If the test fails in one round, it fails in all later ones,
			// because the relation grows. So it fails in some round if and only
			// if it fails in the last.
			c.require(c.testOf(e, d.When))
		}
	} else {
		fresh := &env{vals: make(map[string]value)}
		c.bindAll(e, fresh, d.Binds)
		if e == c.root {
			c.redefineChosen(fresh)
		}
		maps.Copy(e.vals, fresh.vals)
	}
	for _, b := range d.Binds {
		for _, name := range b.Pattern.Names {
			if name != "" {
				c.bindTop(e, name, e.vals[name])
			}
		}
	}
}

// redefineChosen handles definitions of rf and co that are about locks.
func (c *compiler) redefineChosen(fresh *env) {
	for _, name := range []string{"rf", "co"} {
		old, bound := c.root.vals[name].(nodeValue)
		n, defined := fresh.vals[name].(nodeValue)
		if !bound || !defined || n.of != nil {
			continue
		}
		if chosen, ok := c.locks(name, old.id, n.id); ok {
			fresh.vals[name] = nodeValue{id: chosen}
		}
	}
}

// bindTop binds name in e. At the top level it gives the node its name.
func (c *compiler) bindTop(e *env, name string, v value) {
	e.vals[name] = v
	if e != c.root {
		return
	}
	if n, ok := v.(nodeValue); ok {
		c.label(n.id, name)
	}
	if !c.inLibrary() {
		c.named[name] = true
	}
}

func (c *compiler) check(e *env, i *Check) {
	k := c.testOf(e, i.Test)
	switch i.Role {
	case "flag":
		k.Flag = true
	case "undefined_unless", "assert":
		k.Flag, k.Negated = true, !k.Negated
	}
	if k.Flag && c.uses(k.Node, c.linears...) {
		fail(i.Pos(), "the flag %q depends on an order from linearisations, and another order may give another answer: use a check that is no flag", k.Name)
	}
	c.require(k)
}

// testOf is the check of a test. A test without a name has the name of the call
// that it is in, or its source text.
func (c *compiler) testOf(e *env, t *Test) rel.Check {
	want := aRelation
	if t.Kind == rel.Empty {
		want = either
	}
	k := rel.Check{Kind: t.Kind, Negated: t.Negated, Node: c.plain(e, t.X, want), Name: t.Name}
	if k.Name == "" && len(c.as) > 0 {
		k.Name = c.as[len(c.as)-1]
	}
	if k.Name == "" {
		k.Name = checkWord(t.Kind) + " " + formatExpr(t.X)
	}
	return k
}

func (c *compiler) show(e *env, s *Show) {
	for _, name := range s.Names {
		if s.Hide {
			delete(c.shown, name)
			continue
		}
		if n, ok := c.lookup(e, &Name{s.At, name}).(nodeValue); ok && !c.isSet(n.id) {
			c.shown[name] = c.asPlain(argument(s.At), n)
		}
	}
}

func (c *compiler) call(e *env, i *Call) {
	v, ok := e.lookup(i.Name)
	p, isProc := v.(procedure)
	switch {
	case !ok:
		fail(i.Pos(), "the procedure '%s' is not defined%s", i.Name, didYouMean(i.Name, e.names))
	case !isProc:
		fail(i.Pos(), "'%s' is %s, not a procedure", i.Name, c.what(v))
	}
	c.step(i.At)
	c.depth++
	inner := p.env.snapshot()
	c.bindPattern(i.At, inner, p.param, c.eval(e, i.Arg))
	if i.As != "" {
		c.as = append(c.as, i.As)
		defer func() { c.as = c.as[:len(c.as)-1] }()
	}
	c.run(inner, p.body)
	c.depth--
}

func (c *compiler) forAll(e *env, f *ForAll) {
	var list []value
	switch v := liftTag(c.eval(e, f.X)).(type) {
	case emptyValue:
	case tagSet:
		for _, t := range v.tags {
			list = append(list, tagValue{v.enum, t})
		}
	case valueSet:
		list = v
	default:
		fail(f.X.Pos(), "forall over %s is not supported: the elements are not known while a model is compiled", c.what(v))
	}
	for _, v := range list {
		c.step(f.At)
		inner := e.snapshot()
		inner.vals[f.Var] = v
		c.run(inner, f.Body)
	}
}

func (c *compiler) matchIns(e *env, m *MatchIns) []Ins {
	v := c.eval(e, m.X)
	t, ok := v.(tagValue)
	if !ok {
		fail(m.X.Pos(), "match takes a tag here, not %s", c.what(v))
	}
	for _, k := range m.Cases {
		if k.Tag == t.name {
			return k.Body
		}
	}
	if !m.HasDefault {
		fail(m.Pos(), "no case for the tag '%s", t.name)
	}
	return m.Default
}

func (c *compiler) enum(e *env, i *Enum) {
	for _, t := range i.Tags {
		c.tags[t] = i.Name
	}
	c.enums[i.Name] = i.Tags
	c.bindTop(e, i.Name, newTagSet(i.Name, i.Tags))
}

// instructions makes the set of events of each tag that may occur.
func (c *compiler) instructions(e *env, i *Instructions) {
	if !slices.Contains(bellKinds, i.Kind) {
		fail(i.Pos(), "'%s' is no kind of events; they are %s", i.Kind, strings.Join(bellKinds, " "))
	}
	for _, x := range i.Args {
		v := liftTag(c.eval(e, x))
		set, ok := v.(tagSet)
		if !ok {
			fail(x.Pos(), "%s instead of a set of tags", c.what(v))
		}
		for _, t := range set.tags {
			name := rel.SetName(t)
			if _, bound := e.lookup(name); !bound {
				e.vals[name] = nodeValue{id: c.set(name)}
			}
		}
	}
}

// keys yields the keys of a map.
func keys[V any](m map[string]V) func(func(string) bool) { return maps.Keys(m) }
