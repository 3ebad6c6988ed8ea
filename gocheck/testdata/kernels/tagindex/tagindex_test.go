package tagindex

import "testing"

func rename(t *testing.T, rename func(x *index, old, tag string)) {
	x := &index{pages: map[string]int{"draft": 7}}
	done := make(chan bool)
	go func() {
		defer close(done)
		rename(x, "draft", "final")
	}()
	<-done
	x.remove("other")
	if x.pages["final"] != 7 {
		t.Errorf("the page is %d, want 7", x.pages["final"])
	}
}

func TestBroken(t *testing.T) { rename(t, (*index).renameBroken) }
func TestFixed(t *testing.T)  { rename(t, (*index).renameFixed) }
