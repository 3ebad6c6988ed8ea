package gotest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"

	"crosscall/gocheck/internal/overlay"
)

// A pkg is a package whose tests are explored.
type pkg struct {
	ImportPath, Dir           string
	Standard                  bool
	TestGoFiles, XTestGoFiles []string
	Imports                   []string
	TestImports, XTestImports []string
	Error                     *struct{ Err string }
}

func (p *pkg) hasTests() bool { return len(p.TestGoFiles)+len(p.XTestGoFiles) > 0 }

// list resolves patterns as go test does.
func list(ctx context.Context, g overlay.Go, o *Options, patterns []string) ([]*pkg, error) {
	args := append([]string{"list", "-e", "-json=ImportPath,Dir,Standard,TestGoFiles,XTestGoFiles,Imports,TestImports,XTestImports,Error"}, o.buildFlags()...)
	out, err := g.Output(ctx, append(append(args, "--"), patterns...)...)
	if err != nil {
		return nil, err
	}
	var list []*pkg
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		p := new(pkg)
		if err := d.Decode(p); errors.Is(err, io.EOF) {
			return list, nil
		} else if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
}

func (o *Options) buildFlags() (f []string) {
	if o.Tags != "" {
		f = append(f, "-tags="+o.Tags)
	}
	if o.Mod != "" {
		f = append(f, "-mod="+o.Mod)
	}
	return f
}
