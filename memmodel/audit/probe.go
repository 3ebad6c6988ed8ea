package audit

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"crosscall/memmodel/check"
	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/explore"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/model"
	"crosscall/memmodel/internal/primitive"
	"crosscall/memmodel/internal/rel"
)

// An Outcome says whether a program keeps its promise.
type Outcome string

const (
	Keeps   Outcome = "keeps"   // in every execution
	Breaks  Outcome = "breaks"  // in some execution
	Unknown Outcome = "unknown" // not everything was explored, and nothing broke
)

// A Trial is one program that was explored.
type Trial struct {
	Replacement string // the primitive at the site; "" is none
	Outcome     Outcome
	Why         string // the reason of Unknown; of Breaks, if the program accesses no variable
	Flag        string // with Breaks: set if only this flag breaks the promise: "data-race"
	In          string // the scenario of Unknown or Breaks
	Vacuous     bool   // with Unknown: the program would hold, but in vain; Why has the reason
	Same        bool   // the program is the same: the replacement makes no difference to this model
	Elapsed     time.Duration
}

// A change has the primitives of some places of the source.
type change map[graph.Pos]string

// probers has a prober for each program of a file.
type probers []*prober

// try explores the programs with a change, up to the first that breaks its
// promise.
func (ps probers) try(ctx context.Context, c change, workers int) (Trial, error) {
	all := Trial{Outcome: Keeps, Same: true}
	for _, p := range ps {
		t, err := p.try(ctx, p.own(c), workers)
		if err != nil {
			return t, err
		}
		t.Elapsed += all.Elapsed
		t.Same = t.Same && all.Same
		switch {
		case t.Outcome == Breaks:
			return t, nil
		case all.Outcome == Unknown:
			all.Same, all.Elapsed = t.Same, t.Elapsed
		default:
			all = t
		}
	}
	return all, nil
}

// picture returns the execution that broke the promise in a trial.
func (ps probers) picture(ctx context.Context, c change, t Trial) (*graph.Execution, error) {
	for _, p := range ps {
		if p.Name == t.In {
			return p.picture(ctx, p.own(c), t)
		}
	}
	return nil, nil
}

// count is the number of variations that were explored.
func (ps probers) count() (n int) {
	for _, p := range ps {
		p.mu.Lock()
		n += p.tries
		p.mu.Unlock()
	}
	return n
}

// A prober explores variations of a program under one model.
type prober struct {
	Program
	sites   map[graph.Pos]bool
	model   *model.Model
	macros  *primitive.Macros
	options check.Options
	number  int // of Input.Programs
	// elsewhere, if not nil, does what takes long.
	elsewhere func(context.Context, *Task) (*Answer, error)
	races     bool // no execution has a data race, and that is promised

	mu    sync.Mutex
	known map[[sha256.Size]byte]Trial // by fingerprint
	as    [sha256.Size]byte           // fingerprint of the unchanged program
	tries int
}

func newProber(program Program, m *model.Model, macros *primitive.Macros, o check.Options) *prober {
	p := &prober{Program: program, model: m, macros: macros, options: o,
		sites: make(map[graph.Pos]bool), known: make(map[[sha256.Size]byte]Trial)}
	for _, s := range program.Source.Sites() {
		p.sites[s.Pos] = true
	}
	return p
}

// begin explores the unchanged program. If it keeps its promise and has no data
// race, the promise includes that from then on.
func (p *prober) begin(ctx context.Context, test *ir.Test, workers int) (Trial, error) {
	t, err := p.try(ctx, nil, workers)
	if err != nil || t.Outcome != Keeps || !flags(p.model) {
		return t, err
	}
	if canRace(test.Prog) {
		race, err := p.race(ctx, test, workers, nil)
		if err != nil {
			return t, err
		}
		if p.races = race.Outcome == Keeps; !p.races {
			t.Flag, t.In = race.Flag, p.Name
		}
		return t, nil
	}
	p.races = true
	return t, nil
}

