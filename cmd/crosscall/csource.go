package main

import (
	"strings"

	"crosscall/memmodel/csource"

	"github.com/spf13/pflag"
)

// cFlags are the flags of commands that read C, as cc has them.
func cFlags(flags *pflag.FlagSet, defines, include *[]string) {
	flags.StringArrayVarP(defines, "define", "D", nil, "in C files, define `NAME[=VALUE]`")
	flags.StringArrayVarP(include, "include", "I", nil, "in C files, look for headers in `FOLDER`")
}

func cOptions(defines, include []string) csource.Options {
	o := csource.Options{Defines: map[string]string{}, Include: include}
	for _, d := range defines {
		name, value, ok := strings.Cut(d, "=")
		if !ok {
			value = "1"
		}
		o.Defines[name] = value
	}
	return o
}
