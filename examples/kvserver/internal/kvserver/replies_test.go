package kvserver

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// Replies of all kinds, completed in any order, are output in the order of
// their requests.
func TestRepliesKeepTheirOrder(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for range 300 {
		var r replies
		r.head = random.Uint32()
		r.tail = r.head
		want := ""
		var open []func()
		for i := range random.IntN(200) {
			reply := fmt.Sprintf("+%d\r\n", i)
			switch random.IntN(5) {
			case 0:
				r.ready(append(r.buffer(), reply...))
			case 1:
				seq := r.expect(whole)
				open = append(open, func() { r.put(seq, []byte(reply)) })
			case 2, 3:
				kind, parts, total := slotKind(1+random.IntN(2)), 1+random.IntN(3), 0
				seq := r.expect(kind)
				for p := range parts {
					if p > 0 {
						r.more(seq)
					}
					n := random.IntN(100)
					total += n
					open = append(open, func() { r.add(seq, n) })
				}
				if reply = "+OK\r\n"; kind == sumOf {
					reply = fmt.Sprintf(":%d\r\n", total)
				}
			case 4:
				for range random.IntN(len(open) + 1) {
					open = closeOne(random, open)
				}
				reply = ""
			}
			want += reply
			if got := string(r.out); got != want[:min(len(got), len(want))] {
				t.Fatalf("%q is not the start of %q", got, want)
			}
		}
		for len(open) > 0 {
			open = closeOne(random, open)
		}
		if string(r.out) != want || r.missing() != 0 || len(r.late) != 0 {
			t.Fatalf("%q, %d missing, %d bytes late; want %q", r.out, r.missing(), len(r.late), want)
		}
	}
}

func closeOne(random *rand.Rand, open []func()) []func() {
	i := random.IntN(len(open))
	open[i]()
	return append(open[:i], open[i+1:]...)
}

func TestPackedNamesAreUnique(t *testing.T) {
	for _, c := range commands() {
		if got := byName[pack([]byte(c.name))]; got == nil || got.name != c.name {
			t.Errorf("%s is found as %v", c.name, got)
		}
	}
	for _, name := range []string{"", "gett", "ge", "\x07et", "g\x45\x54\x00", "flushallx", "get "} {
		if c := byName[pack([]byte(name))]; c != nil {
			t.Errorf("%q is found as %s", name, c.name)
		}
	}
	if byName[pack([]byte("GeT"))] == nil {
		t.Error("capitals are not small letters")
	}
}
