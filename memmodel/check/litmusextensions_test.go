package check

import (
	"strings"
	"testing"

	"crosscall/memmodel/internal/csource"
	"crosscall/memmodel/internal/model"
)

// Extensions of the litmus dialect mean what the same means without them: the states and
// flags are the same under each model.
func TestLitmusExtensionsMeanTheSame(t *testing.T) {
	for name, pair := range map[string][2]string{
		"++r": {`r = 1; ++r; WRITE_ONCE(*x, r); s = ++r;`, `r = 1; r = r + 1; WRITE_ONCE(*x, r); r = r + 1; s = r;`},
		"r++": {`r = READ_ONCE(*x); s = r++; WRITE_ONCE(*y, s); WRITE_ONCE(*x, r--);`,
			`r = READ_ONCE(*x); s = r; r = r + 1; WRITE_ONCE(*y, s); WRITE_ONCE(*x, r); r = r - 1;`},
		"r++ in a condition": {`r = 2; while (r-- > 0) { s = s + 1; WRITE_ONCE(*x, s); }`,
			`r = 2; while (r > 0) { r = r - 1; s = s + 1; WRITE_ONCE(*x, s); } r = r - 1;`},
		"r++ behind &&": {`s = READ_ONCE(*x); if (s && r++) WRITE_ONCE(*y, 2);`,
			`s = READ_ONCE(*x); if (s) { if (r) { r = r + 1; WRITE_ONCE(*y, 2); } else { r = r + 1; } }`},
		"r++ in ?:":          {`s = READ_ONCE(*x) ? r++ : 7;`, `if (READ_ONCE(*x)) { s = r; r = r + 1; } else { s = 7; }`},
		"r++ as an argument": {`s = xchg(x, ++r); WRITE_ONCE(*y, r++);`, `r = r + 1; s = xchg(x, r); WRITE_ONCE(*y, r); r = r + 1;`},
		"a read as an argument that is used twice": {`r = test_and_set_bit(READ_ONCE(*y), x); s = atomic_read(x);`,
			`s = READ_ONCE(*y); r = test_and_set_bit(s, x); s = atomic_read(x);`},
		"a plain one": {`r = test_and_set_bit(*y, x); s = 0;`, `s = *y; r = test_and_set_bit(s, x); s = 0;`},
		"one within other": {`r = test_and_clear_bit(test_and_set_bit(READ_ONCE(*y), x), x); s = 0;`,
			`s = READ_ONCE(*y); s = test_and_set_bit(s, x); r = test_and_clear_bit(s, x); s = 0;`},
		"goto": {`r = READ_ONCE(*x); if (r) goto out; WRITE_ONCE(*y, 1); out: s = READ_ONCE(*y);`,
			`r = READ_ONCE(*x); if (!r) { WRITE_ONCE(*y, 1); } s = READ_ONCE(*y);`},
		"goto an error path": {`r = READ_ONCE(*x); if (r == 1) goto one; s = READ_ONCE(*y); if (s) goto one; WRITE_ONCE(*y, 1); goto out; one: WRITE_ONCE(*y, 2); out: ;`,
			`r = READ_ONCE(*x); if (r == 1) { WRITE_ONCE(*y, 2); } else { s = READ_ONCE(*y); if (s) { WRITE_ONCE(*y, 2); } else { WRITE_ONCE(*y, 1); } }`},
		"goto back": {`again: r = r + 1; WRITE_ONCE(*x, r); if (r < 2) goto again; s = 1;`,
			`do { r = r + 1; WRITE_ONCE(*x, r); } while (r < 2); s = 1;`},
		"return": {`r = READ_ONCE(*x); if (r) return; WRITE_ONCE(*y, 1);`, `r = READ_ONCE(*x); if (!r) { WRITE_ONCE(*y, 1); }`},
		"goto out of two loops": {`while (r < 2) { while (1) { r = r + 1; if (READ_ONCE(*x)) goto out; break; } } s = 1; out: WRITE_ONCE(*y, r);`,
			`int stop = 0; while (r < 2 && !stop) { r = r + 1; if (READ_ONCE(*x)) { stop = 1; } } if (!stop) { s = 1; } WRITE_ONCE(*y, r);`},
		"fetch_add_unless": {`r = atomic_fetch_add_unless(x, 2, 1); s = atomic_read(x);`,
			`r = atomic_read(x); if (r == 1) { smp_mb(); s = cmpxchg(x, 1, 1); } else { s = cmpxchg(x, r, r + 2); } s = atomic_read(x);`},
	} {
		t.Run(name, func(t *testing.T) {
			var states [2]string
			models := []string{"lkmm", "sc", "armv8", "power"}
			if name == "fetch_add_unless" {
				models = []string{"sc"} // the other is no single instruction
			}
			for _, of := range models {
				m, err := model.Load(of)
				if err != nil {
					t.Fatal(err)
				}
				for i, code := range pair {
					states[i] = statesOf(t, code, m)
				}
				if states[0] != states[1] {
					t.Errorf("under %s\n%s\nhas\n%s\nand\n%s\nhas\n%s", of, pair[0], states[0], pair[1], states[1])
				}
			}
		})
	}
}

// statesOf are the states and flags of code beside a thread that writes to its variables.
func statesOf(t *testing.T, code string, m *model.Model) string {
	t.Helper()
	src := "C t\n{ 0:r=0; 0:s=0; }\nP0(atomic_t *x, int *y) { int r; int s; " + code + " }\n" +
		"P1(atomic_t *x, int *y) { int q = READ_ONCE(*y); WRITE_ONCE(*x, 1); }\nlocations [0:r; 0:s; 1:q; x; y]\nexists (x=9)\n"
	r := Source(t.Context(), "t.litmus", []byte(src), m, Options{}, csource.Options{})
	if r.Err != nil || !r.Complete {
		t.Fatalf("%s: %v %s", src, r.Err, r.Reason)
	}
	var b strings.Builder
	if err := r.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(b.String(), "States")
	states, _, _ := strings.Cut(rest, "\nNo\n")
	return states + strings.Join(r.Flags, " ")
}
