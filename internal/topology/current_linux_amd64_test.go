package topology

import "testing"

func TestAgrees(t *testing.T) {
	calls := 0
	for _, c := range []struct {
		name    string
		current func() int
		want    bool
	}{
		{"the system call itself", currentSyscall, true},
		{"another number", func() int { return currentSyscall() + 1 }, false},
		{"not valid", func() int { return -1 }, false},
		{"right at first only", func() int {
			if calls++; calls > 3 {
				return currentSyscall() + 1
			}
			return currentSyscall()
		}, false},
	} {
		if got := agrees(c.current); got != c.want {
			t.Errorf("%s: agrees is %v", c.name, got)
		}
	}
}

// Current is a system call only if the segment is not valid or wrong, not because the
// comparison at the start has failed by chance.
func TestUserCurrentIsUsed(t *testing.T) {
	t.Logf("user space: %v, CPU %d, limit %#x, Rosetta: %v", userCurrent, currentUser(), segmentLimit(), rosetta())
	if want := !rosetta() && agrees(currentUser); userCurrent != want {
		t.Errorf("userCurrent is %v, want %v", userCurrent, want)
	}
}
