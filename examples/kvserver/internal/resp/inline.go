package resp

import "bytes"

// inline parses a command as a person types it: words up to the end of the line.
func (p *Parser) inline(buf []byte) (n int, err error) {
	p.Args = p.Args[:0]
	end := bytes.IndexByte(buf[:min(len(buf), MaxLine+1)], '\n')
	if end < 0 {
		if len(buf) > MaxLine {
			return 0, ProtocolError("too big inline request")
		}
		return 0, nil
	}
	line := bytes.TrimSuffix(buf[:end], []byte{'\r'})
	for {
		line = bytes.TrimLeft(line, " \t\n\v\f\r")
		if len(line) == 0 {
			return end + 1, nil
		}
		var word []byte
		if word, line, err = splitWord(line); err != nil {
			return 0, err
		}
		p.Args = append(p.Args, word)
	}
}

const unbalanced = ProtocolError("unbalanced quotes in request")

// splitWord splits the first word off line. A word ends with a space. Quotes
// within it may contain spaces, and double quotes also escapes.
func splitWord(line []byte) (word, rest []byte, err error) {
	word = []byte{} // present though it may be empty
	for len(line) > 0 && !isSpace(line[0]) {
		quote := line[0]
		if quote != '"' && quote != '\'' {
			word = append(word, quote)
			line = line[1:]
			continue
		}
		if word, line, err = unquote(word, line[1:], quote); err != nil {
			return nil, nil, err
		}
		if len(line) > 0 && !isSpace(line[0]) {
			return nil, nil, unbalanced
		}
	}
	return word, line, nil
}

// unquote appends the part of line up to the closing quote to word.
func unquote(word, line []byte, quote byte) (longer, rest []byte, err error) {
	for len(line) > 0 && line[0] != quote {
		b, size := unescape(line, quote)
		word = append(word, b)
		line = line[size:]
	}
	if len(line) == 0 {
		return nil, nil, unbalanced
	}
	return word, line[1:], nil
}

// unescape is the first byte of line, which may take several to write.
func unescape(line []byte, quote byte) (b byte, size int) {
	if line[0] != '\\' || len(line) == 1 {
		return line[0], 1
	}
	next := line[1]
	if quote == '\'' {
		if next == '\'' {
			return next, 2
		}
		return '\\', 1
	}
	if next == 'x' && len(line) >= 4 && isHex(line[2]) && isHex(line[3]) {
		return hex(line[2])<<4 | hex(line[3]), 4
	}
	if i := bytes.IndexByte([]byte("nrtba"), next); i >= 0 {
		return "\n\r\t\b\a"[i], 2
	}
	return next, 2
}

func isSpace(b byte) bool { return b == ' ' || b >= '\t' && b <= '\r' }

func isHex(b byte) bool {
	return b >= '0' && b <= '9' || b|0x20 >= 'a' && b|0x20 <= 'f'
}

func hex(b byte) byte {
	if b <= '9' {
		return b - '0'
	}
	return b | 0x20 - 'a' + 10
}
