package sched

import "testing"

func FuzzParseSchedule(f *testing.F) {
	f.Add("0c0g20g2040g")
	f.Add("")
	f.Add((&Schedule{Threads: []int32{0, 1, 1, 3}, Choices: map[int]int32{0: 2, 3: 1}}).String())
	f.Fuzz(func(t *testing.T, seed string) {
		s, err := ParseSchedule(seed)
		if err != nil {
			return
		}
		again, err := ParseSchedule(s.String())
		if err != nil {
			t.Fatalf("%q is written as %q: %v", seed, s, err)
		}
		if again.String() != s.String() {
			t.Fatalf("%q, then %q", s, again)
		}
	})
}
