package run

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"crosscall/memmodel/check"
	"crosscall/memmodel/native"
)

// A Report is the result of a test: the states that were seen, and whether a model allows them.
type Report struct {
	File      string `json:"file"`
	Test      string `json:"test"`
	Arch      string `json:"arch"`
	Kind      string `json:"kind"` // Allowed, Forbidden or Required, as herd7 says it
	Condition string `json:"condition"`

	States    []State `json:"states"` // that were seen; with a model, also those that it allows
	Instances int64   `json:"instances"`
	Positive  int64   `json:"positive"` // the condition's proposition is true
	Negative  int64   `json:"negative"`
	Slices    int     `json:"slices"`
	Thrown    int     `json:"thrown"` // slices that were interrupted
	Late      int     `json:"late"`
	Delay     int64   `json:"delay"` // ticks, in the end
	Seconds   float64 `json:"seconds"`

	Model     string `json:"model,omitempty"`
	Complete  bool   `json:"complete"` // the test has run to its end, and the model's states are known
	Reason    string `json:"reason,omitempty"`
	Allowed   int    `json:"allowed"` // states that the model allows
	Seen      int    `json:"seen"`    // and that were seen
	Forbidden int    `json:"forbidden"`

	Unfenced *Unfenced `json:"unfenced,omitempty"`

	Status Status `json:"status"`
	Err    string `json:"error,omitempty"`
}

// A State is a final state.
type State struct {
	State string `json:"state"`
	Count int64  `json:"count"`
	Holds bool   `json:"holds"`           // the condition's proposition is true; not known of what was not seen
	Model string `json:"model,omitempty"` // "allowed, seen", "allowed, not seen" or "FORBIDDEN, SEEN"
}

// Unfenced says how often a variant of the test without its fences shows what the test does
// not. If it does not either, that the test does not says nothing.
type Unfenced struct {
	Removed   []string `json:"removed"` // fences and accesses that were weakened; nil: there are none, and no variant
	Instances int64    `json:"instances"`
	Shown     int64    `json:"shown"`
	PerSecond float64  `json:"per_second"`
}

// Status says what kind of report it is.
type Status string

const (
	Fine         Status = "fine"         // nothing that the model forbids was seen
	Contradicted Status = "contradicted" // something was
	Unfinished   Status = "unfinished"   // interrupted, or the model's states are not known; Reason
	NotRun       Status = "not run"      // this machine cannot; Reason
	Wrong        Status = "error"        // Err
)

const (
	allowedSeen    = "allowed, seen"
	allowedNotSeen = "allowed, not seen"
	forbiddenSeen  = "FORBIDDEN, SEEN"
)

// Test runs a test. model, if not nil, is asked what it allows; limits are its limits.
func (m *Machine) Test(ctx context.Context, f check.File, o Options, model *check.Model, limits check.Options, progress func(*Report)) *Report {
	r := &Report{File: f.Path, Test: f.Path, Arch: string(m.Arch)}
	if err := m.test(ctx, f, o, model, limits, r, progress); err != nil {
		r.failed(err)
	}
	return r
}

func (m *Machine) test(ctx context.Context, f check.File, o Options, model *check.Model, limits check.Options, r *Report, progress func(*Report)) error {
	src, err := f.Read()
	if err != nil {
		return err
	}
	t, err := native.Load(f.Path, src, m.Arch)
	if err != nil {
		return err
	}
	r.Test, r.Kind, r.Condition = t.Name, t.Kind(), t.Condition()
	result, err := m.Run(ctx, t, o, func(now *Result) {
		if progress != nil {
			r.Instances, r.Slices = now.Instances, now.Slices
			progress(r)
		}
	})
	if err != nil {
		return err
	}
	r.take(result)
	if ctx.Err() != nil {
		r.Reason = "interrupted"
	}
	if model != nil {
		if err := r.compare(ctx, f.Path, src, model, limits); err != nil {
			return err
		}
	}
	if ctx.Err() == nil && r.shown(result) == 0 && result.Instances > 0 {
		if r.Unfenced, err = m.unfenced(ctx, t, o, r); err != nil {
			return err
		}
	}
	r.conclude()
	return nil
}

