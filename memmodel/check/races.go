package check

import (
	"cmp"
	"fmt"
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/explore"
)

// A DataRace is a pair of accesses that race in some execution, by the model.
// First comes first in the source.
type DataRace struct{ First, Second Access }

// An Access is a read or write in the source.
type Access struct {
	Pos  graph.Pos
	Text string
}

// String is the race in one line.
func (r DataRace) String() string {
	return fmt.Sprintf("%s: %s", placeOf(r.First.Pos), r.sentence())
}

func (r DataRace) sentence() string {
	return fmt.Sprintf("%s races with %s at %s", r.First.Text, r.Second.Text, placeOf(r.Second.Pos))
}

func placeOf(at graph.Pos) string { return fmt.Sprintf("%s:%d:%d", at.File, at.Line, at.Col) }

func compareRaces(a, b DataRace) int {
	return cmp.Or(comparePlaces(a.First.Pos, b.First.Pos), comparePlaces(a.Second.Pos, b.Second.Pos))
}

func comparePlaces(a, b graph.Pos) int {
	return cmp.Or(cmp.Compare(a.File, b.File), a.Line-b.Line, a.Col-b.Col)
}

// addRaces notes the accesses that race in an execution with the flag for races.
func (r *Result) addRaces(e *explore.Execution) {
	if !slices.Contains(e.Flags(), RaceFlag) {
		return
	}
	for _, pair := range e.Flagged(RaceFlag) {
		race := newRace(pair)
		if i, known := slices.BinarySearchFunc(r.Races, race, compareRaces); !known {
			r.Races = slices.Insert(r.Races, i, race)
		}
	}
}

func newRace(pair [2]*graph.Event) DataRace {
	a, b := pair[0], pair[1]
	if inSource(a, b) > 0 {
		a, b = b, a
	}
	return DataRace{Access{a.Pos, a.Text}, Access{b.Pos, b.Text}}
}

// inSource compares two events by where they are in the source.
func inSource(a, b *graph.Event) int { return cmp.Or(comparePlaces(a.Pos, b.Pos), a.Thread-b.Thread) }

// raceIn describes the data race that comes first in the source.
func raceIn(e *explore.Execution) *explore.Failure {
	pairs := e.Flagged(RaceFlag)
	if len(pairs) == 0 { // the flag does not name pairs
		return explore.NewFailure(explore.Race, graph.Pos{}, "there is a data race")
	}
	races := make([]DataRace, len(pairs))
	for i, p := range pairs {
		races[i] = newRace(p)
	}
	r := slices.MinFunc(races, compareRaces)
	return explore.NewFailure(explore.Race, r.First.Pos, r.sentence()+": neither happens before the other")
}
