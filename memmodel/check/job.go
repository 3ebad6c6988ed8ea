package check

import (
	"context"
	"io/fs"
	"os"
	"sync"
	"time"

	"crosscall/memmodel/internal/csource"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/model"
)

// A Setup is what the jobs of a run have in common, as data that another process can use.
// That process reads no file: a model that is no shipped one travels by content.
type Setup struct {
	Models  []string          // names, as for LoadModel
	Files   map[string]string `json:",omitempty"` // what models are made of, by name
	Default bool              `json:",omitempty"` // a file has the model that DefaultModel says
	Defines map[string]string `json:",omitempty"`
	Include []string          `json:",omitempty"`
	Kernel  string            `json:",omitempty"`

	Bound       int           `json:",omitempty"`
	Timeout     time.Duration `json:",omitempty"`
	Memory      int64         `json:",omitempty"`
	VerdictOnly bool          `json:",omitempty"`
	NoSymmetry  bool          `json:",omitempty"`
	Picture     bool          `json:",omitempty"`
	KeepStates  bool          `json:",omitempty"`
}

// A Job is a file to check, as data, with all that it includes.
type Job struct {
	Path, Rel string
	Source    []byte
	Files     map[string]string `json:",omitempty"` // what it includes, by the name under which it is found
	// RaceFree, if not nil, is in place of what the program itself says: whether a data race
	// is a failure.
	RaceFree *bool `json:",omitempty"`
}

