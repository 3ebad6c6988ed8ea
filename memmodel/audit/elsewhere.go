package audit

import (
	"context"
	"errors"
	"slices"

	"crosscall/memmodel/check"
	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/csource"
	"crosscall/memmodel/internal/model"
)

// A Setup is a file to audit, as data for another process. It contains the text of the
// included files and of the models.
type Setup struct {
	File, Text string
	Scenarios  []packedScenario  `json:",omitempty"`
	Headers    map[string]string `json:",omitempty"`
	Models     []string
	ModelFiles map[string]string `json:",omitempty"`
	Check      check.Options
}

type packedScenario struct {
	Name    string
	Defines map[string]string `json:",omitempty"`
	Include []string          `json:",omitempty"`
	Kernel  string            `json:",omitempty"`
}

// Pack reads a file as Open does, and returns what another process needs to explore it
// under the models of o.
func Pack(name string, o Options, scenarios ...Scenario) (*Setup, error) {
	text, err := read(name)
	if err != nil {
		return nil, err
	}
	s := &Setup{File: name, Text: string(text), Headers: map[string]string{}, ModelFiles: map[string]string{}, Check: o.Check}
	if check.IsC(name) && len(scenarios) == 0 {
		scenarios = make([]Scenario, 1)
	}
	packed := slices.Clone(scenarios)
	for i, x := range scenarios {
		packed[i].Options = check.PackC(x.Options, s.Headers)
		s.Scenarios = append(s.Scenarios, packedScenario{x.Name, x.Options.Defines, x.Options.Include, x.Options.Kernel})
	}
	if _, err := parse(name, text, packed); err != nil {
		return nil, err
	}
	for _, m := range o.Models {
		s.Models = append(s.Models, m.Name)
		if err := check.PackModel(m.Name, s.ModelFiles); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// A Task is one exploration that an audit needs, as data.
type Task struct {
	Kind    TaskKind
	Program int // of Input.Programs
	Model   string
	Change  []Replacement `json:",omitempty"`
	Races   bool          `json:",omitempty"` // a data race breaks the promise, too
	Open    []graph.Pos   `json:",omitempty"` // of PassTask
}

// TaskKind is the question of a Task.
type TaskKind string

const (
	TryTask  TaskKind = "try"  // whether the promise is kept
	RaceTask TaskKind = "race" // whether there is a data race
	PassTask TaskKind = "pass" // which places some execution passes
)

// A Replacement puts another primitive at a place. "" removes the primitive.
type Replacement struct {
	At      graph.Pos
	Replace string
}

// An Answer is the answer to a Task.
type Answer struct {
	Trial Trial
	Left  []graph.Pos `json:",omitempty"` // the places of Task.Open that no execution passes
	Why   string      `json:",omitempty"` // why Left is not known for certain
	Error string      `json:",omitempty"`
}

// A Worker answers the tasks of a Setup. Several goroutines can use it at once.
type Worker struct {
	programs []Program
	models   map[string]*model.Model
	options  check.Options
}

// Worker returns a Worker for the tasks of s. It reads no files.
func (s *Setup) Worker() (*Worker, error) {
	var scenarios []Scenario
	for _, x := range s.Scenarios {
		o := csource.Options{Defines: x.Defines, Include: x.Include, Kernel: x.Kernel}
		scenarios = append(scenarios, Scenario{x.Name, check.UnpackC(o, s.Headers)})
	}
	in, err := parse(s.File, []byte(s.Text), scenarios)
	if err != nil {
		return nil, err
	}
	w := &Worker{programs: in.Programs, models: map[string]*model.Model{}, options: s.Check}
	for _, name := range s.Models {
		if w.models[name], err = check.UnpackModel(name, s.ModelFiles); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// prober makes a prober for a task.
func (w *Worker) prober(t *Task) (*prober, error) {
	m := w.models[t.Model]
	if m == nil || t.Program < 0 || t.Program >= len(w.programs) {
		return nil, errors.New("no such program or model is audited")
	}
	macros, err := table(m)
	if err != nil {
		return nil, err
	}
	p := newProber(w.programs[t.Program], m, macros, w.options)
	p.races = t.Races
	return p, nil
}

// Do answers a task. An error is in the answer.
func (w *Worker) Do(ctx context.Context, t *Task) *Answer {
	a, err := w.do(ctx, t)
	if err != nil {
		a.Error = err.Error()
	}
	return a
}

func (w *Worker) do(ctx context.Context, t *Task) (a *Answer, err error) {
	a = new(Answer)
	p, err := w.prober(t)
	if err != nil {
		return a, err
	}
	c := change{}
	for _, r := range t.Change {
		c[r.At] = r.Replace
	}
	test, err := p.compile(c)
	if err != nil {
		return a, err
	}
	switch t.Kind {
	case TryTask:
		a.Trial, err = p.explore(ctx, c, test, 1)
	case RaceTask:
		a.Trial, err = p.race(ctx, test, 1, nil)
	case PassTask:
		open := map[graph.Pos]*Finding{}
		for _, at := range t.Open {
			open[at] = nil
		}
		a.Why, err = p.pass(ctx, open)
		for _, at := range t.Open {
			if _, left := open[at]; left {
				a.Left = append(a.Left, at)
			}
		}
	}
	return a, err
}

// ask sends a task of p to another process.
func (p *prober) ask(ctx context.Context, kind TaskKind, c change, open []graph.Pos) (*Answer, error) {
	t := &Task{Kind: kind, Program: p.number, Model: p.model.Name, Races: p.races, Open: open}
	for at, name := range c {
		t.Change = append(t.Change, Replacement{at, name})
	}
	slices.SortFunc(t.Change, func(a, b Replacement) int { return comparePlaces(a.At, b.At) })
	a, err := p.elsewhere(ctx, t)
	if err == nil && a.Error != "" {
		err = errors.New(a.Error)
	}
	if a == nil {
		a = new(Answer)
	}
	return a, err
}
