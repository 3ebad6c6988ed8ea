// Package overlay makes the overlay with which the go command compiles the
// explorer, and hooks that report to it, into the standard library of a test.
// Hooks are added by the name and the signature of functions: a version of Go
// that does not have these is refused.
package overlay

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"crosscall/gocheck/internal"
)

//go:embed *.go std explorer.pgo
var self embed.FS

// known are the versions of Go whose standard library was reviewed.
var known = []string{"go1.25", "go1.26", "go1.27"}

// An Overlay is on disk, for the go command's flag -overlay.
type Overlay struct {
	File string // the overlay's JSON
	Go   Go     // the go command to use it with

	Standard map[string]bool // the packages of the standard library
	Profile  string          // by which the compiler optimizes the packages of Profiled
	GoFlags  string          // GOFLAGS, of the environment or of go env -w
}

// Profiled are the packages that take most of the time of an exploration. explorer.pgo is
// a profile of them, made in gocheck/gotest/testdata/speed by
//
//	crosscall gotest -args -test.cpuprofile=../../../internal/overlay/explorer.pgo
var Profiled = []string{there + "hook", there + "sched"}

const profileFile = "explorer.pgo"

// Make returns the overlay for the go command g, from the cache below dir if it
// is there.
func Make(ctx context.Context, g Go, dir string) (*Overlay, error) {
	env, err := g.env(ctx)
	if err != nil {
		return nil, err
	}
	if !isKnown(env.GOVERSION) {
		return nil, fmt.Errorf("%s is not a version of Go that this program knows: it knows %s; set GOTOOLCHAIN to one of them",
			env.GOVERSION, strings.Join(known, ", "))
	}
	name := fmt.Sprintf("%s-%s-%s-%s", env.GOVERSION, env.GOOS, env.GOARCH, fingerprint(env))
	if g, env, err = g.outside(env, dir); err != nil {
		return nil, err
	}
	dir = filepath.Join(dir, name)
	o := &Overlay{File: filepath.Join(dir, "overlay.json"), Go: g, Standard: map[string]bool{}, Profile: filepath.Join(dir, profileFile), GoFlags: env.GOFLAGS}
	if names, err := os.ReadFile(filepath.Join(dir, standardFile)); err == nil {
		return o.knows(string(names)), nil
	}
	std, err := g.standard(ctx)
	if err != nil {
		return nil, err
	}
	files, err := generate(env, std)
	if err != nil {
		return nil, fmt.Errorf("the standard library of %s is not as expected (known versions: %s): %w", env.GOVERSION, strings.Join(known, ", "), err)
	}
	names := strings.Join(append(slices.Sorted(maps.Keys(std)), own...), "\n")
	return o.knows(names), write(dir, env, files, names)
}

// standardFile has the names of the standard library's packages.
const standardFile = "standard"

func (o *Overlay) knows(names string) *Overlay {
	for p := range strings.SplitSeq(names, "\n") {
		o.Standard[p] = true
	}
	return o
}

func isKnown(version string) bool {
	return slices.ContainsFunc(known, func(k string) bool {
		rest, ok := strings.CutPrefix(version, k)
		return ok && (rest == "" || rest[0] < '0' || rest[0] > '9')
	})
}

