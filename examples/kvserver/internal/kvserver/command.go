package kvserver

import (
	"strings"

	"crosscall/examples/kvserver/internal/resp"
	"crosscall/examples/kvserver/internal/store"
)

// session is the client of a command. Each method adds one reply or a part of
// one, in the order of the calls; an engine decides when and where it is made.
// Arguments are valid only during the call.
type session interface {
	// plain answers with the bytes that f appends. f runs at once.
	plain(f plainFunc, args [][]byte)
	// one answers with the reply of a verb on a key.
	one(v store.Verb, key, arg []byte)
	// array begins an answer of n replies.
	array(n int)
	// sum adds up a verb's numbers over keys, which are every step-th of args,
	// each followed by its argument if step is 2. The answer is the sum, or OK.
	sum(v store.Verb, args [][]byte, step int, ok bool)
	// all adds up a verb's numbers over all shards.
	all(v store.Verb, ok bool)
	// finish closes the connection when all is answered.
	finish()
}

// plainFunc appends an answer that needs no key.
type plainFunc func(e *env, args [][]byte, out []byte) []byte

// command is one that clients may send.
type command struct {
	name  string
	arity int // number of arguments, the name included; negative: at least
	run   func(s session, args [][]byte)
}

// commands lists all known commands.
func commands() []command {
	return []command{
		{"get", 2, func(s session, args [][]byte) { s.one(store.Get, args[1], nil) }},
		{"set", -3, set},
		{"incr", 2, func(s session, args [][]byte) { s.one(store.Incr, args[1], one) }},
		{"decr", 2, func(s session, args [][]byte) { s.one(store.Incr, args[1], minusOne) }},
		{"incrby", 3, func(s session, args [][]byte) { s.one(store.Incr, args[1], args[2]) }},
		{"mget", -2, mget},
		{"mset", -3, mset},
		{"del", -2, func(s session, args [][]byte) { s.sum(store.Del, args[1:], 1, false) }},
		{"unlink", -2, func(s session, args [][]byte) { s.sum(store.Del, args[1:], 1, false) }},
		{"exists", -2, func(s session, args [][]byte) { s.sum(store.Exists, args[1:], 1, false) }},
		{"dbsize", 1, func(s session, _ [][]byte) { s.all(store.Len, false) }},
		{"flushall", -1, flush},
		{"flushdb", -1, flush},
		{"ping", -1, ping},
		{"echo", 2, plain(echo)},
		{"select", 2, plain(selectDB)},
		{"info", -1, plain(info)},
		{"config", -2, plain(config)},
		{"command", -1, plain(describe)},
		{"hello", -1, plain(hello)},
		{"quit", -1, quit},
	}
}

var one, minusOne = []byte("1"), []byte("-1")

// byName has the commands by their packed name.
var byName map[uint64]*command

func init() { // not as byName's value: COMMAND COUNT reads byName
	list := commands()
	byName = make(map[uint64]*command)
	for i := range list {
		byName[pack([]byte(list[i].name))] = &list[i]
	}
}

// pack turns a name of up to 8 letters, small or capital, into a number; 0: it
// is longer. No byte other than a letter becomes a small letter by setting
// 0x20, so only a command's name has its number.
func pack(name []byte) (n uint64) {
	if len(name) > 8 {
		return 0
	}
	for _, b := range name {
		n = n<<8 | uint64(b|0x20)
	}
	return n
}

// dispatch runs one command.
func dispatch(s session, args [][]byte) {
	c := byName[pack(args[0])]
	switch {
	case c == nil:
		s.plain(unknown, args)
	case c.arity > 0 && len(args) != c.arity, len(args) < -c.arity:
		s.plain(wrongArity, args)
	default:
		c.run(s, args)
	}
}

func plain(f plainFunc) func(session, [][]byte) {
	return func(s session, args [][]byte) { s.plain(f, args) }
}

func fail(message string) plainFunc {
	return func(_ *env, _ [][]byte, out []byte) []byte { return resp.AppendError(out, message) }
}

var syntaxError = fail("ERR syntax error")

func set(s session, args [][]byte) {
	verb := store.Set
	switch {
	case len(args) == 3:
	case len(args) == 4 && strings.EqualFold(string(args[3]), "nx"):
		verb = store.SetNX
	case len(args) == 4 && strings.EqualFold(string(args[3]), "xx"):
		verb = store.SetXX
	default:
		s.plain(syntaxError, nil)
		return
	}
	s.one(verb, args[1], args[2])
}

func mget(s session, args [][]byte) {
	s.array(len(args) - 1)
	for _, key := range args[1:] {
		s.one(store.Get, key, nil)
	}
}

func mset(s session, args [][]byte) {
	if len(args)%2 == 0 {
		s.plain(wrongArity, args)
		return
	}
	s.sum(store.Put, args[1:], 2, true)
}

func flush(s session, args [][]byte) {
	if len(args) > 2 || len(args) == 2 && !strings.EqualFold(string(args[1]), "sync") && !strings.EqualFold(string(args[1]), "async") {
		s.plain(syntaxError, nil)
		return
	}
	s.all(store.Flush, true)
}

func ping(s session, args [][]byte) {
	switch len(args) {
	case 1:
		s.plain(pong, nil)
	case 2:
		s.plain(echo, args)
	default:
		s.plain(wrongArity, args)
	}
}

func quit(s session, _ [][]byte) {
	s.plain(okay, nil)
	s.finish()
}
