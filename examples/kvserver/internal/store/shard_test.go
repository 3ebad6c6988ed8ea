package store

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

// Random operations, against a map of strings.
func TestShardAgainstAMap(t *testing.T) {
	var s Shard
	want := map[string]string{}
	random := rand.New(rand.NewPCG(3, 4))
	bulk := func(v string, ok bool) string {
		if !ok {
			return "$-1\r\n"
		}
		return "$" + strconv.Itoa(len(v)) + "\r\n" + v + "\r\n"
	}
	for range 50000 {
		key := strconv.Itoa(random.IntN(20))
		arg := strings.Repeat("x", random.IntN(3)*random.IntN(200))
		if random.IntN(3) > 0 {
			arg = strconv.Itoa(random.IntN(100) - 50)
		}
		old, there := want[key]
		verb := Verb(random.IntN(int(Flush) + 1))
		if verb == Flush && random.IntN(100) > 0 {
			continue
		}
		var got, expected string
		if verb.Replies() {
			got = string(s.Reply(verb, []byte(key), []byte(arg), nil))
		} else {
			got = strconv.Itoa(s.Count(verb, []byte(key), []byte(arg)))
		}
		switch verb {
		case Get:
			expected = bulk(old, there)
		case Set:
			want[key], expected = arg, "+OK\r\n"
		case SetNX, SetXX:
			expected = "$-1\r\n"
			if there == (verb == SetXX) {
				want[key], expected = arg, "+OK\r\n"
			}
		case Incr:
			if !there {
				old = "0"
			}
			a, err := strconv.Atoi(old)
			b, err2 := strconv.Atoi(arg)
			if expected = "-" + NotInteger + "\r\n"; err == nil && err2 == nil {
				want[key] = strconv.Itoa(a + b)
				expected = ":" + want[key] + "\r\n"
			}
		case Put:
			want[key], expected = arg, "0"
		case Del, Exists:
			if expected = "0"; there {
				expected = "1"
			}
			if verb == Del {
				delete(want, key)
			}
		case Len:
			expected = strconv.Itoa(len(want))
		case Flush:
			clear(want)
			expected = "0"
		}
		if got != expected {
			t.Fatalf("verb %d, key %q, argument %q: %q, want %q", verb, key, arg, got, expected)
		}
	}
	size := 0
	for k, v := range want {
		size += len(k) + len(v)
	}
	if s.Len() != len(want) || s.Bytes() != size {
		t.Errorf("%d keys and %d bytes, want %d and %d", s.Len(), s.Bytes(), len(want), size)
	}
	s.Each(func(k string, v []byte) {
		if want[k] != string(v) {
			t.Errorf("%q is %q, want %q", k, v, want[k])
		}
	})
}

func TestIncrAtTheEdges(t *testing.T) {
	for _, c := range [][3]string{
		{"9223372036854775806", "1", ":9223372036854775807\r\n"},
		{"9223372036854775807", "1", "-" + Overflow + "\r\n"},
		{"-9223372036854775808", "-1", "-" + Overflow + "\r\n"},
		{"-1", "-9223372036854775808", "-" + Overflow + "\r\n"},
		{"0", "-9223372036854775808", ":-9223372036854775808\r\n"},
		{"", "1", "-" + NotInteger + "\r\n"},
		{" 1", "1", "-" + NotInteger + "\r\n"},
		{"1", "9223372036854775808", "-" + NotInteger + "\r\n"},
	} {
		var s Shard
		s.Count(Put, []byte("k"), []byte(c[0]))
		if got := string(s.Reply(Incr, []byte("k"), []byte(c[1]), nil)); got != c[2] {
			t.Errorf("%s + %s: %q, want %q", c[0], c[1], got, c[2])
		}
	}
}

// Commands on known keys allocate nothing.
func TestKnownKeysAllocateNothing(t *testing.T) {
	var s Shard
	key, value, one := []byte("key"), []byte("value"), []byte("1")
	s.Count(Put, key, value)
	s.Count(Put, one, one)
	out := make([]byte, 0, 100)
	if n := testing.AllocsPerRun(100, func() {
		s.Reply(Set, key, value, out)
		s.Reply(Get, key, nil, out)
		s.Reply(Incr, one, one, out)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