func (r *Report) take(result *Result) {
	for _, o := range result.Outcomes {
		r.States = append(r.States, State{State: o.State, Count: o.Count, Holds: o.Holds})
	}
	r.Instances, r.Positive, r.Negative = result.Instances, result.Positive, result.Instances-result.Positive
	r.Slices, r.Thrown, r.Late, r.Seconds = result.Slices, result.Thrown, result.Late, result.Elapsed.Seconds()
	r.Delay = result.Delay
}

// shown is how often a run has shown what decides the condition.
func (r *Report) shown(result *Result) int64 {
	if r.Kind == "Required" {
		return result.Instances - result.Positive
	}
	return result.Positive
}

// compare puts what a model allows beside what was seen.
func (r *Report) compare(ctx context.Context, name string, src []byte, model *check.Model, limits check.Options) error {
	r.Model = model.Name
	test, err := check.Compile(name, src, model)
	if err != nil {
		return err
	}
	found := check.Run(ctx, test, model, limits)
	if found.Err != nil {
		return found.Err
	}
	if !found.Complete {
		r.Reason = fmt.Sprintf("the states of %s are not known: %s", model.Name, found.Reason)
	}
	seen := map[string]State{}
	for _, s := range r.States {
		seen[s.State] = s
	}
	r.States = nil
	for line := range found.FinalStates() {
		r.Allowed++
		s, ok := seen[string(line)]
		if ok {
			r.Seen++
			s.Model = allowedSeen
		} else {
			s = State{State: string(line), Model: allowedNotSeen}
		}
		delete(seen, s.State)
		r.States = append(r.States, s)
	}
	r.others(seen, found.Complete)
	return nil
}

// others adds what was seen and not found under the model: if all was found, it is forbidden.
func (r *Report) others(seen map[string]State, complete bool) {
	for _, text := range slices.Sorted(maps.Keys(seen)) {
		s := seen[text]
		if complete {
			s.Model = forbiddenSeen
			r.Forbidden++
		}
		r.States = append(r.States, s)
	}
}

func (m *Machine) unfenced(ctx context.Context, t *native.Test, o Options, r *Report) (*Unfenced, error) {
	bare, removed := t.Unfenced()
	if len(removed) == 0 {
		return &Unfenced{}, nil
	}
	result, err := m.Run(ctx, bare, o, nil)
	if err != nil {
		return nil, err
	}
	return &Unfenced{removed, result.Instances, r.shown(result), rate(r.shown(result), result.Elapsed)}, nil
}

func rate(n int64, d time.Duration) float64 {
	if d <= 0 {
		return 0
	}
	return float64(n) / d.Seconds()
}

func (r *Report) conclude() {
	r.Complete = r.Reason == ""
	switch {
	case r.Forbidden > 0:
		r.Status = Contradicted
	case !r.Complete:
		r.Status = Unfinished
	case r.Instances == 0:
		r.Status, r.Complete, r.Reason = Unfinished, false, "every slice was interrupted: the machine is too busy"
	default:
		r.Status = Fine
	}
}

// failed says why a test has not run.
func (r *Report) failed(err error) {
	var few *TooFewCPUs
	var refused *native.Refused
	r.States = nil
	if errors.As(err, &few) || errors.As(err, &refused) {
		r.Status, r.Reason = NotRun, err.Error()
		return
	}
	r.Status, r.Err = Wrong, err.Error()
}

// Observation is herd7's word for how often the condition's proposition was true.
func (r *Report) Observation() string {
	switch {
	case r.Positive == 0:
		return "Never"
	case r.Negative == 0:
		return "Always"
	}
	return "Sometimes"
}

// Validated reports whether the condition holds of what was seen.
func (r *Report) Validated() bool {
	switch r.Kind {
	case "Forbidden":
		return r.Positive == 0
	case "Required":
		return r.Negative == 0
	}
	return r.Positive > 0
}