// fingerprint is a hash of this generator, the files that it adds, and the place of
// Go.
func fingerprint(env goEnv) string {
	h := sha256.New()
	fmt.Fprintln(h, env.GOROOT, env.GOEXPERIMENT)
	for _, fsys := range []fs.FS{self, internal.Sources} {
		// Reading an embedded file cannot fail.
		_ = fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := fs.ReadFile(fsys, name)
			fmt.Fprintf(h, "%s %x\n", name, sha256.Sum256(data))
			return err
		})
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// generate makes the files, by their path below GOROOT/src.
func generate(env goEnv, std map[string]listed) (map[string][]byte, error) {
	files := map[string][]byte{}
	err := errors.Join(
		embedSources(files, std),
		changePackage(files, std["runtime"], runtimeHooks, "std/runtime.go.txt", changeRuntime),
		changePackage(files, std["sync"], syncHooks, "std/sync.go.txt", importSys),
		changePackage(files, std["sync/atomic"], atomicHooks, "std/atomic.go.txt", changeAtomic),
		reportMapReads(files, std["internal/runtime/maps"]),
		changePackage(files, std["internal/race"], raceHooks, "std/race.go.txt", enableRace),
		changePackage(files, std["os"], osHooks, "std/os.go.txt", nil),
		changePackage(files, std["flag"], flagHooks, "std/flag.go.txt", nil),
		changePackage(files, std["log/slog"], nil, "std/slog.go.txt", changeSlog),
		changeSyscall(env, files, std["syscall"]),
		changePackage(files, std["testing"], testingHooks, "std/testing.go.txt", changeTesting),
	)
	if err != nil {
		return nil, err
	}
	extra := "std/testing_1.26.go.txt"
	if strings.HasPrefix(env.GOVERSION, "go1.25") {
		extra = "std/testing_1.25.go.txt"
	}
	for name, from := range map[string]string{
		"testing/crosscall_import.go":    extra,
		"runtime/crosscall_callers.go":   "std/callers.go.txt",
		"runtime/crosscall_state.go":     "std/state.go.txt",
		"runtime/crosscall_strangers.go": "std/strangers.go.txt",
	} {
		if files[name], err = self.ReadFile(from); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// changePackage puts the hooks into a package, and adds the file that they use.
func changePackage(files map[string][]byte, p listed, hooks []hook, added string, change func(*source) error) error {
	s, err := parsePackage(p)
	if err != nil {
		return err
	}
	for _, h := range hooks {
		err = errors.Join(err, s.insert(h))
	}
	if change != nil {
		err = errors.Join(err, change(s))
	}
	if err != nil {
		return err
	}
	for _, f := range s.files {
		if len(f.edits) > 0 {
			files[path.Join(s.path, f.name)] = f.result()
		}
	}
	if s.path == "sync/atomic" {
		files["sync/atomic/asm.s"] = []byte("// The functions have bodies.\n")
	}
	if files[path.Join(s.path, "crosscall.go")], err = self.ReadFile(added); err != nil {
		return err
	}
	ops, err := fs.ReadFile(internal.Sources, "hook/ops.go")
	files[path.Join(s.path, "crosscall_ops.go")] = []byte(strings.Replace(string(ops), "package hook", "package "+path.Base(s.path), 1))
	return err
}

// write puts files, the overlay's JSON and the names into dir, which appears
// atomically.
func write(dir string, env goEnv, files map[string][]byte, standard string) error {
	if err := os.MkdirAll(filepath.Dir(dir), 0o777); err != nil {
		return err
	}
	tmp, err := os.MkdirTemp(filepath.Dir(dir), "tmp-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	replace := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		base := strings.ReplaceAll(name, "/", "__")
		replace[filepath.Join(env.GOROOT, "src", filepath.FromSlash(name))] = filepath.Join(dir, base)
		if err := writeOld(filepath.Join(tmp, base), files[name]); err != nil {
			return err
		}
	}
	data, err := json.MarshalIndent(map[string]any{"Replace": replace}, "", "\t")
	if err != nil {
		return err
	}
	profile, err := self.ReadFile(profileFile)
	err = errors.Join(err, os.WriteFile(filepath.Join(tmp, profileFile), profile, 0o666),
		os.WriteFile(filepath.Join(tmp, "overlay.json"), data, 0o666), os.WriteFile(filepath.Join(tmp, standardFile), []byte(standard), 0o666))
	if err != nil {
		return err
	}
	if err := os.Rename(tmp, dir); err != nil {
		if _, there := os.Stat(filepath.Join(dir, "overlay.json")); there == nil {
			return nil // another process was faster
		}
		return err
	}
	return nil
}

// writeOld writes a file with an old time, because the go command does not cache
// packages of files that have just changed. It regards files with the same name,
// time and size as equal, so the time depends on the contents.
func writeOld(name string, data []byte) error {
	if err := os.WriteFile(name, data, 0o666); err != nil {
		return err
	}
	sum := sha256.Sum256(data)
	t := time.Unix(1e9+int64(binary.BigEndian.Uint32(sum[:]))%3e8, 0)
	return os.Chtimes(name, t, t)
}
