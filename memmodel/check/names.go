package check

import (
	"io/fs"

	"crosscall/memmodel/internal/csource"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/model"
)

// A Model is a memory model with its table of primitives.
type Model = model.Model

// LoadModel returns a model: one that is shipped, by name (see ModelNames), or one in
// a file: a cat file, or a configuration in herd's language, such as the kernel's
// linux-kernel.cfg. A model is shared: its fields must not be changed.
func LoadModel(name string) (*Model, error) { return model.Load(name) }

// ParseModel returns the model of a cat file, NAME.cat, that is in memory. Files that it includes are
// looked for in the part of herd7's library that is built in, and not on the disk. Errors have a place
// in the file.
func ParseModel(name string, src []byte) (*Model, error) {
	unread := true
	return model.LoadFrom(func(file string) ([]byte, error) {
		if file == name && unread {
			unread = false
			return src, nil
		}
		return nil, fs.ErrNotExist
	}, name)
}

// ModelNames returns the names of the shipped models, LKMM first.
func ModelNames() []string { return model.Names() }

// A Test is a program with its condition.
type Test = ir.Test

// A CSource is a C program that was read. It can be compiled with the table of any model.
type CSource = csource.Source

// COptions says how C is read: macros, and where headers are.
type COptions = csource.Options

// ParseC reads a C program.
func ParseC(file string, src []byte, o COptions) (*CSource, error) {
	return csource.Parse(file, src, o)
}
