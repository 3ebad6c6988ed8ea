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
	Path string // of the file
	Rel  string // its path below the folder that was named; Path if the file itself was named
}

// maxFile bounds the bytes that are read of a file. A test written by a person
// has some thousand; a device may be endless.
const maxFile = 32 << 20

// Stdin is the path of standard input.
const Stdin = "-"

// Find returns the files that args name. A folder stands for all *.litmus below it,
// sorted. @LIST stands for the files that LIST names, one on a line, relative to the
// folder of LIST. A folder or a list without files is an error.
func Find(args []string) ([]File, error) {
	var files []File
	for _, arg := range args {
		if arg == Stdin {
			files = append(files, File{arg, arg})
			continue
		}
		if list, ok := strings.CutPrefix(arg, "@"); ok {
			listed, err := readList(list)
			if err != nil {
				return nil, err
			}
			files = append(files, listed...)
			continue
		}
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
			return nil, noLitmus(arg)
		}
		files = append(files, below...)
	}
	return files, nil
}

// noLitmus is the error of a folder without litmus tests.
func noLitmus(dir string) error {
	if c, _ := filepath.Glob(filepath.Join(dir, "*.c")); len(c) > 0 {
		return fmt.Errorf("%s: no file *.litmus in this folder; name C programs one by one: %s", dir, filepath.Join(dir, "*.c"))
	}
	return fmt.Errorf("%s: no file *.litmus in this folder", dir)
}

// readList reads the paths in a list. A comment begins with #.
func readList(name string) (files []File, err error) {
	text, err := File{Path: name}.Read()
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(text)) {
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		path := line
		if !filepath.IsAbs(path) {
			path = filepath.Join(filepath.Dir(name), path)
		}
		files = append(files, File{path, line})
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s: names no file", name)
	}
	return files, nil
}

// special are the kinds of files whose reading may never end.
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

// Read is what is in the file: at most 32 MB, and of no special file but standard input.
func (f File) Read() ([]byte, error) {
	if f.Path == Stdin {
		return f.readFrom(os.Stdin)
	}
	if info, err := os.Stat(f.Path); err != nil {
		return nil, err
	} else if info.Mode()&special != 0 && !strings.HasPrefix(f.Path, "/dev/fd/") && !strings.HasPrefix(f.Path, "/proc/") {
		return nil, fmt.Errorf("%s: no regular file; standard input is -", f.Path)
	}
	file, err := os.Open(f.Path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return f.readFrom(file)
}

func (f File) readFrom(file io.Reader) ([]byte, error) {
	src, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err == nil && len(src) > maxFile {
		err = fmt.Errorf("%s: has more than %d bytes: no litmus test", f.Path, maxFile)
	}
	return src, err
}
