package csource

import (
	_ "embed"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// Files of the kernel are read from a source tree as they are. A header that they
// include is one of three kinds:
//
//   - The kernel's own: if there is no shim of that name, or if
//     kernel-headers.txt lists the header as real, perhaps only where the program
//     includes the kernel's file that implements it.
//   - The shim, in all other cases: the model's table defines the primitives, and
//     headers of machines are full of assembly.
//   - Empty, if the list says so: its declarations do not matter here.

//go:embed kernel-headers.txt
var headerList string

// treeFolder is where #include finds files of the kernel's tree. It is no folder on disk.
const treeFolder = "<kernel>"

// treeFolders are the folders of the tree where #include looks after the user's folders.
func treeFolders(o Options) []string {
	if o.Kernel == "" {
		return []string{shimFolder}
	}
	return []string{treeFolder, treeFolder + "/include", shimFolder, treeFolder + "/include/uapi"}
}

// A headerRule says which of the headers of one name is taken.
type headerRule string

const (
	realHeader  headerRule = "real"    // the kernel's
	emptyHeader headerRule = "nothing" // none
)

// headerRules has the rules of kernel-headers.txt, by the header's path in the tree.
var headerRules = sync.OnceValue(func() map[string]headerRule {
	rules := make(map[string]headerRule)
	for line := range strings.Lines(headerList) {
		if f := strings.Fields(line); len(f) > 2 && f[0] != "#" {
			rules[f[1]] = headerRule(f[0])
			if f[2] == "for" {
				rules[f[1]] = headerRule(f[0] + " " + f[3])
			}
		}
	}
	return rules
})

// ruleOf is the rule for a header, or for the folder that it is in.
func ruleOf(name string) headerRule {
	rules := headerRules()
	for folder := path.Dir(name); folder != "."; folder = path.Dir(folder) {
		if rule, ok := rules[folder+"/"]; ok {
			return rule
		}
	}
	return rules[name]
}

// implements reports whether the program includes one of the files that a rule is for.
func (f files) implements(rule headerRule) bool {
	_, list, ok := strings.Cut(string(rule), " ")
	return ok && slices.ContainsFunc(strings.Split(list, ","), func(file string) bool { return f.included[file] })
}

// inTree reads a file of the tree, by its path there.
func (f files) inTree(name string) ([]byte, error) {
	switch rule := ruleOf(name); {
	case rule == emptyHeader:
		return nil, nil
	case rule == realHeader, f.implements(rule):
	default:
		if header, ok := strings.CutPrefix(name, "include/"); ok {
			if _, err := fs.Stat(shims, "shim/"+header); err == nil {
				return nil, fs.ErrNotExist
			}
		}
	}
	if !filepath.IsLocal(name) {
		return nil, fs.ErrPermission
	}
	src, err := f.readDisk(filepath.Join(f.kernel, name), name)
	if header, ok := strings.CutPrefix(name, "include/asm/"); ok && err != nil { // as the kernel's build makes them
		src, err = f.readDisk(filepath.Join(f.kernel, "include/asm-generic", header), name)
	}
	if header, ok := strings.CutPrefix(name, "include/uapi/asm/"); ok && err != nil {
		return f.readDisk(filepath.Join(f.kernel, "include/uapi/asm-generic", header), name)
	}
	return src, err
}

// defaultConfig is the kernel's configuration. -D overrides it.
var defaultConfig = map[string]string{
	"CONFIG_SMP": "1", "CONFIG_64BIT": "1", "CONFIG_NR_CPUS": "NR_CPUS",
	"CONFIG_BASE_SMALL": "0", "CONFIG_HZ": "250", "CONFIG_IRQ_WORK": "1",
	"CONFIG_FORCE_NR_CPUS": "1", "CONFIG_LOCKDEP": "1",
}

// kernelPrelude is what the kernel's build includes before each file, and what nearly all of its
// headers include by way of others.
const kernelPrelude = `
#include <asm/byteorder.h>
#include <linux/kconfig.h>
#include <linux/compiler_types.h>
#include <linux/bits.h>
#include <linux/threads.h>
`
