package kvserver

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

// Random commands, in pipelines of random lengths, to this server and to Redis:
// the replies are the same, byte for byte.
func TestSameAsRedis(t *testing.T) {
	addr := redis(t)
	onEngines(t, Config{}, func(t *testing.T, s Server) {
		for seed := range uint64(fewer(20)) {
			random := rand.New(rand.NewPCG(seed, 7))
			ours, theirs := dialServer(t, s), dial(t, "unix", addr)
			ours.want("+OK\r\n", "FLUSHALL")
			theirs.want("+OK\r\n", "FLUSHALL")
			for range 20 {
				var sent []string
				for range 1 + random.IntN(60) {
					sent = append(sent, aCommand(random))
				}
				same(t, ours, theirs, sent)
			}
		}
	})
}

func same(t *testing.T, ours, theirs *peer, sent []string) {
	t.Helper()
	all := strings.Join(sent, "")
	ours.send(all)
	theirs.send(all)
	for _, command := range sent {
		if answers(command) == 0 {
			continue
		}
		got, want := ours.reply(), theirs.reply()
		if got != want {
			t.Fatalf("%q: %q, Redis says %q", command, got, want)
		}
	}
}

// answers is the number of replies to a command of aCommand.
func answers(command string) int {
	if strings.TrimSpace(command) == "" || command == "*0\r\n" || command == "*-1\r\n" {
		return 0
	}
	return 1
}

func aCommand(random *rand.Rand) string {
	key := func() string { return fmt.Sprintf("key%d", random.IntN(12)) }
	value := func() string {
		switch random.IntN(5) {
		case 0:
			return fmt.Sprint(random.IntN(1000) - 500)
		case 1:
			return []string{"", "9223372036854775807", "-9223372036854775808", " 1", "01", "1.5", "\r\n", "\x00\xff"}[random.IntN(8)]
		case 2:
			return strings.Repeat("long\x00\r\n", random.IntN(3000))
		}
		return fmt.Sprintf("value%d", random.IntN(100))
	}
	several := func(name string, f ...func() string) string {
		args := []string{name}
		for range random.IntN(8) {
			for _, f := range f {
				args = append(args, f())
			}
		}
		return encode(args...)
	}
	switch random.IntN(22) {
	case 0, 1, 2:
		return encode("get", key())
	case 3, 4:
		return encode("SET", key(), value())
	case 5:
		return encode("set", key(), value(), []string{"nx", "XX", "what"}[random.IntN(3)])
	case 6:
		return encode("Incr", key())
	case 7:
		return encode([]string{"DECR", "INCRBY"}[random.IntN(2)], key())
	case 8:
		return encode("INCRBY", key(), value())
	case 9:
		return several("MGET", key)
	case 10:
		return several("mset", key, value)
	case 11:
		return several("mset", key)
	case 12:
		return several("DEL", key)
	case 13:
		return several("EXISTS", key)
	case 14:
		return encode("DBSIZE")
	case 15:
		if random.IntN(10) == 0 {
			return several("FLUSHALL", func() string { return []string{"sync", "ASYNC", "?"}[random.IntN(3)] })
		}
		return encode("unlink", key(), key())
	case 16:
		return several("ping", value)
	case 17:
		return several([]string{"echo", "get", "GeT", "dbsize", "incr"}[random.IntN(5)], value)
	case 18:
		return encode("select", []string{"0", "-1", "99", "x", "99999999999"}[random.IntN(5)])
	case 19:
		// Not "get\x00": whether Redis treats that as "get" depends on the seed of its hash.
		return several([]string{"nosuch", "g\r\nt", "no\x00such", ""}[random.IntN(4)], func() string { return strings.Repeat(value(), 1+random.IntN(2)) })
	case 20:
		return []string{"PING\r\n", "get key1\n", "set key2 \"a b\\x41\\n\"\r\n", "\r\n", "   \n", "set key3 'it\\'s'\r\n", "echo \"\"\r\n", "*0\r\n", "*-1\r\n"}[random.IntN(9)]
	}
	return encode("CONFIG", "get", []string{"save", "appendonly", "nosuch"}[random.IntN(3)])
}

