package hook

import (
	"slices"
	"strings"
)

// A textRange is a piece of the program's code, with the operations in it that
// are explored.
type textRange struct {
	lo, hi uintptr
	what   uint8
}

// classify tells the runtime which functions are explored: those outside of the
// standard library, and those of the library that programs synchronize by.
func classify() {
	var ranges []textRange
	last := textRange{}
	end := functions(func(name string, entry uintptr) {
		what := explored(name)
		if what == last.what {
			return
		}
		last.hi = entry
		ranges = keep(ranges, last)
		last = textRange{entry, 0, what}
	})
	last.hi = end
	setRanges(keep(ranges, last))
}

func keep(list []textRange, r textRange) []textRange {
	if r.what == 0 {
		return list
	}
	return append(list, r)
}

// packageOf is the path of a function's package.
func packageOf(name string) string {
	if i := strings.IndexByte(name, '['); i >= 0 {
		name = name[:i]
	}
	slash := strings.LastIndexByte(name, '/') + 1
	if dot := strings.IndexByte(name[slash:], '.'); dot >= 0 {
		return name[:slash+dot]
	}
	return name
}

const both = crosscallSync | crosscallConc

// inStandard says which operations of packages of the standard library are
// explored. In packages that are not listed, none are.
var inStandard = map[string]uint8{
	"context": both, "io": both | crosscallLent, "log": both, "time": both, "iter": both, "errors": both,
	"container/heap": both, "container/list": both, "container/ring": both, "slices": both, "maps": both, "sort": both,
	"math/rand": both, "math/rand/v2": both, "testing": crosscallConc, "reflect": crosscallConc,
	"fmt": crosscallThrough,
}

// lent are packages without locks, pools and tables of their own: their accesses are those of
// the program that calls them. A Replacer has a Once, in which it makes its tables.
var lent = []string{
	"bytes", "strings", "bufio", "encoding/csv", "text/tabwriter", "net/url", "encoding/hex", "encoding/base32", "encoding/base64", "encoding/binary", "image", "image/color", "image/draw",
	"hash/adler32", "hash/fnv", "crypto/md5", "crypto/sha1", "crypto/sha256", "crypto/sha512",
	"crypto/internal/fips140/sha256", "crypto/internal/fips140/sha512",
}

// helpers are lent as well. But fmt calls them for what is in its own buffers, which a pool
// gives from one goroutine to the other (%q).
var helpers = []string{"strconv", "unicode/utf8", "unicode/utf16"}

func init() {
	for _, p := range lent {
		inStandard[p] = crosscallLent
	}
	for _, p := range helpers {
		inStandard[p] = crosscallLent | crosscallHelper
	}
}

// inSync are the functions of package sync that call others of it, or start
// goroutines, for an explored caller.
var inSync = []string{"crosscall", "OnceFunc", "OnceValue", "(*WaitGroup).Go", "(*rlocker)."}

// inNet are the functions of package net that are explored: those of Pipe. The others wait for
// the system, and for goroutines that are not explored.
var inNet = []string{"Pipe", "(*pipe).", "(*pipeDeadline).", "makePipeDeadline", "isClosedChan"}

// inGob are the functions that hold the lock of an Encoder or a Decoder while they read or
// write.
var inGob = []string{"(*Encoder).EncodeValue", "(*Decoder).DecodeValue"}

func hasPrefix(function string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(function, p) })
}

func explored(function string) uint8 {
	pkg := packageOf(function)
	switch {
	case !standard[pkg]:
		return both
	case (pkg == "sync" || pkg == "sync/atomic") && strings.HasSuffix(function, "-fm"):
		return both // a method value, which its caller calls
	case pkg == "sync/atomic":
		return crosscallWord
	case pkg == "sync":
		if hasPrefix(function[len("sync."):], inSync) {
			return both
		}
	case pkg == "net" && hasPrefix(function[len("net."):], inNet):
		return both
	case pkg == "encoding/gob" && hasPrefix(function[len("encoding/gob."):], inGob) || strings.HasPrefix(function, "log/slog.crosscall"):
		return both
	case strings.HasPrefix(function, "strings.(*Replacer)."):
		return 0
	case strings.HasPrefix(function, "net/http.Header.") || strings.HasPrefix(function, "net/textproto.MIMEHeader."):
		return crosscallLent
	}
	return inStandard[pkg]
}
