package sched

import (
	"math/rand/v2"
	"slices"
	"testing"
)

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

// A failure fails again by its schedule, whatever was explored before it: the threads of a
// schedule have the numbers that they get in this execution alone.
func TestSchedulesOfRandomPrograms(t *testing.T) {
	programs := 500
	if testing.Short() {
		programs = 100
	}
	for seed := range uint64(programs) {
		p := randomClocked(rand.New(rand.NewPCG(seed, 8)))
		var classes []string
		for _, cfg := range []Config{
			{Late: true, NoLeaks: true, MaxExecutions: 100}, {Late: true, NoLeaks: true, MaxExecutions: 10, Random: true},
			{Late: true, NoLeaks: true, MaxExecutions: 100, TimersAnyTime: true}, {Late: true, NoLeaks: true, MaxExecutions: 100, Shrink: true},
		} {
			classes = classes[:0]
			inLab(cfg, func(l *lab) { p.run(l, func(class string, _ []clockCall) { classes = append(classes, class) }) })
			wrong := classes[len(classes)-1]
			_, found, _ := inLab(cfg, func(l *lab) {
				p.run(l, func(class string, _ []clockCall) {
					if class == wrong {
						l.Error("here")
					}
				})
			})
			if found == nil || found.Unsure {
				t.Fatalf("program %d: %v, with %+v: %+v in the last of %d executions:\n%s", seed, p, cfg, found, len(classes), wrong)
			}
		}
	}
}

// Two goroutines start one each, in both orders.
func TestScheduleOfNested(t *testing.T) {
	_, found, _ := inLab(Config{}, func(l *lab) {
		c := l.make(4)
		var order []int
		sends := func(n int) { l.send(c); order = append(order, n) }
		for i := range 2 {
			l.Go(func() {
				sends(i)
				l.Go(func() { sends(i + 10) })
			})
		}
		l.Final(func() {
			if slices.Equal(order, []int{1, 11, 0, 10}) {
				l.Error("this order")
			}
		})
	})
	if found == nil || found.Unsure {
		t.Errorf("%+v", found)
	}
}
