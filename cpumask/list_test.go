package cpumask_test

import (
	"encoding/json"
	"errors"
	"flag"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"crosscall/cpumask"

	"pgregory.net/rapid"
)

var good = []struct{ list, want string }{
	{"", ""},
	{" \t\r\n\v\f,,", ""},
	{"0", "0"},
	{"1023", "1023"},
	{"007", "7"},
	{"0-3,8", "0-3,8"},
	{"0-3\n", "0-3"},
	{",5 6\t7,\n,9,", "5-7,9"},
	{"5\n6", "5-6"},
	{"8,0-3,2-5", "0-5,8"},
	{"0,1", "0-1"},
	{"4-4", "4"},
	{"62-65", "62-65"},
	{"N", "1023"},
	{"1020-N", "1020-1023"},
	{"N-N", "1023"},
	{"all", "0-1023"},
	{"ALL aLl", "0-1023"},
	{"0-15:2/4", "0-1,4-5,8-9,12-13"},
	{"0-1023:2/256", "0-1,256-257,512-513,768-769"},
	{"10-20:2/5", "10-11,15-16,20"},
	{"9-38:4/10", "9-12,19-22,29-32"},
	{"0-7:0/2", ""},
	{"0-7:4/4", "0-7"},
	{"0-9:3/4294967295", "0-2"},
	{"0-1023:1/N", "0,1023"},
	{"all:1/512", "0,512"},
}

func TestParse(t *testing.T) {
	for _, c := range good {
		m, err := cpumask.Parse(c.list)
		if err != nil || m.String() != c.want {
			t.Errorf("Parse(%q) = %q, %v; want %q", c.list, m, err, c.want)
		}
	}
}

var bad = []struct {
	list string
	col  int
	msg  string
}{
	{"x", 1, `found 'x' where a number belongs; write a decimal number or N`},
	{"0-3,x", 5, `found 'x' where a number belongs; write a decimal number or N`},
	{"-1", 1, `found '-' where a number belongs; write a decimal number or N`},
	{"+1", 1, `found '+' where a number belongs; write a decimal number or N`},
	{"n", 1, `found 'n' where a number belongs; write a decimal number or N`},
	{"al", 1, `found 'a' where a number belongs; write a decimal number or N`},
	{"é", 1, `found 'é' where a number belongs; write a decimal number or N`},
	{"1 \xff", 3, `found "\xff" where a number belongs; write a decimal number or N`},
	{"3-", 3, `the list ends where a number belongs; write a decimal number or N`},
	{"1 - 2", 3, `found '-' where a number belongs; write a decimal number or N`},
	{"1- 2", 3, `found ' ' where a number belongs; write a decimal number or N`},
	{"1;2", 2, `found ';' after a CPU number; a range is written 0-3, and only a range or all can have a group`},
	{"0x1", 2, `found 'x' after a CPU number; a range is written 0-3, and only a range or all can have a group`},
	{"5:1/2", 2, `found ':' after a CPU number; a range is written 0-3, and only a range or all can have a group`},
	{"NN", 2, `found 'N' after a CPU number; a range is written 0-3, and only a range or all can have a group`},
	{"0\x00", 2, `found '\x00' after a CPU number; a range is written 0-3, and only a range or all can have a group`},
	{"1-2-3", 4, `found '-' after a range; want a comma, a space, or a group such as :1/2`},
	{"all0", 4, `found '0' after all; want a comma, a space, or a group such as :1/2`},
	{"0, 7-3", 4, `the range 7-3 runs backwards; write 3-7`},
	{"1024", 1, `CPU 1024 is too large; the last one is 1023`},
	{"0-3,10-1024", 8, `CPU 1024 is too large; the last one is 1023`},
	{"0-4294967296", 3, `the number is too large; write at most 4294967295`},
	{"18446744073709551616", 1, `the number is too large; write at most 4294967295`},
	{"0-3:", 5, `the list ends where a number belongs; write a decimal number or N`},
	{"0-3:2", 6, `the list ends where a group wants a slash, as in 0-15:2/4`},
	{"0-3:2-4", 6, `found '-' where a group wants a slash, as in 0-15:2/4`},
	{"0-3:2/", 7, `the list ends where a number belongs; write a decimal number or N`},
	{"0-3:0/0", 7, `a group of 0 CPUs; write 1 or more`},
	{"0-3:3/2", 5, `3 CPUs used of a group of 2; write at most 2`},
	{"0-3:1/2all", 8, `found 'a' after a group; put a comma or a space between entries`},
	{"0-3:1/2:1/2", 8, `found ':' after a group; put a comma or a space between entries`},
}

func TestParseErrors(t *testing.T) {
	for _, c := range bad {
		m, err := cpumask.Parse(c.list)
		if !m.Empty() {
			t.Errorf("Parse(%q) = %v with an error, want the empty set", c.list, m)
		}
		var syntax *cpumask.SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("Parse(%q) gives error %v, want a *SyntaxError", c.list, err)
			continue
		}
		if want := (cpumask.SyntaxError{Input: c.list, Col: c.col, Msg: c.msg}); *syntax != want {
			t.Errorf("Parse(%q):\n got %+v\nwant %+v", c.list, *syntax, want)
		}
	}
}

