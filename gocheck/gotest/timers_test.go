package gotest

import (
	"maps"
	"strings"
	"testing"
	"time"
)

// The flags about time change the verdicts of tests that depend on it.
func TestTimers(t *testing.T) {
	if testing.Short() {
		t.Skip("six explorations of a package: 20 s")
	}
	byClock := map[string]string{
		"TestTimeout": "holds", "TestTick": "holds", "TestSleepOrder": "holds", "TestJanitor": "holds", "TestJanitorAndHelper": "holds",
		"TestJanitorAndLeak": "leak", "TestLuck": "assertion", "TestBusy": "leak",
		"TestRaceAndLeak": "race",
	}
	anyTime := maps.Clone(byClock)
	maps.Copy(anyTime, map[string]string{"TestTimeout": "leak", "TestTick": "assertion", "TestSleepOrder": "assertion"})
	always := maps.Clone(anyTime) // without a clock a goroutine that sleeps again and again never ends
	maps.Copy(always, map[string]string{"TestJanitor": "incomplete", "TestJanitorAndHelper": "incomplete", "TestJanitorAndLeak": "incomplete"})
	leaks := maps.Clone(byClock)
	maps.Copy(leaks, map[string]string{"TestJanitor": "leak", "TestJanitorAndHelper": "leak"})
	races := maps.Clone(byClock) // none of them holds then
	maps.Copy(races, map[string]string{"TestRaceAndLeak": "leak"})
	for name, v := range races {
		if v == "holds" {
			races[name] = "incomplete"
		}
	}
	for _, c := range []struct {
		set  func(*Options)
		want map[string]string
	}{
		{func(o *Options) {}, byClock},
		{func(o *Options) { o.Timers = Clock }, byClock},
		{func(o *Options) { o.Timers = Any }, always},
		{func(o *Options) { o.Timers = Both }, anyTime},
		{func(o *Options) { o.TimedLeaks = true }, leaks},
		{func(o *Options) { o.NoRaces = true }, races},
	} {
		o := options()
		o.Steps, o.Time = 2000, 20*time.Second
		c.set(&o)
		_, out := explore(t, o, "timers")
		got := map[string]string{}
		for _, m := range verdict.FindAllStringSubmatch(out, -1) {
			got[m[1]] = m[2]
		}
		if !maps.Equal(got, c.want) {
			t.Errorf("timers %q, timed leaks %v: %v, want %v\n%s", o.Timers, o.TimedLeaks, got, c.want, out)
		}
		if said := strings.Contains(out, ", with timers at any time"); said != (o.Timers == Both) {
			t.Errorf("timers %q: it is said that they were at any time: %v\n%s", o.Timers, said, out)
		}
		if !strings.Contains(out, ", with other random numbers") {
			t.Errorf("it is not said that random numbers were others:\n%s", out)
		}
	}
}
