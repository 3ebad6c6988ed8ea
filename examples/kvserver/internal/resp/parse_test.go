package resp

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// feed passes input to the parser in pieces, as a connection would: the rest of
// one read stays at the start of the buffer for the next.
func feed(input string, l Limits, piece func() int) (commands [][]string, err error) {
	p := NewParser(l)
	var buf []byte
	for input != "" {
		n := min(len(input), max(1, piece()))
		buf = append(buf, input[:n]...)
		input = input[n:]
		for {
			n, err := p.Next(buf)
			if err != nil {
				return commands, err
			}
			if n == 0 {
				break
			}
			var args []string
			for _, arg := range p.Args {
				args = append(args, string(arg))
			}
			commands = append(commands, args)
			buf = append([]byte(nil), buf[n:]...) // a copy: the parser must not keep pointers to the old buffer
		}
	}
	return commands, nil
}

var inputs = []string{
	"*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$2\r\n\r\n\r\nPING\r\n",
	"*1\r\n$4\r\nPING\r\n*0\r\n*-1\r\n*2\r\n$4\r\nECHO\r\n$12\r\nhello\x00\r\nworld\r\n",
	"GET  'a b'\"c\\x41\\n\" \n",
	"set k \"a\\x4\" 'it\\'s'\r\n\r\nget \"\"\n",
	"set k \"open\r\n",
	"set k 'a'b\r\n",
	"*x\r\n", "*1\r\n:4\r\nPING\r\n", "*1\r\n$-1\r\n", "*1\r\n$01\r\na\r\n", "*1\r\n\r\n\r\n",
	"*99999999\r\n", "*1\r\n$99999999999\r\n", "*9223372036854775808\r\n", "*2\r\n$3\r\nGETXX$1\rXkXX",
	"*3\r\n$1\r\na\r\n$90\r\n" + strings.Repeat("b", 90) + "\r\n$90\r\n" + strings.Repeat("c", 90) + "\r\n",
	"*" + strings.Repeat("1", MaxLine+5), strings.Repeat("x", MaxLine) + "\n", strings.Repeat("x", MaxLine+1) + "\n",
	"*1\r\n$" + strings.Repeat("1", MaxLine+5), "*-9223372036854775808\r\nPING\r\n",
}

var small = Limits{Bulk: 100, Args: 10, Command: 150}

func compare(t *testing.T, input string, seed uint64) {
	t.Helper()
	want, wantErr := twin(input, small)
	random := rand.New(rand.NewPCG(seed, 0))
	for _, longest := range []int{1, 7, 1 << 20} {
		if len(input) > 10000 {
			longest *= 1000
		}
		got, err := feed(input, small, func() int { return 1 + random.IntN(longest) })
		if d := cmp.Diff(want, got); d != "" || err != wantErr {
			t.Fatalf("%q in pieces of at most %d: %v, the twin says %v\n%s", input, longest, err, wantErr, d)
		}
	}
}

func FuzzParser(f *testing.F) {
	for i, input := range inputs {
		f.Add(input, uint64(i))
	}
	f.Fuzz(compare)
}

// Shuffled pieces of valid commands reach deeper into the parser than random bytes.
func TestParserAgainstTheTwin(t *testing.T) {
	pieces := []string{"*", "$", "1", "2", "3", "10", "-1", "0", "\r\n", "\r\n", "\r\n", "\n", "\r", "GET", "a", " ", "'", "\"", "\\", "x41", "\x00"}
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 20000 {
		var b strings.Builder
		for range random.IntN(30) {
			if random.IntN(4) == 0 {
				b.WriteString("*2\r\n$3\r\nGET\r\n$1\r\n" + pieces[random.IntN(len(pieces))][:1] + "\r\n")
			}
			b.WriteString(pieces[random.IntN(len(pieces))])
		}
		compare(t, b.String(), uint64(i))
	}
}

func TestParseInt(t *testing.T) {
	for _, s := range []string{
		"", "-", "0", "-0", "00", "1", "-1", "+1", " 1", "1 ", "01", "a", "1a", "123456789012345678", "1234567890123456789",
		"9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "99999999999999999999", "999999999999999999a",
	} {
		want, err := strconv.ParseInt(s, 10, 64)
		wantOK := err == nil && strconv.FormatInt(want, 10) == s
		n, ok := ParseInt([]byte(s))
		if ok != wantOK || ok && n != want {
			t.Errorf("%q: %d, %v", s, n, ok)
		}
	}
}

func TestAppend(t *testing.T) {
	var out []byte
	out = AppendBulk(out, []byte("a\r\n\x00"))
	out = AppendBulkString(out, "")
	out = AppendInt(out, math.MinInt64)
	out = AppendInt(out, 7)
	out = AppendArray(out, 12)
	out = AppendError(out, "ERR a\r\nb")
	want := "$4\r\na\r\n\x00\r\n$0\r\n\r\n:-9223372036854775808\r\n:7\r\n*12\r\n-ERR a  b\r\n"
	if string(out) != want {
		t.Errorf("%q, want %q", out, want)
	}
}

// A command that is complete in one buffer costs no allocation.
func TestParserAllocatesNothing(t *testing.T) {
	p := NewParser(Limits{})
	buf := []byte("*3\r\n$3\r\nSET\r\n$16\r\nkey:000000000001\r\n$3\r\nxxx\r\n")
	if n := testing.AllocsPerRun(100, func() {
		if n, err := p.Next(buf); n != len(buf) || err != nil {
			t.Fatal(n, err)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkParser(b *testing.B) {
	p := NewParser(Limits{})
	buf := []byte("*3\r\n$3\r\nSET\r\n$16\r\nkey:000000000001\r\n$3\r\nxxx\r\n")
	for b.Loop() {
		if n, err := p.Next(buf); n != len(buf) || err != nil {
			b.Fatal(n, err)
		}
	}
}
