package kvserver

import (
	"bytes"
	"fmt"
	"path"
	"strconv"
	"strings"

	"crosscall/examples/kvserver/internal/resp"
)

func okay(_ *env, _ [][]byte, out []byte) []byte { return append(out, resp.OK...) }
func pong(_ *env, _ [][]byte, out []byte) []byte { return append(out, "+PONG\r\n"...) }

func echo(_ *env, args [][]byte, out []byte) []byte { return resp.AppendBulk(out, args[1]) }

// cString is an argument as Redis prints it: up to most bytes, and only those
// before a zero byte.
func cString(b []byte, most int) string {
	b, _, _ = bytes.Cut(b[:min(len(b), most)], []byte{0})
	return string(b)
}

func unknown(_ *env, args [][]byte, out []byte) []byte {
	var given strings.Builder
	for _, arg := range args[1:] {
		if given.Len() >= 128 {
			break
		}
		fmt.Fprintf(&given, "'%s' ", cString(arg, 128-given.Len()))
	}
	return resp.AppendError(out, fmt.Sprintf("ERR unknown command '%s', with args beginning with: %s", cString(args[0], 128), given.String()))
}

func wrongArity(_ *env, args [][]byte, out []byte) []byte {
	return resp.AppendError(out, "ERR wrong number of arguments for '"+strings.ToLower(string(args[0]))+"' command")
}

// selectDB knows only database 0.
func selectDB(_ *env, args [][]byte, out []byte) []byte {
	switch n, ok := resp.ParseInt(args[1]); {
	case !ok:
		return resp.AppendError(out, "ERR value is not an integer or out of range")
	case n != int64(int32(n)):
		return resp.AppendError(out, "ERR value is out of range, value must between -2147483648 and 2147483647")
	case n != 0:
		return resp.AppendError(out, "ERR DB index is out of range")
	}
	return append(out, resp.OK...)
}

// config answers GET of the few settings that clients ask for.
func config(e *env, args [][]byte, out []byte) []byte {
	if !strings.EqualFold(string(args[1]), "get") {
		return resp.AppendError(out, "ERR CONFIG of this server has GET only")
	}
	if len(args) < 3 {
		return resp.AppendError(out, "ERR wrong number of arguments for 'config|get' command")
	}
	var found []string
	for _, setting := range e.settings() {
		for _, pattern := range args[2:] {
			if ok, _ := path.Match(strings.ToLower(string(pattern)), setting[0]); ok {
				found = append(found, setting[0], setting[1])
				break
			}
		}
	}
	out = resp.AppendArray(out, len(found))
	for _, s := range found {
		out = resp.AppendBulkString(out, s)
	}
	return out
}

func (e *env) settings() [][2]string {
	return [][2]string{
		{"appendonly", "no"},
		{"databases", "1"},
		{"maxclients", strconv.Itoa(e.MaxClients)},
		{"maxmemory", "0"},
		{"proto-max-bulk-len", strconv.Itoa(e.Limits.Bulk)},
		{"save", ""},
	}
}

// describe is COMMAND: it answers only COUNT, the number of commands. To
// clients an empty answer means that the server does not describe its commands.
func describe(_ *env, args [][]byte, out []byte) []byte {
	if len(args) == 2 && strings.EqualFold(string(args[1]), "count") {
		return resp.AppendInt(out, int64(len(byName)))
	}
	return resp.AppendArray(out, 0)
}

// hello accepts only version 2 of the protocol.
func hello(_ *env, args [][]byte, out []byte) []byte {
	if len(args) > 1 {
		if n, ok := resp.ParseInt(args[1]); !ok {
			return resp.AppendError(out, "ERR Protocol version is not an integer or out of range")
		} else if n != 2 {
			return resp.AppendError(out, "NOPROTO unsupported protocol version")
		}
		if len(args) > 2 {
			return resp.AppendError(out, "ERR Syntax error in HELLO option '"+cString(args[2], 128)+"'")
		}
	}
	out = resp.AppendArray(out, 14)
	for _, s := range []string{"server", "crosscall-kvserver", "version", redisVersion, "proto"} {
		out = resp.AppendBulkString(out, s)
	}
	out = resp.AppendInt(out, 2)
	out = resp.AppendBulkString(out, "id")
	out = resp.AppendInt(out, 0)
	for _, s := range []string{"mode", "standalone", "role", "master", "modules"} {
		out = resp.AppendBulkString(out, s)
	}
	return resp.AppendArray(out, 0)
}
