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

// A Setup has the options and models that all jobs of a run share, as data for another
// process. That process reads no files, so a Setup contains the text of a model that is not
// shipped.
type Setup struct {
	Models  []string          // names, as for LoadModel
	Files   map[string]string `json:",omitempty"` // the text of model files, by name
	Default bool              `json:",omitempty"` // each file is checked under its own model, as DefaultModel chooses it
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

// A Job is a file to check, as data, with the files that it includes.
type Job struct {
	Path, Rel string
	Source    []byte
	Files     map[string]string `json:",omitempty"` // the text of included files, by name
	// RaceFree, if not nil, says whether a data race is a failure. It overrides the program.
	RaceFree *bool `json:",omitempty"`
}

// Setup returns the options and models of b.
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

// PackModel adds the text of a model's files to files, by name. It adds nothing for a
// shipped model.
func PackModel(name string, files map[string]string) error {
	_, err := model.LoadFrom(recording(os.ReadFile, files), name)
	return err
}

// UnpackModel is LoadModel from files that PackModel packed.
func UnpackModel(name string, files map[string]string) (*Model, error) {
	return model.LoadFrom(only(files), name)
}

// PackC returns options for parsing a C source. Parsing adds the text of each included file
// to files, by name.
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

// UnpackC returns options for parsing a C source with only the files that PackC added.
func UnpackC(o COptions, files map[string]string) COptions {
	o.Disk = only(files)
	return o
}

// recording returns a function that reads as read does, and adds each text to into.
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

// only returns a function that reads from files, and never from disk.
func only(files map[string]string) func(string) ([]byte, error) {
	return func(name string) ([]byte, error) {
		src, ok := files[name]
		if !ok {
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		}
		return []byte(src), nil
	}
}

// Job reads one of b's files and the files that it includes.
func (b *Batch) Job(f File) (*Job, error) {
	src, err := f.Read()
	if err != nil {
		return nil, err
	}
	return NewJob(f, src, b.C), nil
}

// Unread returns the row of a file that cannot be read.
func (b *Batch) Unread(f File, err error) *Row {
	row := &Row{File: f}
	for _, m := range b.Models {
		row.Results = append(row.Results, (&Result{File: f.Path, Model: m.Name}).fail(err))
	}
	return row
}

// NewJob makes a job of a source. It parses a source that may include files, to find them.
func NewJob(f File, src []byte, c COptions) *Job {
	j := &Job{Path: f.Path, Rel: f.Rel, Source: src}
	if !IsC(f.Path) && f.Path != Stdin || !csource.MayRead(f.Path, src, c) {
		return j
	}
	j.Files = map[string]string{}
	c = PackC(c, j.Files)
	_, _ = parse(f.Path, src, c) // an error in it is found again where it is checked
	return j
}

// A Checker runs jobs of a Setup. Many goroutines can use one.
type Checker struct {
	batch   Batch
	targets []target
}

// Checker returns a Checker for jobs of s.
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

// Models returns the number of results of a row.
func (c *Checker) Models() int { return len(c.batch.Models) }

// An Input is a job whose source was parsed.
type Input struct {
	job     *Job
	file    File
	in      input
	stopped string  // a limit was reached before it was read
	own     *target // if not nil, it replaces all models
	err     error
}

// Read parses the source of a job. Errors are in the results of the Input.
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

// Said returns the result that the file itself promises, in a comment.
func (x *Input) Said() string {
	if x.stopped != "" || x.err != nil {
		return ""
	}
	return x.in.said()
}

// target returns model number k for an input.
func (c *Checker) target(x *Input, k int) target {
	if x.own != nil && x.err == nil {
		return *x.own
	}
	return c.targets[k]
}

// compile returns the test of an input under model number k.
func (c *Checker) compile(x *Input, k int) (*ir.Test, error) {
	test, err := compile(x.in, c.target(x, k).model)
	if err == nil && x.job.RaceFree != nil {
		test.RaceFree = *x.job.RaceFree
	}
	return test, err
}

// Check checks an input under model number k, in one exploration.
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
