package asm

import (
	"errors"
	"regexp"
	"strings"
	"sync"

	"crosscall/memmodel/internal/primitive"
)

// A kind is a kind of tests that is not supported, recognised by words that no other test has. An
// instruction of such a test is refused by itself; the text before its table has a syntax of its
// own.
type kind struct {
	words *regexp.Regexp
	why   string
}

// kinds are made for the first test with an error: they take a while, and most runs have none.
var kinds = sync.OnceValue(func() []kind {
	return []kind{
		{regexp.MustCompile(`\bPTE\s*\(|\[PTE|\bpteval_t\b|\bPA\s*\(|\bTTHM=|\bvmsa\b|\bkvm\b|=\s*\((oa|db|af|valid|dbm)\b`), noVirtual},
		{regexp.MustCompile(`\binstr:"|=\s*"?[A-Z]+ [A-Z]|[:=]\s*(P?\d+):[A-Za-z_]\w*\s*[;}/]|\blabel:"|[Vv]ariant=.*\b(self|ifetch)\b`), noCode},
		{regexp.MustCompile(`\bmorello\b`), "tests of capabilities (Morello) are not supported"},
		{regexp.MustCompile(`:(red|green|blue|yellow)\b|\btag\s*\(|\b[Mm]emtag\b`), noTags},
		{regexp.MustCompile(`\bVNCR_EL2\b`), "tests of nested virtualization are not supported"},
		{regexp.MustCompile(`\b[Ff]ault\s*\(|\bVBAR|\b(SPSR|ESR|ELR)_EL`), noExceptions},
		{regexp.MustCompile(`\bpac(da|db|ia|ib)?\s*\(|\b(?i:pac|aut)(?i:[di][abz]*|ga)\b`), "tests of pointer authentication are not supported"},
		{regexp.MustCompile(`\bSS\s*\(`), "tests of shadow stacks are not supported"},
		{regexp.MustCompile(`\b[VZ][0-9]+\.[0-9]*[BHSDbhsd]|\bint(8|16|32|64)_t [0-9]:V`), "vectors are not supported"},
	}
})

// refused has an error say which kind a test is of, if that is one that is not supported.
func refused(err error, text string) error {
	e := new(primitive.Error)
	if !errors.As(err, &e) {
		return err
	}
	for _, k := range kinds() {
		if k.words.MatchString(text) && !strings.Contains(e.Msg, k.why) {
			return &primitive.Error{Pos: e.Pos, Msg: k.why + ": " + e.Msg}
		}
	}
	return err
}
