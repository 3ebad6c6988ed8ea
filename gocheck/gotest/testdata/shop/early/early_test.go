package early

import "testing"

func TestWrongEarly(t *testing.T) {}
