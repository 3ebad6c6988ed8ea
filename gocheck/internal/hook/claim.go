package hook

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"time"
)

// Several processes may run the tests of a package: two at once, and another one where
// a test has ended its process. Each takes the tests in their order, but for those that
// one has taken before. The command learns from marks in the output which test a
// process is at.

// Mark is how a mark begins; fields follow, and markEnd.
const (
	mark    = "\x1ecrosscall"
	markEnd = "\x1e\n"
)

var (
	stdout  = os.Stdout // a test may put another in its place
	claimed int         // tests that this process has asked for
	claims  bool        // it has one now
)

// Claim says whether this process is to run the next test.
func Claim(name string) bool {
	if set.claims == "" {
		return true
	}
	claimed++
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

// Helps says whether this process only takes tests off another one.
func Helps() bool { return set.helps }
