package page

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// ask answers a request without limits.
func ask(t *testing.T, r Request) *Reply {
	t.Helper()
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return Answer(context.Background(), text, Limits{Timeout: time.Minute}, func(*Progress) {})
}

const sb = "C SB\n\n{ }\n\nP0(int *x, int *y)\n{\n\tWRITE_ONCE(*x, 1);\n\tint r0 = READ_ONCE(*y);\n}\n\n" +
	"P1(int *x, int *y)\n{\n\tWRITE_ONCE(*y, 1);\n\tint r0 = READ_ONCE(*x);\n}\n\nexists (0:r0=0 /\\ 1:r0=0)\n"

func TestCheck(t *testing.T) {
	reply := ask(t, Request{Do: "check", File: "sb.litmus", Source: sb, Models: []string{"sc", "lkmm"}})
	if reply.Error != nil || len(reply.Models) != 2 {
		t.Fatalf("%+v", reply)
	}
	sc, lkmm := reply.Models[0], reply.Models[1]
	if len(sc.States) != 4 || sc.States[3].Forbidden != "sc" || sc.Decides != sc.States[3].Section {
		t.Errorf("under sc %+v, and %d decides", sc.States, sc.Decides)
	}
	if len(lkmm.States) != 4 || lkmm.States[0].Forbidden != "" || lkmm.Decides != lkmm.States[0].Section {
		t.Errorf("under lkmm %+v, and %d decides", lkmm.States, lkmm.Decides)
	}
	for _, m := range reply.Models {
		if n := strings.Count(m.Sections, "<section"); n != 4 {
			t.Errorf("%d pictures under %s, want 4", n, m.Model)
		}
	}
}

// Every example is as it says, and can be asked under its models.
func TestExamples(t *testing.T) {
	s, err := newSite()
	if err != nil {
		t.Fatal(err)
	}
	for _, subject := range s.Subjects {
		for _, e := range subject.Examples {
			r := Request{Do: "check", File: e.File, Source: s.Texts[e.Source], Models: e.Models}
			if e.Cat >= 0 {
				r.Cat = s.Texts[e.Cat]
			}
			reply := ask(t, r)
			if reply.Error != nil {
				t.Errorf("%s: %+v", e.Title, reply.Error)
			}
			for _, m := range reply.Models {
				said(t, e, r.Source, m)
			}
		}
	}
}

// said compares what came of an example with what its text says.
func said(t *testing.T, e Example, source string, m ModelReply) {
	var result struct {
		Verdict, Observation string
		Complete             bool
	}
	if err := json.Unmarshal(m.Result, &result); err != nil {
		t.Fatal(err)
	}
	if m.Error != nil || !result.Complete {
		t.Errorf("%s under %s: %+v, %s", e.Title, m.Model, m.Error, m.Result)
	}
	if _, want, ok := strings.Cut(source, "Result: "); ok && m.Model == "lkmm" && !strings.HasPrefix(want, result.Observation+"\n") {
		t.Errorf("%s: %s, want %s", e.Title, result.Observation, strings.SplitN(want, "\n", 2)[0])
	}
}

// Every stop of the tour has something to look at, which can be read.
func TestTour(t *testing.T) {
	s, err := newSite()
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Tour) != 15 {
		t.Errorf("%d questions, want 15", len(s.Tour))
	}
	for _, stop := range s.Tour {
		if len(stop.Looks) == 0 {
			t.Errorf("%s has nothing to look at", stop.ID)
		}
		if testing.Short() && stop.ID != "Q4" {
			continue
		}
		for _, look := range stop.Looks {
			models := look.Models[:1] // the first decides
			reply := ask(t, Request{Do: "check", File: look.File, Source: s.Texts[look.Source], Models: models, Defines: look.Defines})
			if reply.Error != nil {
				t.Fatalf("%s, %s: %+v", stop.ID, look.Title, reply.Error)
			}
			if want := `"verdict":"` + look.Expect; look.Expect != "" && !bytes.Contains(reply.Models[0].Result, []byte(want)) {
				t.Errorf("%s, %s under %s: %s, want %s", stop.ID, look.Title, models[0], reply.Models[0].Result, look.Expect)
			}
		}
	}
}

func TestAudit(t *testing.T) {
	reply := ask(t, Request{Do: "audit", File: "mp.litmus", Source: example("mp-release-acquire.litmus"), Models: []string{"lkmm", "x86-tso", "rc11"}})
	if reply.Error != nil || reply.Audit == nil || len(reply.Audit.Barriers) != 2 {
		t.Fatalf("%+v", reply)
	}
	b := reply.Audit.Barriers[0]
	if b.Line == 0 || len(b.Findings) < 2 || b.Findings[0].Status != "needed" || b.Findings[0].Section < 0 || !b.Findings[0].Stays || b.Findings[1].Status != "not needed" {
		t.Errorf("%+v", b)
	}
}

