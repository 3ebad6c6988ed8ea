package csource

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// files is the file system of the preprocessor: the shims, Options.Files, the kernel's
// tree, and those folders of the disk that the file is in or that -I names.
type files struct {
	given  fs.FS
	kernel string   // Options.Kernel
	roots  []string // folders of the disk
	disk   Disk
	seen   map[string][sha256.Size]byte
	// included are the files that the program itself includes by name.
	included map[string]bool
	// unreadable has, by file of the tree, the functions that are left out.
	unreadable map[string][]unreadable
}

// ownHeaders are headers of other checkers, which define primitives as functions of that
// checker. This package's are taken also where a folder of -I has them.
var ownHeaders = map[string]bool{"lkmm.h": true, "genmc.h": true, "dat3m.h": true}

// newFiles returns where the files are that file, of which src is the text, may include.
func newFiles(file string, src []byte, o Options) files {
	f := files{included: map[string]bool{}, given: o.Files, kernel: o.Kernel, disk: o.Disk, seen: map[string][sha256.Size]byte{}, unreadable: map[string][]unreadable{}}
	f.roots = append(f.roots, filepath.Dir(file))
	f.roots = append(f.roots, o.Include...)
	for _, line := range includeLine().FindAllSubmatch(src, -1) {
		f.included[string(line[1])] = len(line[1]) > 0
	}
	return f
}

func (f files) Open(name string) (fs.File, error) {
	if rest, ok := strings.CutPrefix(name, shimFolder+"/"); ok {
		return shims.Open("shim/" + rest)
	}
	src, err := f.find(name)
	if err != nil {
		return nil, err
	}
	f.seen[name] = sha256.Sum256(src)
	src = renameLabels([]byte(without(string(src), f.unreadable[name])))
	return &openFile{bytes.NewReader(src), path.Base(name), int64(len(src))}, nil
}

// find reads a file that is no shim.
func (f files) find(name string) ([]byte, error) {
	if rest, ok := strings.CutPrefix(name, treeFolder+"/"); ok {
		return f.inTree(rest)
	}
	if f.given != nil {
		if src, err := fs.ReadFile(f.given, name); err == nil {
			return src, nil
		}
	}
	if !f.confined(name) || ownHeaders[path.Base(name)] {
		return nil, fs.ErrPermission
	}
	return f.readDisk(name, name)
}

// confined reports whether a path is in one of the folders that may be read.
func (f files) confined(name string) bool {
	for _, root := range f.roots {
		if rel, err := filepath.Rel(root, name); err == nil && filepath.IsLocal(rel) {
			return true
		}
	}
	return false
}

// readDisk reads a file of the disk. Errors name it by shown.
func (f files) readDisk(name, shown string) ([]byte, error) {
	read := ReadFile
	if f.disk != nil {
		read = f.disk
	}
	src, err := read(name)
	if err != nil {
		return nil, err
	}
	checkLiterals(shown, src)
	checkConditions(shown, src)
	return src, nil
}

// ReadFile reads a file of the disk that is no folder, as a Disk does.
func ReadFile(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, errors.New("a folder")
	}
	return os.ReadFile(name)
}

// shown is the text of a file whose name is as in errors; nil if it cannot be read.
func (f files) shown(name string) []byte {
	if src, err := shims.ReadFile("shim/" + name); err == nil {
		return src
	}
	if _, ok := f.seen[treeFolder+"/"+name]; ok {
		name = treeFolder + "/" + name
	}
	src, err := f.find(name)
	if err != nil {
		return nil
	}
	return src
}

// isShim reports whether a file, named as in errors, is a header of this package.
func isShim(name string) bool {
	_, err := fs.Stat(shims, "shim/"+name)
	return err == nil
}

// An openFile is a file that is in memory.
type openFile struct {
	*bytes.Reader
	name string
	size int64
}

func (o *openFile) Close() error               { return nil }
func (o *openFile) Stat() (fs.FileInfo, error) { return o, nil }
func (o *openFile) Name() string               { return o.name }
func (o *openFile) Size() int64                { return o.size }
func (o *openFile) Mode() fs.FileMode          { return 0o444 }
func (o *openFile) ModTime() time.Time         { return time.Time{} }
func (o *openFile) IsDir() bool                { return false }
func (o *openFile) Sys() any                   { return nil }
