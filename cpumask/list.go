package cpumask

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// SyntaxError is an error in a list, with its place.
type SyntaxError struct {
	Input string // the whole list
	Col   int    // the byte of Input that is wrong, from 1; len(Input)+1 if the list ends too soon
	Msg   string // the error, and how to correct it
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("cpumask: column %d of %q: %s", e.Col, e.Input, e.Msg)
}

// Parse reads a CPU list in the syntax of the kernel's bitmap_parselist (lib/bitmap-str.c), which
// is that of isolcpus=, cpuset.cpus and taskset -c:
//
//	8           one CPU
//	0-3         a range, both ends included
//	0-15:2/4    of each group of 4 in the range, the first 2: 0,1,4,5,8,9,12,13
//	all         every CPU, in any case; may have a group: all:1/2
//	N           stands for the last CPU wherever a number may stand: 4-N
//
// Commas, white space or both separate these, and may stand first and last; order and overlap do
// not matter. An empty list is the empty set.
//
// A list is read without a machine to compare it to, so "all" is 0-1023 and N is 1023, whatever
// CPUs there are: intersect the result with the CPUs you have.
//
// Two things differ from the kernel, which accepts part of a wrong list without an error. The
// kernel ignores all text after a newline after "5", but not after "5 "; here a newline is white
// space. The kernel reads "0-3:1/2all" as two entries; here entries must be separated.
//
// Any error is a [*SyntaxError].
func Parse(s string) (Mask, error) {
	p := parser{input: s}
	var m Mask
	for p.skipSeparators(); p.pos < len(s); p.skipSeparators() {
		r, err := p.region()
		if err != nil {
			return Mask{}, err
		}
		r.addTo(&m)
	}
	return m, nil
}

// A region is one entry of a list: of every group CPUs from first on, the leading used ones, as far
// as last. The fields are 64 bits wide so that first+group cannot wrap for a 32-bit group.
type region struct {
	first, last uint64
	used, group uint64
}

func (r region) addTo(m *Mask) {
	for start := r.first; start <= r.last; start += r.group {
		for cpu := start; cpu < start+r.used && cpu <= r.last; cpu++ {
			m.Set(int(cpu))
		}
	}
}

type parser struct {
	input string
	pos   int
}

func (p *parser) rest() string { return p.input[p.pos:] }

func (p *parser) fail(pos int, format string, args ...any) error {
	return &SyntaxError{Input: p.input, Col: pos + 1, Msg: fmt.Sprintf(format, args...)}
}

// found describes the text at the current position.
func (p *parser) found() string {
	if p.pos == len(p.input) {
		return "the list ends"
	}
	r, n := utf8.DecodeRuneInString(p.rest())
	if r == utf8.RuneError {
		return "found " + strconv.Quote(p.rest()[:n])
	}
	return "found " + strconv.QuoteRune(r)
}

func isSeparator(c byte) bool { return strings.IndexByte(", \t\n\v\f\r", c) >= 0 }

func (p *parser) skipSeparators() {
	for p.pos < len(p.input) && isSeparator(p.input[p.pos]) {
		p.pos++
	}
}

func (p *parser) atEnd() bool { return p.pos == len(p.input) || isSeparator(p.input[p.pos]) }

// accept steps over c if it is next.
func (p *parser) accept(c byte) bool {
	if p.pos == len(p.input) || p.input[p.pos] != c {
		return false
	}
	p.pos++
	return true
}

func (p *parser) region() (region, error) {
	r, err := p.cpus()
	if err != nil || p.atEnd() {
		return r, err
	}
	if err := p.pattern(&r); err != nil {
		return region{}, err
	}
	if !p.atEnd() {
		return region{}, p.fail(p.pos, "%s after a group; put a comma or a space between entries", p.found())
	}
	return r, nil
}

