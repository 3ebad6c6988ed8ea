package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"crosscall/memmodel/check"

	"github.com/spf13/pflag"
)

// cFlags are the flags for reading C.
type cFlags struct {
	defines, include []string
	kernel           string
}

// register adds the flags of commands that read C: -D and -I as in cc, and
// others.
func (f *cFlags) register(flags *pflag.FlagSet) {
	flags.StringArrayVarP(&f.defines, "define", "D", nil, "in C files, define `NAME[=VALUE]`")
	flags.StringArrayVarP(&f.include, "include", "I", nil, "in C files, look for headers in `FOLDER`")
	flags.StringVar(&f.kernel, "kernel", "", "in C files, include files of the Linux source tree in `DIR` as they are (docs/kernel-files.md)")
}

// macroName matches a macro that can be defined: a name, perhaps with
// parameters.
var macroName = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[A-Za-z_][A-Za-z_0-9]*(\([A-Za-z_0-9, .]*\))?$`)
})

// options are the options of the flags, with more definitions.
func (f *cFlags) options(more ...string) (check.COptions, error) {
	o := check.COptions{Defines: map[string]string{}, Include: f.include, Kernel: f.kernel}
	for _, d := range slices.Concat(f.defines, more) {
		name, value, ok := strings.Cut(d, "=")
		if !ok {
			value = "1"
		}
		if !macroName().MatchString(name) {
			return o, fmt.Errorf("-D %q: a macro is NAME or NAME=VALUE; names are of letters, digits and _, and begin with no digit", d)
		}
		o.Defines[name] = value
	}
	for _, folder := range f.include {
		if !isFolder(folder) {
			return o, fmt.Errorf("-I %q: there is no such folder", folder)
		}
	}
	if f.kernel != "" && !isFolder(filepath.Join(f.kernel, "include", "linux")) {
		return o, fmt.Errorf("--kernel %q: there is no folder include/linux in it", f.kernel)
	}
	return o, nil
}

func isFolder(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}
