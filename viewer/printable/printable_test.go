package printable

import (
	"encoding/json"
	"testing"
)

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		"MP+poonceonces": "MP+poonceonces", "a\x1b[31mred": `a\x1b[31mred`, "tab\tand\nline": "tab\tand\nline",
		"\r\a": `\r\a`, "é日": "é日", "\u009b1m": `\u009b1m`, "a\x9b1m": `a\x9b1m`,
		"a\u202eb\u2066c\u200fd": `a\u202eb\u2066c\u200fd`, "a\u2028b": `a\u2028b`, "שלום": "שלום",
	} {
		if got := Text(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestJSON(t *testing.T) {
	for _, s := range []string{"a", "a\u202eb", "\u009b1m\x7f\x1b\r", "é\t"} {
		text, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var same, shown string
		if err := json.Unmarshal(JSON(text), &same); err != nil || same != s || Text(string(JSON(text))) != string(JSON(text)) {
			t.Errorf("%q: %s, %v", s, JSON(text), err)
		}
		if err := json.Unmarshal(ShownJSON(text), &shown); err != nil {
			t.Errorf("%q: %s, %v", s, ShownJSON(text), err)
		}
	}
	if got := string(ShownJSON([]byte("\"a\u202e\""))); got != `"a\\u202e"` {
		t.Error(got)
	}
}
