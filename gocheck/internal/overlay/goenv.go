package overlay

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Go is a go command, with its folder and with variables that are added to the
// environment of this process.
type Go struct {
	Tool string // empty: go, as found in PATH
	Dir  string
	Env  []string
}

// Command is the go command with args.
func (g Go) Command(ctx context.Context, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, cmp.Or(g.Tool, "go"), args...)
	c.Dir = g.Dir
	c.Env = append(c.Environ(), g.Env...)
	return c
}

// Output runs the go command, and returns what it prints.
func (g Go) Output(ctx context.Context, args ...string) ([]byte, error) {
	c := g.Command(ctx, args...)
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Run(); err != nil {
		return nil, fmt.Errorf("go %s: %w\n%s", args[0], err, strings.TrimSpace(errs.String()))
	}
	return out.Bytes(), nil
}

type goEnv struct{ GOROOT, GOVERSION, GOOS, GOARCH, GOEXPERIMENT, GOMODCACHE, GOFLAGS string }

func (g Go) env(ctx context.Context) (e goEnv, err error) {
	out, err := g.Output(ctx, "env", "-json", "GOROOT", "GOVERSION", "GOOS", "GOARCH", "GOEXPERIMENT", "GOMODCACHE", "GOFLAGS")
	if err != nil {
		return e, err
	}
	return e, json.Unmarshal(out, &e)
}

// listed is the output of go list for a package.
type listed struct {
	ImportPath, Dir string
	GoFiles         []string
}

// standard has the packages of the standard library.
func (g Go) standard(ctx context.Context) (map[string]listed, error) {
	out, err := g.Output(ctx, "list", "-json=ImportPath,Dir,GoFiles", "std")
	if err != nil {
		return nil, err
	}
	std := map[string]listed{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return std, nil
		} else if err != nil {
			return nil, err
		}
		std[p.ImportPath] = p
	}
}

// outside is g with its standard library outside of the module cache, by a
// symbolic link below dir. A Go that the go command has downloaded is in the
// module cache, where an overlay cannot replace files.
func (g Go) outside(env goEnv, dir string) (Go, goEnv, error) {
	if env.GOMODCACHE == "" || !strings.HasPrefix(env.GOROOT, env.GOMODCACHE+string(filepath.Separator)) {
		return g, env, nil
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return g, env, err
	}
	link := filepath.Join(dir, filepath.Base(env.GOROOT))
	if err := os.Symlink(env.GOROOT, link); err != nil && !errors.Is(err, os.ErrExist) {
		return g, env, err
	}
	g.Tool = filepath.Join(link, "bin", "go")
	g.Env = append(g.Env, "GOROOT="+link, "GOTOOLCHAIN=local")
	env.GOROOT = link
	return g, env, nil
}
