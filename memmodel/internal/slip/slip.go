// Package slip finds the name that an unknown word is most likely a misspelling of.
package slip

import "iter"

// Closest returns the one of names that s is most likely a misspelling of, or "" if each is more
// than limit letters away.
func Closest(s string, limit int, names iter.Seq[string]) string {
	best := ""
	for name := range names {
		d := distance(s, name)
		if d < limit || d == limit && (best == "" || name < best) {
			best, limit = name, d
		}
	}
	return best
}

// distance is the number of letters to change, add or drop to make b from a,
// whatever their case.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if lower(a[i]) != lower(b[j]) {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}
