package check

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestJSON(t *testing.T) {
	for _, c := range []struct {
		result *Result
		want   string
	}{
		{
			&Result{File: "a/MP.litmus", Test: "MP", Model: "lkmm", Verdict: Holds, Observation: Sometimes, stateCount: 4,
				Positive: 1, Negative: 3, Executions: 4, Flags: []string{"data-race"}, Complete: true, Elapsed: 1500 * time.Microsecond},
			`{"file":"a/MP.litmus","test":"MP","model":"lkmm","verdict":"holds","observation":"Sometimes","states":4,"positive":1,"negative":3,"flags":["data-race"],"executions":4,"seconds":0.0015,"complete":true}`,
		},
		{
			&Result{File: "x", Test: "X", Model: "sc", Verdict: Incomplete, Reason: "timeout: more than 1s", stateCount: 2, Negative: 5, Executions: 5},
			`{"file":"x","test":"X","model":"sc","verdict":"incomplete","observation":"","states":2,"positive":0,"negative":5,"flags":[],"executions":5,"seconds":0,"complete":false,"reason":"timeout: more than 1s"}`,
		},
		{
			&Result{File: "x", Test: "X", Model: "sc", Verdict: Holds, Observation: Sometimes, Otherwise: Always, VerdictOnly: true, Complete: true, Positive: 1, Executions: 1},
			`{"file":"x","test":"X","model":"sc","verdict":"holds","observation":"Sometimes","states":null,"positive":1,"negative":0,"flags":null,"executions":1,"seconds":0,"complete":true,"not_looked_for":["states","flags","always"],"or":"Always"}`,
		},
		{
			&Result{File: "x", Test: "", Model: "sc", Verdict: Error, Err: errors.New("x:1:2: what?")},
			`{"file":"x","test":"","model":"sc","verdict":"error","observation":"","states":0,"positive":0,"negative":0,"flags":[],"executions":0,"seconds":0,"complete":false,"error":"x:1:2: what?"}`,
		},
	} {
		var b strings.Builder
		if err := c.result.WriteJSON(&b); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want+"\n", b.String()); diff != "" {
			t.Error(diff)
		}
		back := new(jsonResult)
		if err := json.Unmarshal([]byte(b.String()), back); err != nil {
			t.Fatal(err)
		}
		same := []cmp.Option{cmp.AllowUnexported(Result{}), cmpopts.EquateEmpty(), cmp.Comparer(sameText)}
		if diff := cmp.Diff(c.result, back.result(), same...); diff != "" {
			t.Errorf("read back: %s", diff)
		}
	}
}

func sameText(a, b error) bool {
	return a == nil && b == nil || a != nil && b != nil && a.Error() == b.Error()
}
