package hook

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"time"
)

// Several processes may run the tests of a package: two at once, and another one after
// a test has ended its process. Each takes the tests in their order, except those that
// a process has taken before. Marks in the output show the command which test a process
// runs.

// Mark is the beginning of a mark. Fields follow, and then markEnd.
const (
	mark    = "\x1ecrosscall"
	markEnd = "\x1e\n"
)

var (
	stdout  = os.Stdout // a test may replace os.Stdout
	claimed int         // tests that this process has tried to take
	claims  bool        // it runs one now
)

// Claim reports whether this process has to run the next test.
func Claim(name string) bool {
	if set.claims == "" {
		return true
	}
	claimed++
	if set.assists > 0 {
		return claimed == set.assists
	}
	f, err := os.OpenFile(set.claims+"/"+strconv.Itoa(claimed), os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return false
	}
	if err != nil {
		panic(err)
	}
	f.Close()
	claims = true
	fmt.Fprintf(stdout, "%s\x1f%d\x1f%s\x1f%d%s", mark, claimed, name, time.Now().UnixNano(), markEnd)
	return true
}

// Claimed is called when a test has ended.
func Claimed() {
	if claims {
		claims = false
		fmt.Fprint(stdout, mark, markEnd)
	}
}

// Skips reports whether this process does not run examples or fuzz tests, as kind says: because it
// is the second process, which only helps the first, or because goroutines of init functions were
// stopped, for which they may wait. In the second case it prints that, if some were asked for. It is
// the same if the second process has explored all tests of the package.
func Skips(kind string, asked bool) bool {
	if claimed > 0 && asked {
		stopStrangers()
	}
	if hasFrozen && asked && !set.helps {
		fmt.Fprintf(stdout, "%s were not run: init functions have started goroutines, which had to be stopped for the tests; go test runs them\n", kind)
	}
	return set.helps || hasFrozen
}
