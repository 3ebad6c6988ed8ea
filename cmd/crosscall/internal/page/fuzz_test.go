package page

import (
	"encoding/json"
	"strings"
	"testing"
)

// FuzzRequest checks that a request that is accepted names no file of the disk, and is within
// the bounds.
func FuzzRequest(f *testing.F) {
	f.Add([]byte(`{"do":"check","file":"a.litmus","source":"C a","models":["sc"],"defines":{"N":"1"},"bound":3}`))
	f.Add([]byte(`{"do":"audit","file":"../a","source":"","models":["/etc/passwd"],"cat":"\"x\""}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		r := new(Request)
		if json.Unmarshal(text, r) != nil || r.validate() != nil {
			return
		}
		for _, name := range append([]string{r.File}, r.Models...) {
			if strings.ContainsAny(name, `/\`) || name == ".." {
				t.Fatalf("%q is accepted", name)
			}
		}
		if len(r.Source) > MaxSource || len(r.Models) > maxModels || r.Bound > maxBound {
			t.Fatal("a request without bounds is accepted")
		}
		if _, err := r.models(); err != nil && r.Cat == "" {
			t.Fatal(err)
		}
	})
}
