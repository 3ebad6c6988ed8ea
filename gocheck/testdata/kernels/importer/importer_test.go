package importer

import "testing"

func badRow(t *testing.T, rows func(int, <-chan bool) <-chan int) {
	if err := store(rows, 4, 1); err != errRow {
		t.Errorf("the error is %v", err)
	}
	if err := store(rows, 2, 9); err != nil {
		t.Errorf("the error is %v", err)
	}
}

func TestBroken(t *testing.T) { badRow(t, rowsBroken) }
func TestFixed(t *testing.T)  { badRow(t, rowsFixed) }
