//go:build race

package crosscall

const raceEnabled = true