// TestRefused: an error has its place, and no request reads a file or another model.
func TestRefused(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret.h")
	if err := os.WriteFile(secret, []byte("int secret;\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := "#include <crosscall.h>\nvoid P0(void) { assert(1); }\n"
	for _, r := range []struct {
		name string
		Request
		want string
		line int
	}{
		{"syntax", Request{Do: "check", File: "a.litmus", Source: "C a\n{ }\nP0(int *x) { WRITE_ONCE(*x 1); }\nexists (x=1)\n", Models: []string{"sc"}}, "should be", 3},
		{"syntax of C", Request{Do: "check", File: "a.c", Source: "void P0(void) {\n\tint;;x\n}\n", Models: []string{"lkmm"}}, "", 2},
		{"audit", Request{Do: "audit", File: "a.litmus", Source: "C a\n{ }\nP0(int *x) { nosuch(x); }\nexists (x=1)\n", Models: []string{"sc", "lkmm"}}, "nosuch", 3},
		{"cat", Request{Do: "check", File: "a.litmus", Source: sb, Cat: "\"X86\"\n\nacyclic nothing\n"}, "nothing", 3},
		{"a file", Request{Do: "check", File: "a.c", Source: "#include \"" + secret + "\"\n" + c, Models: []string{"lkmm"}}, "", 1},
		{"a model's file", Request{Do: "check", File: "a.litmus", Source: sb, Cat: "\"X86\"\ninclude \"" + secret + "\"\nacyclic po\n"}, "", 2},
		{"a model by path", Request{Do: "check", File: "a.litmus", Source: sb, Models: []string{"../x.cat"}}, "no model", 0},
		{"a path", Request{Do: "check", File: "../a.litmus", Source: sb, Models: []string{"sc"}}, "no name", 0},
		{"no command", Request{Do: "run", File: "a.litmus", Source: sb, Models: []string{"sc"}}, "neither", 0},
		{"no model", Request{Do: "check", File: "a.litmus", Source: sb}, "choose", 0},
		{"long", Request{Do: "check", File: "a.litmus", Source: strings.Repeat(" ", MaxSource+1), Models: []string{"sc"}}, "bytes", 0},
		{"bound", Request{Do: "check", File: "a.litmus", Source: sb, Models: []string{"sc"}, Bound: 1 << 40}, "bound", 0},
		{"macro", Request{Do: "check", File: "a.c", Source: c, Models: []string{"lkmm"}, Defines: map[string]string{"a b": "1"}}, "macro", 0},
	} {
		reply := ask(t, r.Request)
		if reply.Error == nil {
			t.Errorf("%s: no error, but %+v", r.name, reply)
			continue
		}
		if !strings.Contains(reply.Error.Message, r.want) || reply.Error.Line != r.line || strings.Contains(reply.Error.Message, "internal error") {
			t.Errorf("%s: %+v", r.name, reply.Error)
		}
	}
	for _, text := range []string{"", "{", "null", `{"do":"check","x":1}`, "[1]"} {
		if reply := Answer(context.Background(), []byte(text), Limits{}, func(*Progress) {}); reply.Error == nil {
			t.Errorf("%q is answered", text)
		}
	}
}

// The bundle is of the files beside it: npm run build makes it.
func TestBundle(t *testing.T) {
	h := sha256.New()
	for _, name := range []string{"package.json", "package-lock.json", "build.mjs", "editor.mjs"} {
		text, err := os.ReadFile(filepath.Join("editor", name))
		if err != nil {
			t.Fatal(err)
		}
		h.Write(text)
	}
	bundle, err := os.ReadFile(filepath.Join("static", "editor.js"))
	if err != nil {
		t.Fatal(err)
	}
	if want := "Sources: " + hex.EncodeToString(h.Sum(nil)); !bytes.Contains(bundle[:300], []byte(want)) {
		t.Errorf("static/editor.js is not made of the files in editor: run npm ci && npm run build there")
	}
	if n := len(bundle); n > 400<<10 {
		t.Errorf("static/editor.js has %d bytes: keep it small", n)
	}
	notice, err := os.ReadFile(filepath.Join("static", "editor.LICENSE.txt"))
	if err != nil || !bytes.Contains(notice, []byte("Marijn Haverbeke")) || !bytes.Contains(notice, []byte("@codemirror/view")) {
		t.Errorf("the licences are not there: %v", err)
	}
}

// TestNoHTML: the words of a test are text in the pictures, never HTML.
func TestNoHTML(t *testing.T) {
	source := strings.Replace(sb, "C SB", "C <script>alert(1)</script>", 1)
	reply := ask(t, Request{Do: "check", File: "sb.litmus", Source: source, Models: []string{"sc"}})
	if reply.Error != nil {
		t.Fatalf("%+v", reply.Error)
	}
	c := "#include <crosscall.h>\nint x;\nvoid P0(void) { assert(\"<img src=x onerror=alert(1)>\" && x); }\n"
	for _, m := range append(reply.Models, ask(t, Request{Do: "check", File: "a.c", Source: c, Models: []string{"lkmm"}}).Models...) {
		if strings.Contains(m.Sections, "<script") || strings.Contains(m.Sections, "<img") {
			t.Errorf("the pictures have what the test says as HTML")
		}
	}
}
