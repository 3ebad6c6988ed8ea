package journal

import "testing"

func oneEntry(t *testing.T, write func(j *journal, e string)) {
	j := newJournal()
	go write(j, "start")
	if n, e := j.flush(); n > 1 || e != "start" {
		t.Errorf("flushed %q with the count at %d", e, n)
	}
}

func TestBroken(t *testing.T) { oneEntry(t, (*journal).appendBroken) }
func TestFixed(t *testing.T)  { oneEntry(t, (*journal).appendFixed) }