// Malformed input: both servers answer the same and close.
func TestMalformedAsRedis(t *testing.T) {
	addr := redis(t)
	inputs := []string{
		"*1\r\n:4\r\nPING\r\n", "*1\r\n$-1\r\nPING\r\n", "*x\r\n", "*99999999999\r\n", "*1\r\n$99999999999\r\n", "set k \"open\r\n", "set k 'a'b\r\n",
		"*1\r\n\n", "*01\r\n", "* 1\r\n", "*1\r\n$x\r\n", "*3\r\n$3\r\nSET\r\n$1\r\na\r\n", "PING", "*1\r\n$4\r\nPINGxx*1\r\n$4\r\nPING\r\n", "*1\r\r$4\r\rPING\r\r",
		"*2\r\n$4\r\nECHO\r\n", strings.Repeat("x", 70000), "*" + strings.Repeat("1", 70000), "*1\r\n$" + strings.Repeat("1", 70000),
		"PING\r\nPING\r\n*1\r\n?4\r\n", "QUIT\r\nPING\r\n", "*1\r\n$4\r\nquit\r\n*x\r\n",
	}
	random := rand.New(rand.NewPCG(8, 9))
	pieces := []string{"*", "$", "1", "2", "3", "4", "-1", "0", "\r\n", "\r\n", "\r\n", "\n", "\r", "GET", "PING", "a", " ", "'", "\"", "\\", "\xff"}
	for range fewer(200) {
		var b strings.Builder
		for range random.IntN(30) {
			if random.IntN(4) == 0 {
				b.WriteString(encode("GET", pieces[random.IntN(len(pieces))]))
			}
			b.WriteString(pieces[random.IntN(len(pieces))])
		}
		inputs = append(inputs, b.String())
	}
	onEngines(t, Config{}, func(t *testing.T, s Server) {
		for _, input := range inputs {
			if got, want := exchangeAll(t, "tcp", s.Addr().String(), input), exchangeAll(t, "unix", addr, input); got != want {
				t.Errorf("%.200q: %q, Redis says %q", input, got, want)
			}
		}
		if s.Figures().Malformed == 0 {
			t.Error("no protocol error was counted")
		}
	})
}

// exchangeAll sends input, ends the stream, and returns all that the server sends.
func exchangeAll(t *testing.T, network, addr, input string) string {
	t.Helper()
	p := dial(t, network, addr)
	defer p.Close()
	p.send(input)
	if c, ok := p.Conn.(interface{ CloseWrite() error }); ok {
		_ = c.CloseWrite() // the server may have closed already
	}
	return p.rest()
}

func TestRedisCLI(t *testing.T) {
	onEngines(t, Config{}, func(t *testing.T, s Server) {
		got := tool(t, s, "set k \"a b\"\nget k\nincr n\nincrby n 41\nmset a 1 b 2\nmget a nosuch b\ndel a b\nexists a k\ndbsize\nping\nfoo bar\nselect 0\nhello 3\nflushall\nget k\n", "redis-cli", "--no-raw")
		want := `OK
"a b"
(integer) 1
(integer) 42
OK
1) "1"
2) (nil)
3) "2"
(integer) 2
(integer) 1
(integer) 2
PONG
(error) ERR unknown command 'foo', with args beginning with: 'bar' 
OK
(error) NOPROTO unsupported protocol version
OK
(nil)
`
		if strings.ReplaceAll(got, "\n\n", "\n") != want {
			t.Errorf("redis-cli says\n%s\nwant\n%s", got, want)
		}
		var load strings.Builder
		const n = 20000
		for i := range n {
			load.WriteString(encode("SET", fmt.Sprintf("key%d", i), fmt.Sprintf("value%d", i)))
		}
		if got := tool(t, s, load.String(), "redis-cli", "--pipe"); !strings.Contains(got, fmt.Sprintf("errors: 0, replies: %d", n)) {
			t.Errorf("redis-cli --pipe says\n%s", got)
		}
		if got := tool(t, s, "", "redis-cli", "dbsize"); got != fmt.Sprintln(n) {
			t.Errorf("dbsize: %s", got)
		}
		if got := tool(t, s, "", "redis-cli", "info", "keyspace"); !strings.Contains(got, fmt.Sprintf("db0:keys=%d,", n)) {
			t.Errorf("info keyspace: %s", got)
		}
	})
}

func TestRedisBenchmark(t *testing.T) {
	onEngines(t, Config{}, func(t *testing.T, s Server) {
		for _, pipeline := range []string{"1", "16"} {
			got := tool(t, s, "", "redis-benchmark", "-t", "ping,set,get,incr,mset", "-n", strconv.Itoa(fewer(4000)), "-P", pipeline, "-r", "1000", "--csv")
			if strings.Count(got, "\n") != 7 || strings.Contains(strings.ToLower(got), "err") || strings.Contains(got, "WARN") {
				t.Errorf("pipelines of %s:\n%s", pipeline, got)
			}
		}
		if f := s.Figures(); f.Commands < uint64(10*fewer(4000)) || f.Malformed > 0 || f.Dropped > 0 {
			t.Errorf("figures: %+v", f)
		}
	})
}
