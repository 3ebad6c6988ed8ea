package run

import (
	"encoding/json"
	"testing"
)

// FuzzJournal checks that a line that is taken is a report that would be written so that it is
// taken again.
func FuzzJournal(f *testing.F) {
	line, err := json.Marshal(journalLine{"k", report()})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(line)
	f.Add([]byte(`{"key":"k","report":{"file":"a","test":"A","arch":"amd64","status":"fine"}}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		j := &Journal{past: map[string]*Report{}}
		if !j.load(line) {
			return
		}
		for key, r := range j.past {
			text, err := json.Marshal(journalLine{key, r})
			if err != nil {
				t.Fatal(err)
			}
			if !j.load(text) {
				t.Fatalf("taken, and not again:\n%s", text)
			}
			_ = r.Observation()
			_ = r.Share()
		}
	})
}

// A report that is damaged is not taken: it decides an exit code.
func TestADamagedReportIsRefused(t *testing.T) {
	for name, damage := range map[string]func(*Report){
		"status": func(r *Report) { r.Status = "fime" }, "another status": func(r *Report) { r.Status = Fine }, "count": func(r *Report) { r.States[1].Count = -1 },
		"instances": func(r *Report) { r.Instances++ }, "test": func(r *Report) { r.Test = "" }, "forbidden": func(r *Report) { r.Forbidden = 0 },
		"error": func(r *Report) { r.Err = "no" }, "a state less": func(r *Report) { r.States = r.States[:2] },
	} {
		r := report()
		damage(r)
		line, err := json.Marshal(journalLine{"k", r})
		if err != nil {
			t.Fatal(err)
		}
		if (&Journal{past: map[string]*Report{}}).load(line) {
			t.Errorf("taken: %s", name)
		}
	}
}
