// Package page is the page of "crosscall serve": what it can ask and what it is answered,
// as JSON, and its files. The served form answers over HTTP, the static form from
// WebAssembly in the browser; both run Answer.
package page

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"sync"
	"time"

	"crosscall/memmodel/check"
	"crosscall/proofs"
)

// A Request is what the page asks.
type Request struct {
	Do     string   `json:"do"`     // "check" or "audit"
	File   string   `json:"file"`   // a name without folders: *.c is C, all else a litmus test
	Source string   `json:"source"` // its text
	Models []string `json:"models"` // names of built-in ones; with Cat, none is fine
	// Cat is the text of a model of the reader's own, which is added to Models.
	Cat     string            `json:"cat,omitempty"`
	Defines map[string]string `json:"defines,omitempty"` // for C
	Bound   int               `json:"bound,omitempty"`   // as check.Options has it
	All     bool              `json:"all,omitempty"`     // pictures leave nothing out
}

// Limits bound what a request may take.
type Limits struct {
	Timeout time.Duration // for all models together; 0 is none
	Memory  int64         // of this process, in bytes; 0 is none
	Workers int           // goroutines; 0 is one
}

// Bounds on requests. A larger request was not written by a person.
const (
	MaxSource  = 256 << 10 // bytes, of Source and of Cat
	maxModels  = 12
	maxDefines = 20
	maxBound   = 1000
	ownModel   = "own.cat" // the name of what Cat says
)

var (
	fileName  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,99}$`) })
	macroName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z_][A-Za-z_0-9]{0,60}$`) })
)

// validate says what is wrong with r. Nothing of it may lead to a file.
func (r *Request) validate() error {
	switch {
	case r.Do != "check" && r.Do != "audit":
		return fmt.Errorf("do: %q is neither check nor audit", r.Do)
	case !fileName().MatchString(r.File):
		return fmt.Errorf("file: %q is no name of letters, digits and . _ + -", r.File)
	case len(r.Source) > MaxSource || len(r.Cat) > MaxSource:
		return fmt.Errorf("the source has more than %d bytes", MaxSource)
	case r.Bound < 0 || r.Bound > maxBound:
		return fmt.Errorf("bound: %d is not from 0 to %d", r.Bound, maxBound)
	case len(r.Models) > maxModels || len(r.Models) == 0 && r.Cat == "":
		return fmt.Errorf("models: choose from 1 to %d", maxModels)
	case len(r.Defines) > maxDefines:
		return fmt.Errorf("defines: more than %d", maxDefines)
	}
	for _, name := range r.Models {
		if !slices.Contains(check.ModelNames(), name) {
			return fmt.Errorf("models: there is no model %q", name)
		}
	}
	for name, value := range r.Defines {
		if !macroName().MatchString(name) || len(value) > 200 {
			return fmt.Errorf("defines: %q is no name of a macro, or has a long value", name)
		}
	}
	return nil
}

// models loads the models that r names, and its own.
func (r *Request) models() (list []*check.Model, err error) {
	for _, name := range r.Models {
		m, err := check.LoadModel(name)
		if err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	if r.Cat != "" {
		m, err := check.ParseModel(ownModel, []byte(r.Cat))
		if err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	return list, nil
}

// nothing is a disk without files.
func nothing(string) ([]byte, error) { return nil, fs.ErrNotExist }

// c says how C is read: it can include the headers of the review's protocol, and no file
// of the disk.
func (r *Request) c() check.COptions {
	return check.COptions{Defines: r.Defines, Files: proofs.Files(), Disk: nothing}
}
