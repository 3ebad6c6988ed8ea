package check

import (
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

// Find gives the files that args name: a file as it is, a folder for all
// *.litmus below it, sorted.
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
		files = append(files, below...)
	}
	return files, nil
}

func findBelow(dir string) (files []File, err error) {
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".litmus") {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		files = append(files, File{path, rel})
		return err
	})
	return files, err
}
