// Package resp parses the requests and formats the answers of version 2 of the
// Redis protocol (RESP2). It does no I/O; buffers belong to the caller.
package resp

import (
	"bytes"
	"strconv"
)

// Limits on the requests of one client. The zero value is the defaults.
type Limits struct {
	Bulk    int // bytes of an argument; default 64 MB
	Args    int // arguments of a command, its name included; default 1<<20
	Command int // bytes of all arguments of a command; default 128 MB
}

// Defaults of Limits.
const (
	DefaultBulk    = 64 << 20
	DefaultArgs    = 1 << 20
	DefaultCommand = 128 << 20
)

// MaxLine is the longest that an inline command or a length may be.
const MaxLine = 64 << 10

func (l Limits) withDefaults() Limits {
	if l.Bulk == 0 {
		l.Bulk = DefaultBulk
	}
	if l.Args == 0 {
		l.Args = DefaultArgs
	}
	if l.Command == 0 {
		l.Command = DefaultCommand
	}
	return l
}

// ProtocolError is a client's error. Later bytes of the client have no meaning;
// a server answers with the error and closes the connection.
type ProtocolError string

func (e ProtocolError) Error() string { return "Protocol error: " + string(e) }

// Parser finds commands in a buffer. It keeps its place in an incomplete
// command, so that no byte is parsed again when more arrive.
type Parser struct {
	// Args are the arguments of the last complete command: slices of the buffer
	// that was parsed, valid as long as that is. None: there is nothing to do.
	Args [][]byte

	limits Limits
	argc   int    // of the command under way; 0: between two commands
	pos    int    // bytes of it that are parsed
	size   int    // bytes of its arguments so far
	spans  []span // its arguments so far
}

// span is an argument's place, counted from the start of its command.
type span struct{ from, to int }

// NewParser returns a parser with these limits.
func NewParser(l Limits) Parser { return Parser{limits: l.withDefaults()} }

// Next parses one command at the start of buf. n is the command's length; the
// next one starts there. n = 0: the command is not complete; call again with
// the same bytes and more behind them. An error is a ProtocolError.
func (p *Parser) Next(buf []byte) (n int, err error) {
	if p.argc == 0 {
		if len(buf) == 0 {
			return 0, nil
		}
		if buf[0] != '*' {
			return p.inline(buf)
		}
		n, err := p.begin(buf)
		if p.argc == 0 {
			return n, err
		}
	}
	return p.bulks(buf)
}

// Missing is how many bytes the argument under way lacks at least, as far as its
// length is known. have is the number of bytes in the buffer.
func (p *Parser) Missing(buf []byte) int {
	if p.argc == 0 || p.pos >= len(buf) {
		return 0
	}
	length, data, err := number(buf, p.pos, "")
	if err != nil || data == 0 {
		return 0
	}
	return max(0, data+int(length)+2-len(buf))
}

// begin parses "*3\r\n". An empty command is complete with it.
func (p *Parser) begin(buf []byte) (n int, err error) {
	p.Args, p.spans, p.size = p.Args[:0], p.spans[:0], 0
	count, next, err := number(buf, 0, "too big mbulk count string")
	if err != nil || next == 0 {
		return 0, err
	}
	if count == bad || count > int64(p.limits.Args) {
		return 0, ProtocolError("invalid multibulk length")
	}
	if count <= 0 {
		return next, nil
	}
	p.argc, p.pos = int(count), next
	return 0, nil
}

// bulks parses arguments, "$3\r\nSET\r\n" each. Like Redis it does not look at the
// two bytes after an argument, nor at the second one after a length.
func (p *Parser) bulks(buf []byte) (n int, err error) {
	pos := p.pos
	for len(p.spans) < p.argc {
		length, data, err := p.header(buf, pos)
		if err != nil {
			return 0, err
		}
		end := data + length
		if data == 0 || len(buf)-2 < end {
			p.pos = pos
			return 0, nil
		}
		p.spans = append(p.spans, span{data, end})
		p.size += length
		pos = end + 2
	}
	p.argc, p.pos = 0, 0
	for _, s := range p.spans {
		p.Args = append(p.Args, buf[s.from:s.to:s.to])
	}
	p.trim()
	return pos, nil
}

// header parses an argument's length; data = 0: it is not complete.
func (p *Parser) header(buf []byte, pos int) (length, data int, err error) {
	if len(buf)-pos >= 4 && buf[pos] == '$' && buf[pos+2] == '\r' && buf[pos+1]-'0' < 10 {
		if length = int(buf[pos+1] - '0'); p.fits(int64(length)) {
			return length, pos + 4, nil
		}
	}
	if pos >= len(buf) {
		return 0, 0, nil
	}
	n, data, err := number(buf, pos, "too big bulk count string")
	switch {
	case err != nil || data == 0:
		return 0, 0, err
	case buf[pos] != '$':
		return 0, 0, ProtocolError("expected '$', got '" + string(printable(buf[pos])) + "'")
	case n == bad || n < 0 || n > int64(p.limits.Bulk):
		return 0, 0, ProtocolError("invalid bulk length")
	case !p.fits(n):
		return 0, 0, ProtocolError("too big request")
	}
	return int(n), data, nil
}

func (p *Parser) fits(n int64) bool {
	return n <= int64(p.limits.Bulk) && int64(p.size)+n <= int64(p.limits.Command)
}

// printable is a byte as Redis shows it in an error, which has to be one line.
func printable(b byte) []byte {
	if b == '\r' || b == '\n' {
		return []byte{' '}
	}
	return []byte{b}
}

// trim releases the memory that an exceptionally long command needed.
func (p *Parser) trim() {
	const keep = 1024
	if cap(p.spans) > keep {
		p.spans = nil
	}
}

// bad is the result for a line without a number.
const bad = -1 << 63

// number parses the line at pos: a byte for its kind, a number, and two bytes
// that end it. next = 0: it is not complete.
func number(buf []byte, pos int, tooBig string) (n int64, next int, err error) {
	line := buf[pos:min(len(buf), pos+MaxLine+1)]
	end := bytes.IndexByte(line, '\r')
	if end < 0 {
		if len(line) > MaxLine {
			return 0, 0, ProtocolError(tooBig)
		}
		return 0, 0, nil
	}
	if pos+end+2 > len(buf) {
		return 0, 0, nil
	}
	if end == 0 { // the line lacks even its first byte
		return bad, pos + 2, nil
	}
	n, ok := ParseInt(line[1:end])
	if !ok {
		n = bad
	}
	return n, pos + end + 2, nil
}

// ParseInt parses a decimal number as Redis does everywhere: no sign but a minus,
// no leading zero, no space.
func ParseInt(b []byte) (n int64, ok bool) {
	if len(b) == 0 || len(b) > len("-9223372036854775808") {
		return 0, false
	}
	digits := b
	if b[0] == '-' {
		digits = b[1:]
	}
	if len(digits) == 0 || digits[0] == '0' && len(b) > 1 {
		return 0, false
	}
	if len(digits) > 18 {
		return parseLong(b)
	}
	for _, d := range digits {
		if d -= '0'; d > 9 {
			return 0, false
		}
		n = n*10 + int64(d)
	}
	if b[0] == '-' {
		n = -n
	}
	return n, true
}

func parseLong(b []byte) (int64, bool) {
	for i, d := range b {
		if d-'0' > 9 && (i > 0 || d != '-') {
			return 0, false
		}
	}
	n, err := strconv.ParseInt(string(b), 10, 64)
	return n, err == nil
}
