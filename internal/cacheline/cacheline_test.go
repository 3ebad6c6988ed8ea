package cacheline

import "testing"

func TestSlice(t *testing.T) {
	type pair [2]uint64
	for n := range 10 {
		words, pairs := Slice[uint64](n), Slice[pair](n)
		if len(words) != n || cap(words) != n || len(pairs) != n || cap(pairs) != n {
			t.Errorf("Slice(%d): len %d and %d, cap %d and %d", n, len(words), len(pairs), cap(words), cap(pairs))
		}
		for i := range words {
			words[i] = 1
		}
	}
}