func TestSyntaxErrorText(t *testing.T) {
	_, err := cpumask.Parse("0-3,7-5")
	want := `cpumask: column 5 of "0-3,7-5": the range 7-5 runs backwards; write 5-7`
	if err == nil || err.Error() != want {
		t.Errorf("error %v\n want %s", err, want)
	}
}

var entry = regexp.MustCompile(`^(?:(?i:(all))|(\d+|N)(?:-(\d+|N))?)(?::(\d+|N)/(\d+|N))?$`)

// parseTwin reads a list by splitting it and checking for every CPU whether an entry covers it.
// It reports only whether the list is right, not where it is wrong.
func parseTwin(list string) (cpumask.Mask, bool) {
	var m cpumask.Mask
	for _, field := range strings.FieldsFunc(list, func(r rune) bool { return strings.ContainsRune(", \t\n\v\f\r", r) }) {
		parts := entry.FindStringSubmatch(field)
		if parts == nil || parts[1] == "" && parts[3] == "" && parts[4] != "" {
			return cpumask.Mask{}, false
		}
		first, last := twinNumber(parts[2], 0), twinNumber(parts[3], twinNumber(parts[2], cpumask.Max-1))
		used, group := twinNumber(parts[4], 1), twinNumber(parts[5], 1)
		if first > last || last >= cpumask.Max || group == 0 || used > group || group >= 1<<32 {
			return cpumask.Mask{}, false
		}
		for cpu := range uint64(cpumask.Max) {
			if first <= cpu && cpu <= last && (cpu-first)%group < used {
				m.Set(int(cpu))
			}
		}
	}
	return m, true
}

// twinNumber reads a number. One that is too large becomes the largest uint64, which every limit
// refuses.
func twinNumber(s string, absent uint64) uint64 {
	switch s {
	case "":
		return absent
	case "N":
		return cpumask.Max - 1
	}
	n, _ := strconv.ParseUint(s, 10, 64)
	return n
}

// checkParse checks, for any string, that Parse agrees with its twin, that its result prints as a
// list which is read back as the same set, and that its errors are complete.
func checkParse(t interface{ Fatalf(string, ...any) }, list string) {
	want, ok := parseTwin(list)
	got, err := cpumask.Parse(list)
	if got != want || ok != (err == nil) {
		t.Fatalf("Parse(%q) = %v, %v; twin has %v, %v", list, got, err, want, ok)
	}
	if err != nil {
		var syntax *cpumask.SyntaxError
		if !errors.As(err, &syntax) || syntax.Input != list || syntax.Col < 1 || syntax.Col > len(list)+1 || syntax.Msg == "" {
			t.Fatalf("Parse(%q) gives error %#v", list, err)
		}
		return
	}
	again, err := cpumask.Parse(got.String())
	if err != nil || again != got {
		t.Fatalf("Parse(%q) = %v, %v; it was printed from %q", got, again, err, list)
	}
}

func TestParseAgainstTwin(t *testing.T) {
	tokens := rapid.SampledFrom([]string{
		"0", "1", "2", "7", "63", "64", "100", "1023", "1024", "4294967295", "4294967296", "99999999999999999999",
		"N", "all", "All", "-", "-", ":", "/", ":1/2", ":3/7", ",", ",", " ", "\n", "x", "\xff",
	})
	rapid.Check(t, func(t *rapid.T) {
		checkParse(t, strings.Join(rapid.SliceOfN(tokens, 0, 12).Draw(t, "tokens"), ""))
	})
}

func FuzzParse(f *testing.F) {
	for _, c := range good {
		f.Add(c.list)
	}
	for _, c := range bad {
		f.Add(c.list)
	}
	f.Fuzz(func(t *testing.T, list string) { checkParse(t, list) })
}

func TestJSON(t *testing.T) {
	type config struct{ CPUs, None cpumask.Mask }
	in := config{CPUs: cpumask.Of(0, 1, 2, 3, 8)}
	text, err := json.Marshal(in)
	if want := `{"CPUs":"0-3,8","None":""}`; err != nil || string(text) != want {
		t.Fatalf("Marshal = %s, %v; want %s", text, err, want)
	}
	var out config
	if err := json.Unmarshal(text, &out); err != nil || out != in {
		t.Fatalf("Unmarshal = %v, %v; want %v", out, err, in)
	}
	var syntax *cpumask.SyntaxError
	if err := json.Unmarshal([]byte(`{"CPUs":"3-1"}`), &out); !errors.As(err, &syntax) || out != in {
		t.Errorf("Unmarshal of a bad list: %v, and the mask became %v", err, out.CPUs)
	}
}

func TestFlag(t *testing.T) {
	flags := flag.NewFlagSet("test", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	var cpus cpumask.Mask
	flags.TextVar(&cpus, "cpus", cpumask.Range(0, 3), "CPUs to run on")
	if cpus.String() != "0-3" || flags.Lookup("cpus").DefValue != "0-3" {
		t.Errorf("default %v, printed %q; want 0-3", cpus, flags.Lookup("cpus").DefValue)
	}
	if err := flags.Parse([]string{"-cpus=0-7:1/2"}); err != nil || cpus.String() != "0,2,4,6" {
		t.Errorf("flag gives %v, %v; want 0,2,4,6", cpus, err)
	}
	if err := flags.Parse([]string{"-cpus=5-"}); err == nil || !strings.Contains(err.Error(), "column 3") {
		t.Errorf("flag with a bad list gives %v, want an error that names column 3", err)
	}
}
