package resp

import (
	"fmt"
	"strconv"
	"strings"
)

// twin parses the whole input at once, in the obvious way: it has no buffers
// that end early, and copies everything. It ignores an incomplete command.
func twin(input string, l Limits) (commands [][]string, err error) {
	l = l.withDefaults()
	for input != "" {
		var args []string
		rest, ok := input, false
		if input[0] == '*' {
			args, rest, ok, err = twinMulti(input, l)
		} else {
			args, rest, ok, err = twinInline(input)
		}
		if err != nil || !ok {
			return commands, err
		}
		commands = append(commands, args)
		input = rest
	}
	return commands, nil
}

// twinLine cuts a line that ends with \r and any other byte.
func twinLine(s, tooBig string) (line, rest string, ok bool, err error) {
	line, rest, found := strings.Cut(s, "\r")
	if !found && len(s) > MaxLine || found && len(line) > MaxLine {
		return "", "", false, ProtocolError(tooBig)
	}
	if !found || rest == "" {
		return "", "", false, nil
	}
	return line, rest[1:], true, nil
}

func twinNumber(line string) (n int64, ok bool) {
	if line == "" {
		return 0, false
	}
	n, err := strconv.ParseInt(line[1:], 10, 64)
	return n, err == nil && strconv.FormatInt(n, 10) == line[1:] && n != bad
}

func twinMulti(s string, l Limits) (args []string, rest string, ok bool, err error) {
	line, s, ok, err := twinLine(s, "too big mbulk count string")
	if err != nil || !ok {
		return nil, "", false, err
	}
	count, ok := twinNumber(line)
	if !ok || count > int64(l.Args) {
		return nil, "", false, ProtocolError("invalid multibulk length")
	}
	size := int64(0)
	for range max(count, 0) {
		line, rest, ok, err := twinLine(s, "too big bulk count string")
		if err != nil || !ok {
			return nil, "", false, err
		}
		if s[0] != '$' {
			return nil, "", false, ProtocolError(strings.NewReplacer("\r", " ", "\n", " ").Replace(fmt.Sprintf("expected '$', got '%s'", s[:1])))
		}
		n, ok := twinNumber(line)
		if !ok || n < 0 || n > int64(l.Bulk) {
			return nil, "", false, ProtocolError("invalid bulk length")
		}
		if size += n; size > int64(l.Command) {
			return nil, "", false, ProtocolError("too big request")
		}
		if int64(len(rest)) < n+2 {
			return nil, "", false, nil
		}
		args = append(args, rest[:n])
		s = rest[n+2:]
	}
	return args, s, true, nil
}

func twinInline(s string) (args []string, rest string, ok bool, err error) {
	line, rest, found := strings.Cut(s, "\n")
	if len(line) > MaxLine || !found && len(s) > MaxLine {
		return nil, "", false, ProtocolError("too big inline request")
	}
	if !found {
		return nil, "", false, nil
	}
	args, ok = twinWords(strings.TrimSuffix(line, "\r"))
	if !ok {
		return nil, "", false, ProtocolError("unbalanced quotes in request")
	}
	return args, rest, true, nil
}

// twinWords is a state machine over single bytes.
func twinWords(line string) (words []string, ok bool) {
	const spaces = " \t\n\v\f\r"
	state, word := ' ', []byte(nil) // bytes: 64 kB by += take seconds
	for i := 0; i < len(line); i++ {
		b := line[i]
		space := strings.IndexByte(spaces, b) >= 0
		switch {
		case state == 'e' && !space: // after a quote
			return nil, false
		case space && (state == 'w' || state == 'e'):
			words, word, state = append(words, string(word)), nil, ' '
		case space && state == ' ':
		case (state == ' ' || state == 'w') && (b == '"' || b == '\''):
			state = rune(b)
		case state == ' ' || state == 'w':
			word, state = append(word, b), 'w'
		case b == byte(state):
			state = 'e'
		case b == '\\' && state == '"' && i+3 < len(line) && line[i+1] == 'x' && twinHex(line[i+2:i+4]) >= 0:
			word = append(word, byte(twinHex(line[i+2:i+4])))
			i += 3
		case b == '\\' && state == '"' && i+1 < len(line):
			i++
			if at := strings.IndexByte("nrtba", line[i]); at >= 0 {
				word = append(word, "\n\r\t\b\a"[at])
			} else {
				word = append(word, line[i])
			}
		case b == '\\' && state == '\'' && i+1 < len(line) && line[i+1] == '\'':
			word = append(word, '\'')
			i++
		default:
			word = append(word, line[i])
		}
	}
	if state == '"' || state == '\'' {
		return nil, false
	}
	if state != ' ' {
		words = append(words, string(word))
	}
	return words, true
}

// twinHex is the value of two hexadecimal digits, -1 if they are none.
func twinHex(s string) int {
	n, err := strconv.ParseUint(s, 16, 8)
	if err != nil {
		return -1
	}
	return int(n)
}
