package draw

import (
	"os"
	"path/filepath"
)

// AddSources adds the files below dir that the rows go through, to be shown beside the
// picture, and names them by their path from dir. Rows of other files lose their place.
func (s *Schedule) AddSources(dir string) {
	read := map[string]bool{}
	for i := range s.Rows {
		row := &s.Rows[i]
		name, err := filepath.Rel(dir, row.File)
		if err != nil || !filepath.IsLocal(name) {
			row.File, row.Line = "", 0
			continue
		}
		file := row.File
		row.File = filepath.ToSlash(name)
		if read[name] {
			continue
		}
		read[name] = true
		if text, err := os.ReadFile(file); err == nil { // without it, there is nothing to show beside
			s.Sources = append(s.Sources, Source{File: row.File, Text: string(text)})
		}
	}
}
