package cat

import (
	"strings"
	"testing"

	"crosscall/memmodel/internal/rel"

	"pgregory.net/rapid"
)

// TestWholeAMOs: from an execution in which an AMO is two events, a model computes the same as
// from the execution in which it is one.
func TestWholeAMOs(t *testing.T) {
	noTags := strings.NewReplacer("Once", "R", "Mb", "W")
	rapid.Check(t, func(t *rapid.T) {
		src := "let x = "
		if rapid.Bool().Draw(t, "is a set") {
			src += "range([" + drawExpr(t, true, 4, nil) + "])"
		} else {
			src += drawExpr(t, false, 4, nil)
		}
		src = noTags.Replace(src)
		p, err := Compile("m.cat", []byte(src), Options{WholeAMOs: true})
		if err != nil {
			t.Fatalf("%s\n%v", src, err)
		}
		f, err := Parse("m.cat", []byte(src))
		if err != nil {
			t.Fatal(err)
		}
		u := drawUniverse(t)
		of := drawAMOs(t, u)
		m, isSet := u.joined(of).meaning(f.Ins[0].(*Define).Binds[0].X, nil)
		want := where(u.n, func(i, j int) bool { return m[of[i]][of[j]] && (!isSet || i == j) })
		if got := u.values(p)[p.Names["x"]]; !got.equal(want) {
			t.Fatalf("%s\n%s\nis %v\nnot %v", src, dump(p), got, want)
		}
	})
}

// drawAMOs makes some atomic operations pairs of exclusive accesses. The others are AMOs.
// The result has, for each event, the event that it is in joined.
func drawAMOs(t *rapid.T, u *universe) []int {
	of, next := make([]int, u.n), 0
	u.sets["X"], u.sets["EX"] = newMatrix(u.n), newMatrix(u.n)
	for e := range u.n {
		atomic := e > 0 && u.rels["rmw"][e-1][e]
		if atomic && rapid.Bool().Draw(t, "exclusive") {
			u.sets["EX"][e-1][e-1], u.sets["EX"][e][e] = true, true
			atomic = false
		}
		if e > 0 && !atomic {
			next++
		}
		of[e] = next
	}
	return of
}

// joined is the universe in which the halves of each AMO are one event.
func (u *universe) joined(of []int) *universe {
	n := of[u.n-1] + 1
	q := &universe{n: n, sets: map[string]matrix{}, rels: map[string]matrix{}}
	join := func(m matrix) matrix {
		out := newMatrix(n)
		for i := range m {
			for j := range m {
				out[of[i]][of[j]] = out[of[i]][of[j]] || m[i][j]
			}
		}
		return out
	}
	for name, m := range u.sets {
		q.sets[name] = join(m)
	}
	for name, m := range u.rels {
		q.rels[name] = join(m)
	}
	for _, name := range []string{"po", "co", "fr", "addr", "data", "ctrl", "rmw"} {
		q.rels[name] = apply(rel.Diff, false, n, []matrix{q.rels[name], identity(n)})
	}
	return q
}
