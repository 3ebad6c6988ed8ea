package page

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// wasm is the package that is compiled for the static form.
const wasm = "crosscall/cmd/crosscall/internal/wasm"

// WriteStatic writes the static form of the page into a folder, which it makes. It takes
// the go command, and a checkout of crosscall in the working directory.
func WriteStatic(ctx context.Context, dir, version string) error {
	files, err := Files("wasm", version, "A check may take 1 GB of memory.")
	if err != nil {
		return err
	}
	if files["wasm_exec.js"], err = wasmExec(ctx); err != nil {
		return err
	}
	if files["checker.wasm.gz"], err = buildChecker(ctx); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o666); err != nil {
			return err
		}
	}
	return nil
}

// wasmExec is the script of the Go installation that runs WebAssembly.
func wasmExec(ctx context.Context) ([]byte, error) {
	root, err := run(exec.CommandContext(ctx, "go", "env", "GOROOT"))
	if err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js"))
}

// buildChecker compiles the checker to WebAssembly, packed.
func buildChecker(ctx context.Context) (packed []byte, err error) {
	dir, err := os.MkdirTemp("", "crosscall-wasm")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	file := filepath.Join(dir, "checker.wasm")
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", file, wasm)
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0")
	if _, err := run(build); err != nil {
		return nil, fmt.Errorf("the checker cannot be compiled to WebAssembly, which takes a checkout of crosscall as working directory: %w", err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(text); err != nil {
		return nil, err
	}
	err = z.Close()
	return b.Bytes(), err
}

// run runs a command; its error has what it printed on stderr.
func run(cmd *exec.Cmd) ([]byte, error) {
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args, " "), err, said.String())
	}
	return out, nil
}
