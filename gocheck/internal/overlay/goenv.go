package overlay

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
)

// Go stands for a go command: where it runs and with which environment.
type Go struct {
	Dir string
	Env []string // nil: that of this process
}

// Command is the go command with args.
func (g Go) Command(ctx context.Context, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, "go", args...)
	c.Dir, c.Env = g.Dir, g.Env
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

type goEnv struct{ GOROOT, GOVERSION, GOOS, GOARCH, GOEXPERIMENT string }

func (g Go) env(ctx context.Context) (e goEnv, err error) {
	out, err := g.Output(ctx, "env", "-json", "GOROOT", "GOVERSION", "GOOS", "GOARCH", "GOEXPERIMENT")
	if err != nil {
		return e, err
	}
	return e, json.Unmarshal(out, &e)
}

// listed is what go list says of a package.
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
