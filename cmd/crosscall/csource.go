package main

import (
	"fmt"
	"os"
	"regexp"
	"strings"

	"crosscall/memmodel/check"

	"github.com/spf13/pflag"
)

// cFlags are the flags of commands that read C, as cc has them.
func cFlags(flags *pflag.FlagSet, defines, include *[]string) {
	flags.StringArrayVarP(defines, "define", "D", nil, "in C files, define `NAME[=VALUE]`")
	flags.StringArrayVarP(include, "include", "I", nil, "in C files, look for headers in `FOLDER`")
}

// macroName is what can be defined: a name, perhaps with parameters.
var macroName = regexp.MustCompile(`^[A-Za-z_][A-Za-z_0-9]*(\([A-Za-z_0-9, .]*\))?$`)

func cOptions(defines, include []string) (check.COptions, error) {
	o := check.COptions{Defines: map[string]string{}, Include: include}
	for _, d := range defines {
		name, value, ok := strings.Cut(d, "=")
		if !ok {
			value = "1"
		}
		if !macroName.MatchString(name) {
			return o, fmt.Errorf("-D %q: a macro is NAME or NAME=VALUE; names are of letters, digits and _, and begin with no digit", d)
		}
		o.Defines[name] = value
	}
	for _, folder := range include {
		if info, err := os.Stat(folder); err != nil || !info.IsDir() {
			return o, fmt.Errorf("-I %q: there is no such folder", folder)
		}
	}
	return o, nil
}