// try explores the program with a change. Variations that are the same events on
// this machine, such as those without an smp_rmb on x86, are explored once.
func (p *prober) try(ctx context.Context, c change, workers int) (Trial, error) {
	test, err := p.compile(c)
	if err != nil {
		return Trial{}, err
	}
	key, err := fingerprint(test)
	if err != nil {
		return Trial{}, err
	}
	if t, ok := p.find(key); ok {
		return t, nil
	}
	begin := time.Now()
	t, err := p.explore(ctx, c, test, workers)
	if t.Outcome != Keeps {
		t.In = p.Name
	}
	t.Elapsed = time.Since(begin)
	if err != nil || ctx.Err() != nil {
		return t, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tries++
	p.known[key] = t
	return t, nil
}

func (p *prober) find(key [sha256.Size]byte) (Trial, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	t, ok := p.known[key]
	t.Same = key == p.as
	return t, ok
}

// own leaves out changes in code that the program does not have.
func (p *prober) own(c change) change {
	own := make(change, len(c))
	for at, name := range c {
		if p.sites[at] {
			own[at] = name
		}
	}
	return own
}

func (p *prober) compile(c change) (test *ir.Test, err error) {
	err = guard(func() (err error) {
		test, err = p.Source.Compile(p.macros, c)
		return err
	})
	return test, err
}

// explore explores the program with a change, which test is.
func (p *prober) explore(ctx context.Context, c change, test *ir.Test, workers int) (Trial, error) {
	if p.elsewhere != nil {
		a, err := p.ask(ctx, TryTask, c, nil)
		return a.Trial, err
	}
	o := p.options
	o.VerdictOnly, o.Workers = true, workers
	r := check.Run(ctx, test, p.model, o)
	t, err := judge(test, r)
	if err != nil || t.Outcome != Keeps || !p.races || !canRace(test.Prog) {
		return t, err
	}
	return p.race(ctx, test, workers, nil)
}

// judge derives the outcome for the promise from a result.
func judge(test *ir.Test, r *check.Result) (Trial, error) {
	bad := new(ir.BadAddress)
	switch {
	case errors.As(r.Err, &bad):
		return Trial{Outcome: Breaks, Why: bad.Error()}, nil
	case r.Verdict == check.Error:
		return Trial{}, r.Err
	case r.Verdict == check.Incomplete, r.Verdict == check.Vacuous:
		return Trial{Outcome: Unknown, Why: r.Reason, Vacuous: r.Verdict == check.Vacuous}, nil
	case r.Failure != nil && r.Failure.Kind == explore.Race:
		return Trial{Outcome: Breaks, Flag: check.RaceFlag}, nil
	case (r.Verdict == check.Holds) == seeks(test):
		return Trial{Outcome: Breaks}, nil
	}
	return Trial{Outcome: Keeps}, nil
}

// seeks reports whether a test's condition describes a state that must not be
// observed.
func seeks(t *ir.Test) bool { return !t.Safety && t.Quant == ir.Exists }

// canRace reports whether a program has plain accesses, which have no tags in
// any table. Without plain accesses there is no data race.
func canRace(p *ir.Program) bool {
	for i := range p.Threads {
		for _, in := range p.Threads[i].Instr {
			plain := in.Op == ir.Do && len(in.Tags) == 0 && (in.Kind == graph.Read || in.Kind == graph.Write)
			if plain || in.Op == ir.Free {
				return true
			}
		}
	}
	return false
}

// flags reports whether a model has flags, such as for data races.
func flags(m *model.Model) bool {
	return slices.ContainsFunc(m.Plan.Checks, func(c rel.Check) bool { return c.Flag })
}

// race looks for an execution with a data race, and calls found with it.
func (p *prober) race(ctx context.Context, test *ir.Test, workers int, found func(*graph.Execution)) (t Trial, err error) {
	if p.elsewhere != nil && found == nil {
		a, err := p.ask(ctx, RaceTask, nil, nil)
		return a.Trial, err
	}
	ctx, stop := p.options.Limit(ctx)
	defer stop()
	t.Outcome = Keeps
	stats, err := p.executions(ctx, test, workers, func(x *explore.Execution) error {
		list := x.Flags()
		if len(list) == 0 {
			return nil
		}
		t.Outcome, t.Flag = Breaks, list[0]
		if found != nil {
			found(x.Graph())
		}
		return explore.ErrStop
	})
	why, err := p.unfinished(ctx, stats, err)
	if why != "" {
		return Trial{Outcome: Unknown, Why: "whether there is a data race: " + why}, nil
	}
	return t, err
}

// picture returns the execution that broke the promise in a trial; nil if it
// cannot be drawn.
func (p *prober) picture(ctx context.Context, c change, t Trial) (g *graph.Execution, err error) {
	test, err := p.compile(c)
	if err != nil || t.Why != "" {
		return nil, err
	}
	if t.Flag != "" {
		_, err = p.race(ctx, test, 1, func(x *graph.Execution) { g = x })
		return g, err
	}
	o := p.options
	o.VerdictOnly, o.Picture = true, true
	r := check.Run(ctx, test, p.model, o)
	return r.Picture, r.Err
}

// fingerprint is the same for two tests that differ only in names, texts and
// places.
func fingerprint(t *ir.Test) (sum [sha256.Size]byte, err error) {
	list := []any{t.Cond, t.Filter, bareProgram(t)}
	for _, other := range t.Alternatives {
		list = append(list, bareProgram(other))
	}
	text, err := json.Marshal(list)
	return sha256.Sum256(text), err
}

// bareProgram is a program without texts and places.
func bareProgram(t *ir.Test) ir.Program {
	p := *t.Prog
	p.Threads = slices.Clone(p.Threads)
	for i := range p.Threads {
		bare(&p.Threads[i])
	}
	if p.Final != nil {
		f := *p.Final
		bare(&f)
		p.Final = &f
	}
	return p
}

func bare(t *ir.Thread) {
	t.Instr = slices.Clone(t.Instr)
	for i := range t.Instr {
		t.Instr[i].Text, t.Instr[i].Pos = "", graph.Pos{}
	}
}

// guard turns a panic into an error: a defect that shows in one variation must
// not lose the results of the others.
func guard(do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("internal error, please report it with this program: %v\n%s", p, debug.Stack())
		}
	}()
	return do()
}
