package diary

import "testing"

func oneLine(t *testing.T, finish func(*diary)) {
	d := &diary{print: t.Log, done: make(chan bool)}
	d.write("sunny")
	finish(d)
}

func TestBroken(t *testing.T) { oneLine(t, (*diary).finishBroken) }
func TestFixed(t *testing.T)  { oneLine(t, (*diary).finishFixed) }
