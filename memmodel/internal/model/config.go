package model

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"crosscall/memmodel/internal/cat"
)

// A ConfigError is a mistake in a configuration file.
type ConfigError struct {
	File string
	Line int // from 1; 0 if it is about the file as a whole
	Msg  string
}

func (e *ConfigError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s", e.File, e.Msg)
	}
	return fmt.Sprintf("%s:%d:1: %s", e.File, e.Line, e.Msg)
}

// A config is the contents of a configuration: names of files.
type config struct {
	macros, bell, model setting
	variants            []string
}

// A setting is a key's value, with its line.
type setting struct {
	value string
	line  int
}

// pictureKeys are those of herd's keys that are about pictures and output. They
// are known and do not matter here.
var pictureKeys = strings.Fields(`graph squished showevents movelabel fontname fontsize edgefontsizedelta penwidth
	arrowsize xscale yscale dsiy siwidth boxscale ptscale showthread shapethread showobserved showfinalrf showinitrf
	showpoloc showinitwrites brackets showlegend showkind shortlegend showinitdepth showinitrf splines pad margin sep
	overlap labelinit finaldotpos initdotpos doshow unshow noid symetric classes showraw edgeattr edgemerge extrachars
	tikz texmacros mono collab hexa verbose show initwrites oneinit evince gv view dotcom dotheader color`)

// variants are the variants of herd that the checker knows. They say how the
// kernel's tables write atomic operations: up to Linux 6.12, and since. The
// form of the table shows which; a model tests it by if "lkmmv2".
var variants = []string{"lkmmv1", "lkmmv2"}

// parseConfig reads a configuration: a key and its value a line; # begins a
// comment.
func parseConfig(file string, src []byte) (config, error) {
	var c config
	line := 0
	for text := range strings.Lines(string(src)) {
		line++
		text, _, _ = strings.Cut(text, "#")
		fields := strings.Fields(text)
		if len(fields) == 0 {
			continue
		}
		key, values := fields[0], fields[1:]
		to := map[string]*setting{"macros": &c.macros, "bell": &c.bell, "model": &c.model}[key]
		switch {
		case to == nil && slices.Contains(pictureKeys, key):
			continue
		case key == "variant":
			for _, v := range values {
				if !slices.Contains(variants, v) {
					return c, &ConfigError{file, line, fmt.Sprintf("no variant %q: there are %s", v, strings.Join(variants, ", "))}
				}
			}
			c.variants = append(c.variants, values...)
			continue
		case to == nil:
			return c, &ConfigError{file, line, fmt.Sprintf("no key %q: the keys are macros, bell, model and variant", key)}
		case len(values) != 1:
			return c, &ConfigError{file, line, key + " needs the name of one file"}
		}
		*to = setting{values[0], line}
	}
	if c.model.value == "" {
		return c, &ConfigError{file, 0, "no model: add a line with model and the name of a cat file"}
	}
	if c.macros.value == "" {
		return c, &ConfigError{file, 0, "no table of primitives: add a line with macros and the name of a def file"}
	}
	return c, nil
}

func (from Reader) loadConfig(path string) (*Model, error) {
	src, err := from(path)
	if err != nil {
		return nil, err
	}
	c, err := parseConfig(path, src)
	if err != nil {
		return nil, err
	}
	read := func(s setting) (string, []byte, error) {
		file := s.value
		if !filepath.IsAbs(file) {
			file = filepath.Join(filepath.Dir(path), file)
		}
		src, err := from(file)
		if err != nil {
			return file, nil, &ConfigError{path, s.line, err.Error()}
		}
		return file, src, nil
	}
	m := &Model{Name: path}
	if m.DefFile, m.Def, err = read(c.macros); err != nil {
		return nil, err
	}
	options := cat.Options{Variants: c.variants}
	if c.bell.value != "" {
		if options.BellFile, options.Bell, err = read(c.bell); err != nil {
			return nil, err
		}
	}
	file, text, err := read(c.model)
	if err != nil {
		return nil, err
	}
	return m.compileWithTable(from, file, text, options)
}
