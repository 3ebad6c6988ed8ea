package resp

import "strconv"

// Constant answers.
const (
	OK  = "+OK\r\n"
	Nil = "$-1\r\n"
)

// AppendBulk appends a value, which may hold any bytes.
func AppendBulk(out, value []byte) []byte {
	out = appendHeader(out, '$', int64(len(value)))
	out = append(out, value...)
	return append(out, '\r', '\n')
}

// AppendBulkString is AppendBulk of a string.
func AppendBulkString(out []byte, value string) []byte {
	out = appendHeader(out, '$', int64(len(value)))
	out = append(out, value...)
	return append(out, '\r', '\n')
}

// AppendInt appends a number.
func AppendInt(out []byte, n int64) []byte { return appendHeader(out, ':', n) }

// AppendArray appends the head of an array; its n elements follow.
func AppendArray(out []byte, n int) []byte { return appendHeader(out, '*', int64(n)) }

// AppendError appends an error. Its first word is its kind, ERR for most. Line
// breaks become spaces.
func AppendError(out []byte, message string) []byte {
	out = append(out, '-')
	for i := range len(message) {
		b := message[i]
		if b == '\r' || b == '\n' {
			b = ' '
		}
		out = append(out, b)
	}
	return append(out, '\r', '\n')
}

// appendHeader appends a line that is a number.
func appendHeader(out []byte, kind byte, n int64) []byte {
	if 0 <= n && n <= 9 {
		return append(out, kind, '0'+byte(n), '\r', '\n')
	}
	out = strconv.AppendInt(append(out, kind), n, 10)
	return append(out, '\r', '\n')
}