// cpus reads the part before a group: all, a number, or a range. It returns with the position at
// the end of the entry or at the colon of a group.
func (p *parser) cpus() (region, error) {
	if rest := p.rest(); len(rest) >= 3 && strings.EqualFold(rest[:3], "all") {
		p.pos += 3
		return whole(0, Max-1), p.colonOrEnd("all")
	}
	begin := p.pos
	first, err := p.cpu()
	if err != nil || p.atEnd() {
		return whole(first, first), err
	}
	if !p.accept('-') {
		return region{}, p.fail(p.pos, "%s after a CPU number; a range is written 0-3, and only a range or all can have a group", p.found())
	}
	last, err := p.cpu()
	if err != nil {
		return region{}, err
	}
	if first > last {
		return region{}, p.fail(begin, "the range %d-%d runs backwards; write %[2]d-%[1]d", first, last)
	}
	return whole(first, last), p.colonOrEnd("a range")
}

// whole returns the region of all CPUs from first to last: a single group, all of it used.
func whole(first, last uint64) region {
	return region{first: first, last: last, used: Max, group: Max}
}

func (p *parser) colonOrEnd(after string) error {
	if p.atEnd() || p.input[p.pos] == ':' {
		return nil
	}
	return p.fail(p.pos, "%s after %s; want a comma, a space, or a group such as :1/2", p.found(), after)
}

// pattern reads ":used/group" into r.
func (p *parser) pattern(r *region) error {
	p.accept(':')
	usedPos := p.pos
	used, err := p.number()
	if err != nil {
		return err
	}
	if !p.accept('/') {
		return p.fail(p.pos, "%s where a group wants a slash, as in 0-15:2/4", p.found())
	}
	groupPos := p.pos
	group, err := p.number()
	if err != nil {
		return err
	}
	if group == 0 {
		return p.fail(groupPos, "a group of 0 CPUs; write 1 or more")
	}
	if used > group {
		return p.fail(usedPos, "%d CPUs used of a group of %d; write at most %[2]d", used, group)
	}
	r.used, r.group = used, group
	return nil
}

// cpu reads a CPU number.
func (p *parser) cpu() (uint64, error) {
	begin := p.pos
	n, err := p.number()
	if err == nil && n >= Max {
		return 0, p.fail(begin, "CPU %d is too large; the last one is %d", n, Max-1)
	}
	return n, err
}

// number reads a decimal number or N. The sizes of a group may be larger than any CPU number, but
// must fit the kernel's unsigned int.
func (p *parser) number() (uint64, error) {
	if p.accept('N') {
		return Max - 1, nil
	}
	begin := p.pos
	for p.pos < len(p.input) && '0' <= p.input[p.pos] && p.input[p.pos] <= '9' {
		p.pos++
	}
	if p.pos == begin {
		return 0, p.fail(begin, "%s where a number belongs; write a decimal number or N", p.found())
	}
	n, err := strconv.ParseUint(p.input[begin:p.pos], 10, 32)
	if err != nil {
		return 0, p.fail(begin, "the number is too large; write at most %d", uint32(math.MaxUint32))
	}
	return n, nil
}

// String returns the CPUs in list syntax, in rising order, with runs of two or more as a range:
// "0-3,8". The empty set is "". It is what the kernel prints for %*pbl, and [Parse] reads it back.
func (m Mask) String() string { return string(m.appendList(nil)) }

func (m *Mask) appendList(b []byte) []byte {
	for first := m.First(); first >= 0; {
		last := m.runEnd(first)
		if len(b) > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, int64(first), 10)
		if last > first {
			b = append(b, '-')
			b = strconv.AppendInt(b, int64(last), 10)
		}
		first = m.Next(last)
	}
	return b
}

// runEnd returns the last CPU of the unbroken run in m that cpu is in.
func (m *Mask) runEnd(cpu int) int {
	for cpu+1 < Max && m.Test(cpu+1) {
		cpu++
	}
	return cpu
}

// MarshalText returns [Mask.String]. With it, a mask is a string in JSON. It never fails.
func (m Mask) MarshalText() ([]byte, error) { return m.appendList([]byte{}), nil }

// UnmarshalText is [Parse], for encoding/json and [flag.TextVar]. On error m keeps its value.
func (m *Mask) UnmarshalText(text []byte) error {
	parsed, err := Parse(string(text))
	if err != nil {
		return err
	}
	*m = parsed
	return nil
}
