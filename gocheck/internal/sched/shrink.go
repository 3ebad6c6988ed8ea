package sched

import "time"

// The search for a schedule with fewer preemptions may take so many steps, and
// besides them twice as many as the failure took to be found. Steps and not time
// bound it: the outcome is to be the same on every machine.
const shrinkSteps = 100_000

// shrink returns a failure of the same kind as found with fewer preemptions, if
// there is one to be found: the program is explored again with a bound on them,
// from zero on.
func shrink(cfg Config, body func(), first Stats, found *Found) *Found {
	if !cfg.Shrink || found.Unsure {
		return found
	}
	cfg.Random, cfg.Schedule, cfg.MaxExecutions, cfg.Deadline = false, nil, 0, time.Time{}
	left := shrinkSteps + 2*first.Steps
	for cfg.Preemptions = 0; cfg.Preemptions < found.Preemptions; cfg.Preemptions++ {
		if cfg.TotalSteps = left; left <= 0 {
			found.MayShrink = true
			return found
		}
		s, less, reason := explore(cfg, body)
		left -= s.Steps
		if less != nil && less.Kind == found.Kind {
			if less = reproduce(cfg, body, less); !less.Unsure {
				return less
			}
		}
		found.MayShrink = found.MayShrink || less != nil || reason != "" && reason != "preemptions"
	}
	return found
}
