package page

import (
	"embed"
	"encoding/json"
	"io/fs"
	"path"
	"slices"

	"crosscall/memmodel/check"
	"crosscall/memmodel/render"
	"crosscall/viewer"
)

// A Site is what the page knows from the beginning.
type Site struct {
	Engine   string      `json:"engine"` // "http": a server answers; "wasm": WebAssembly does
	Version  string      `json:"version"`
	Limits   string      `json:"limits"` // in words
	Models   []ModelInfo `json:"models"`
	Subjects []Subject   `json:"subjects"`
	Tour     []Stop      `json:"tour"`
	Texts    []string    `json:"texts"` // sources, each once
}

// A ModelInfo is a built-in model.
type ModelInfo struct {
	Name  string `json:"name"`
	Title string `json:"title"`
}

//go:embed static
var staticFiles embed.FS

// newSite fills in all but the engine and what goes with it.
func newSite() (*Site, error) {
	s := new(Site)
	for _, name := range check.ModelNames() {
		m, err := check.LoadModel(name)
		if err != nil {
			return nil, err
		}
		s.Models = append(s.Models, ModelInfo{name, m.Title})
	}
	for _, subject := range slices.Concat(listed, []Subject{own}) {
		filled := Subject{Title: subject.Title}
		for _, e := range subject.Examples {
			e.Source, e.Cat = s.text(example(e.File)), -1
			if subject.Title == own.Title {
				e.Cat = s.text(example("tso.cat"))
			}
			filled.Examples = append(filled.Examples, e)
		}
		s.Subjects = append(s.Subjects, filled)
	}
	var err error
	s.Tour, err = s.tour()
	return s, err
}

// text is the number of a text among Texts.
func (s *Site) text(text string) int {
	if i := slices.Index(s.Texts, text); i >= 0 {
		return i
	}
	s.Texts = append(s.Texts, text)
	return len(s.Texts) - 1
}

// Files are those of the page, for an engine and a version, with the server's limits in
// words.
func Files(engine, version, limits string) (map[string][]byte, error) {
	s, err := newSite()
	if err != nil {
		return nil, err
	}
	s.Engine, s.Version, s.Limits = engine, version, limits
	site, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{
		"site.json":   site,
		"viewer.js":   []byte(viewer.Script()),
		"viewer.css":  []byte(viewer.Style()),
		"picture.css": []byte(render.PictureStyle()),
	}
	err = fs.WalkDir(staticFiles, "static", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(staticFiles, name)
		files[name[len("static/"):]] = text
		return err
	})
	return files, err
}

// MediaType is the media type of a file of the page.
func MediaType(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".json":
		return "application/json"
	case ".svg":
		return "image/svg+xml"
	}
	return "text/plain; charset=utf-8"
}
