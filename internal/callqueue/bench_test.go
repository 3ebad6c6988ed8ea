package callqueue

import "testing"

type nullHost struct{}

func (nullHost) Ring(int)                    {}
func (nullHost) Answer(int, int)             {}
func (nullHost) Failed(int, any, bool) error { return nil }
func (nullHost) Warn(int, string)            {}

// BenchmarkCallPath runs the code of both sides of a waiting call on one
// goroutine: the cost of a call besides the transfers of the cache line.
func BenchmarkCallPath(b *testing.B) {
	q := New(Config{CPUs: []int{0, 1}, Ring: 256}, Host(nullHost{}), func(cpu int) int { return cpu })
	src, in := q.Source(0), q.Inbox(1)
	l := src.Lane(1)
	fn := func(int) {}
	for b.Loop() {
		l.TryCall(fn)
		in.Poll()
		if l.Done() {
			_ = l.Finish()
		}
	}
}
func BenchmarkPostPath(b *testing.B) {
	q := New(Config{CPUs: []int{0, 1}, Ring: 256}, Host(nullHost{}), func(cpu int) int { return cpu })
	src, in := q.Source(0), q.Inbox(1)
	fn := func(int) {}
	for b.Loop() {
		for range 64 {
			src.TryPost(1, fn, nil, false)
		}
		in.Pending()
		in.Poll()
	}
}
func BenchmarkEmptyPoll(b *testing.B) {
	q := New(Config{CPUs: []int{0, 1}, Ring: 256}, Host(nullHost{}), func(cpu int) int { return cpu })
	q.Source(0).Lane(1)
	in := q.Inbox(1)
	for b.Loop() {
		in.Poll()
	}
}
