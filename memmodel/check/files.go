package check

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// A File is a litmus file to run.
type File struct {
	Path string // where it is
	Rel  string // its path below the folder that was asked for; Path if it was asked for itself
}

// maxFile bounds what is read of a file, in bytes: a test that a person wrote
// has some thousand, and a device may have no end.
const maxFile = 32 << 20

// Find gives the files that args name: a file as it is, a folder for all
// *.litmus below it, sorted. A folder without any is an error.
func Find(args []string) ([]File, error) {
	var files []File
	for _, arg := range args {
		info, err := os.Stat(arg)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			files = append(files, File{arg, arg})
			continue
		}
		below, err := findBelow(arg)
		if err != nil {
			return nil, err
		}
		if len(below) == 0 {
			return nil, fmt.Errorf("%s: no file *.litmus in this folder", arg)
		}
		files = append(files, below...)
	}
	return files, nil
}

// special are the kinds of files that reading may wait for without end.
const special = fs.ModeNamedPipe | fs.ModeSocket | fs.ModeDevice | fs.ModeIrregular

func findBelow(dir string) (files []File, err error) {
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Type()&special != 0 || !strings.HasSuffix(path, ".litmus") {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		files = append(files, File{path, rel})
		return err
	})
	return files, err
}

// read returns what is in the file.
func (f File) read() ([]byte, error) {
	file, err := os.Open(f.Path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	src, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err == nil && len(src) > maxFile {
		err = fmt.Errorf("%s: has more than %d bytes: no litmus test", f.Path, maxFile)
	}
	return src, err
}
