package csource

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

// Without the disk, #include finds what it is given and this package's headers, and
// nothing beside the file or in -I.
func TestNoDisk(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "secret.h"), []byte("int secret;\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "a.c")
	given := fstest.MapFS{"given.h": {Data: []byte("int given;\n")}}
	for _, c := range []struct {
		include string
		noDisk  bool
		fails   bool
	}{
		{`"secret.h"`, false, false},
		{`"secret.h"`, true, true},
		{`"` + filepath.ToSlash(dir) + `/secret.h"`, true, true},
		{`"../` + filepath.Base(dir) + `/secret.h"`, true, true},
		{`<secret.h>`, true, true},
		{`"given.h"`, true, false},
	} {
		src := "#include <crosscall.h>\n#include " + c.include + "\nvoid P0(void) { assert(1); }\n"
		_, err := Parse("a.c", []byte(src), Options{NoDisk: true, Files: given, Include: []string{dir}})
		if !c.noDisk {
			_, err = Parse(file, []byte(src), Options{Files: given, Include: []string{dir}})
		}
		if (err != nil) != c.fails || err != nil && strings.Contains(err.Error(), "internal") {
			t.Errorf("#include %s, without the disk %t: %v", c.include, c.noDisk, err)
		}
	}
}