// Setup is what the jobs of b have in common.
func (b *Batch) Setup() (*Setup, error) {
	s := &Setup{
		Default: b.Default, Defines: b.C.Defines, Include: b.C.Include, Kernel: b.C.Kernel,
		Bound: b.Options.Bound, Timeout: b.Options.Timeout, Memory: b.Options.Memory,
		VerdictOnly: b.Options.VerdictOnly, NoSymmetry: b.Options.NoSymmetry, Picture: b.Options.Picture, KeepStates: b.KeepStates,
		Files: map[string]string{},
	}
	for _, m := range b.Models {
		s.Models = append(s.Models, m.Name)
		if err := PackModel(m.Name, s.Files); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// PackModel adds the files that a model is made of, by name: none of one that is shipped.
func PackModel(name string, files map[string]string) error {
	_, err := model.LoadFrom(recording(os.ReadFile, files), name)
	return err
}

// UnpackModel is LoadModel from files that PackModel packed.
func UnpackModel(name string, files map[string]string) (*Model, error) {
	return model.LoadFrom(only(files), name)
}

// PackC has what a C source includes packed into files, by name, when it is parsed with the
// options that are returned.
func PackC(o COptions, files map[string]string) COptions {
	given := o.Files
	o.Files = nil
	o.Disk = recording(func(name string) ([]byte, error) {
		if given != nil {
			if src, err := fs.ReadFile(given, name); err == nil {
				return src, nil
			}
		}
		return csource.ReadFile(name)
	}, files)
	return o
}

// UnpackC are options to parse a C source with files that PackC packed, and no others.
func UnpackC(o COptions, files map[string]string) COptions {
	o.Disk = only(files)
	return o
}

// recording is read, and notes what is read.
func recording(read func(string) ([]byte, error), into map[string]string) func(string) ([]byte, error) {
	var mu sync.Mutex
	return func(name string) ([]byte, error) {
		src, err := read(name)
		if err == nil {
			mu.Lock()
			into[name] = string(src)
			mu.Unlock()
		}
		return src, err
	}
}

// only reads from files that are there, and no disk.
func only(files map[string]string) func(string) ([]byte, error) {
	return func(name string) ([]byte, error) {
		src, ok := files[name]
		if !ok {
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		}
		return []byte(src), nil
	}
}

// Job is one of b's files with what it includes. What cannot be read is an error.
func (b *Batch) Job(f File) (*Job, error) {
	src, err := f.Read()
	if err != nil {
		return nil, err
	}
	return NewJob(f, src, b.C), nil
}

// Unread is the row of a file that cannot be read.
func (b *Batch) Unread(f File, err error) *Row {
	row := &Row{File: f}
	for _, m := range b.Models {
		row.Results = append(row.Results, (&Result{File: f.Path, Model: m.Name}).fail(err))
	}
	return row
}

// NewJob is a job of a source. What it includes is found out by parsing it, if it
// may include anything.
func NewJob(f File, src []byte, c COptions) *Job {
	j := &Job{Path: f.Path, Rel: f.Rel, Source: src}
	if !isC(f.Path) && f.Path != Stdin || !csource.MayRead(f.Path, src, c) {
		return j
	}
	j.Files = map[string]string{}
	c = PackC(c, j.Files)
	_, _ = parse(f.Path, src, c) // what is wrong with it is found again where it is checked
	return j
}

// A Checker runs jobs of a Setup. Many goroutines can use one.
type Checker struct {
	batch   Batch
	targets []target
}

// Checker makes s ready.
func (s *Setup) Checker() (*Checker, error) {
	c := new(Checker)
	b := &c.batch
	b.Options = Options{Bound: s.Bound, Timeout: s.Timeout, Memory: s.Memory, VerdictOnly: s.VerdictOnly, NoSymmetry: s.NoSymmetry, Picture: s.Picture}
	b.KeepStates, b.Default = s.KeepStates, s.Default
	b.C = csource.Options{Defines: s.Defines, Include: s.Include, Kernel: s.Kernel}
	for _, name := range s.Models {
		m, err := UnpackModel(name, s.Files)
		if err != nil {
			return nil, err
		}
		b.Models = append(b.Models, m)
	}
	var err error
	c.targets, err = b.targets()
	return c, err
}

// Models is how many results a row has.
func (c *Checker) Models() int { return len(c.batch.Models) }

// An Input is a job that was read.
type Input struct {
	job     *Job
	file    File
	in      input
	stopped string  // a limit was reached before it was read
	own     *target // nil, or the one in place of all models
	err     error
}

// Read reads the source of a job. What is wrong with it is in the results.
func (c *Checker) Read(ctx context.Context, j *Job) *Input {
	x := &Input{job: j, file: File{j.Path, j.Rel}}
	o := UnpackC(c.batch.C, j.Files)
	x.in, x.stopped, x.err = parseWithin(ctx, c.batch.Options, j.Path, j.Source, o)
	if c.batch.Default && x.stopped == "" && x.err == nil && x.in.own() != "" {
		t, err := c.batch.ownTarget(x.in.own())
		x.own, x.err = &t, err
	}
	return x
}

// Said is the file's own comment on its result.
func (x *Input) Said() string {
	if x.stopped != "" || x.err != nil {
		return ""
	}
	return x.in.said()
}

// target is number k of the models, for an input.
func (c *Checker) target(x *Input, k int) target {
	if x.own != nil && x.err == nil {
		return *x.own
	}
	return c.targets[k]
}

// compile is the test that an input is under number k of the models.
func (c *Checker) compile(x *Input, k int) (*ir.Test, error) {
	test, err := compile(x.in, c.target(x, k).model)
	if err == nil && x.job.RaceFree != nil {
		test.RaceFree = *x.job.RaceFree
	}
	return test, err
}

// Check checks an input under number k of the models, all of it.
func (c *Checker) Check(ctx context.Context, x *Input, k int) *Result {
	t := c.target(x, k)
	r := &Result{File: x.file.Path, Model: t.model.Name}
	switch {
	case x.stopped != "":
		return r.stopped(x.stopped)
	case x.err != nil:
		return r.fail(x.err)
	case x.job.RaceFree == nil:
		return c.batch.resultWith(ctx, x.file, x.in, t, c.options())
	}
	test, err := c.compile(x, k)
	if err != nil {
		return r.fail(err)
	}
	return Run(ctx, test, t.model, c.options())
}

func (c *Checker) options() Options {
	o := c.batch.Options
	o.Workers = 1
	return o
}
