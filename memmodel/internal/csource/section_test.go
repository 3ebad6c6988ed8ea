package csource_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"crosscall/memmodel/internal/csource"
)

const sectionHeader = `#include <crosscall.h>
#include <linux/kernel.h>
#include <linux/atomic.h>
#include <linux/spinlock.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/rculist.h>
#include <linux/srcu.h>
int x, y, z;
DEFINE_MUTEX(m);
DEFINE_SRCU(ss);
DEFINE_SRCU(tt);
struct e { struct list_head l; int v; };
LIST_HEAD(h);
struct e *a;
void init(void) { a = kmalloc(sizeof(*a), GFP_KERNEL); a->v = 1; INIT_LIST_HEAD(&h); list_add(&a->l, &h); }
`

// sectionLine is a line number in the text of a verdict.
var sectionLine = regexp.MustCompile(`(test\.c:|line )(\d+)(:\d+)?`)

const (
	walk = `struct e *p; list_for_each_entry_rcu(p, &h, l) assert(p->v == 1);`
	list = `
void P1(void) { rcu_read_lock(); ` + walk + ` rcu_read_unlock(); }`
)

// TestSections has readers that wait or end early in sections of RCU and SRCU, and
// threads that wait for these sections, under LKMM. Some programs are right, some
// wrong. With -short, one in four.
func TestSections(t *testing.T) {
	for i, test := range []struct{ name, code, want string }{
		{"a list", `
void P0(void) { list_del_rcu(&a->l); synchronize_rcu(); kfree(a); }` + list, "holds"},
		{"a list with two readers", `
void P0(void) { list_del_rcu(&a->l); synchronize_rcu(); kfree(a); }` + list + strings.Replace(list, "P1", "P2", 1), "holds"},
		{"a list without a grace period", `
void P0(void) { list_del_rcu(&a->l); kfree(a); }` + list, "fails: 3: .* uses memory that is freed in line 2"},
		{"freed before the grace period", `
void P0(void) { list_del_rcu(&a->l); kfree(a); synchronize_rcu(); }` + list, "fails: 3: .* uses memory that is freed in line 2"},
		{"removed after the grace period", `
void P0(void) { synchronize_rcu(); list_del_rcu(&a->l); kfree(a); }` + list, "fails: 3: .* uses memory that is freed in line 2"},
		{"a list behind a nested section", `
void P0(void) { list_del_rcu(&a->l); synchronize_rcu(); kfree(a); }
void P1(void) { rcu_read_lock(); rcu_read_lock(); rcu_read_unlock(); ` + walk + ` rcu_read_unlock(); }`, "holds"},
		{"a list behind all sections", `
void P0(void) { list_del_rcu(&a->l); synchronize_rcu(); kfree(a); }
void P1(void) { rcu_read_lock(); rcu_read_lock(); rcu_read_unlock(); rcu_read_unlock(); ` + walk + ` }`, "fails: 3: .* uses memory that is freed in line 2"},
		{"a list with SRCU", `
void P0(void) { list_del_rcu(&a->l); synchronize_srcu(&ss); kfree(a); }
void P1(void) { int i = srcu_read_lock(&ss); ` + walk + ` srcu_read_unlock(&ss, i); }`, "holds"},
		{"a list with another SRCU", `
void P0(void) { list_del_rcu(&a->l); synchronize_srcu(&tt); kfree(a); }
void P1(void) { int i = srcu_read_lock(&ss); ` + walk + ` srcu_read_unlock(&ss, i); }`, "fails: 3: .* uses memory that is freed in line 2"},
		{"an unlock that is forgotten", `
void P0(void) { rcu_read_lock(); }`, "holds unmatched-rcu-lock"},
		{"one who waits after the grace period", `
void P0(void) { WRITE_ONCE(x, 1); synchronize_rcu(); WRITE_ONCE(y, 1); }
void P1(void) { rcu_read_lock(); int a = READ_ONCE(x), b = READ_ONCE(y); if (b && !a) while (!READ_ONCE(z)); rcu_read_unlock(); }`, "holds"},

		{"a reader that waits for the grace period", `
void P0(void) { synchronize_rcu(); WRITE_ONCE(z, 1); }
void P1(void) { rcu_read_lock(); while (!READ_ONCE(z)); rcu_read_unlock(); }`,
			`fails: 2: P0 waits forever: synchronize_rcu\(\) waits for the section that P1 is in since line 3, and that one waits in line 3 for another value of READ_ONCE\(z\)`},
		{"in an outer section", `
void P0(void) { synchronize_rcu(); WRITE_ONCE(z, 1); }
void P1(void) { rcu_read_lock(); rcu_read_lock(); rcu_read_unlock(); while (!READ_ONCE(z)); rcu_read_unlock(); }`, "fails: 2: P0 waits forever"},
		{"by way of a third", `
void P0(void) { synchronize_rcu(); WRITE_ONCE(y, 1); }
void P1(void) { rcu_read_lock(); while (!READ_ONCE(z)); rcu_read_unlock(); }
void P2(void) { while (!READ_ONCE(y)); WRITE_ONCE(z, 1); }`, "fails: 2: P0 waits forever: .* the section that P1 is in since line 3"},
		{"what comes before the grace period", `
void P0(void) { WRITE_ONCE(z, 1); synchronize_rcu(); }
void P1(void) { rcu_read_lock(); while (!READ_ONCE(z)); rcu_read_unlock(); }`, "holds"},
		{"what comes from a third", `
void P0(void) { synchronize_rcu(); }
void P1(void) { rcu_read_lock(); while (!READ_ONCE(z)); rcu_read_unlock(); }
void P2(void) { WRITE_ONCE(z, 1); }`, "holds"},
		{"behind the section", `
void P0(void) { synchronize_rcu(); WRITE_ONCE(z, 1); }
void P1(void) { rcu_read_lock(); rcu_read_unlock(); while (!READ_ONCE(z)); }`, "holds"},
		{"before the section", `
void P0(void) { synchronize_rcu(); WRITE_ONCE(z, 1); }
void P1(void) { while (!READ_ONCE(z)); rcu_read_lock(); rcu_read_unlock(); }`, "holds"},
		{"a section that is left in each round", `
void P0(void) { synchronize_rcu(); WRITE_ONCE(z, 1); }
void P1(void) { rcu_read_lock(); while (!READ_ONCE(z)) { rcu_read_unlock(); cpu_relax(); rcu_read_lock(); } rcu_read_unlock(); }`, "holds"},
		{"idle in a section", `
void P0(void) { synchronize_rcu(); }
void P1(void) { rcu_read_lock(); while (!READ_ONCE(z)) idle(); rcu_read_unlock(); }`, "fails: 2: P0 waits forever"},
		{"idle behind a section", `
void P0(void) { synchronize_rcu(); }
void P1(void) { rcu_read_lock(); rcu_read_unlock(); while (!READ_ONCE(z)) idle(); }`, "holds"},
		// P1 idles if it reads x = 0. Its section then began before the grace period, so
		// P0 never writes y. The only error is that P0 waits forever.
		{"a grace period that ends has waited for no section that lasts", `
void P0(void) { WRITE_ONCE(x, 1); synchronize_rcu(); WRITE_ONCE(y, 1); while (1) idle(); }
void P1(void) { rcu_read_lock(); int a = READ_ONCE(x); while (!a) idle(); rcu_read_unlock(); }
void P2(void) { while (!READ_ONCE(y)) idle(); }`, "fails: 2: P0 waits forever: synchronize_rcu"},
		{"a mutex held meanwhile", `
void P0(void) { mutex_lock(&m); synchronize_rcu(); mutex_unlock(&m); }
void P1(void) { rcu_read_lock(); mutex_lock(&m); mutex_unlock(&m); rcu_read_unlock(); }`,
			`fails: 2: P0 waits forever: .* that one waits in line 3 for a lock that is never given back: mutex_lock\(&m\)`},
		{"a mutex that is tried", `
void P0(void) { mutex_lock(&m); synchronize_rcu(); mutex_unlock(&m); }
void P1(void) { rcu_read_lock(); if (mutex_trylock(&m)) mutex_unlock(&m); rcu_read_unlock(); }`, "holds"},
		{"a mutex given back before", `
void P0(void) { mutex_lock(&m); mutex_unlock(&m); synchronize_rcu(); }
void P1(void) { rcu_read_lock(); mutex_lock(&m); mutex_unlock(&m); rcu_read_unlock(); }`, "holds"},
		{"in its own section", `
void P0(void) { rcu_read_lock(); synchronize_rcu(); rcu_read_unlock(); }`,
			`fails: 2: P0 waits forever: synchronize_rcu\(\) waits for the section that it is in itself, since line 2`},
		{"SRCU crosswise", `
void P0(void) { int i = srcu_read_lock(&ss); synchronize_srcu(&tt); srcu_read_unlock(&ss, i); }
void P1(void) { int i = srcu_read_lock(&tt); synchronize_srcu(&ss); srcu_read_unlock(&tt, i); }`,
			`fails: 2: P0 waits forever: synchronize_srcu\(&tt\) waits for the section that P1 is in since line 3, and that one waits in line 3 for a section too: synchronize_srcu\(&ss\)`},
		{"SRCU in one order", `
void P0(void) { int i = srcu_read_lock(&ss); synchronize_srcu(&tt); srcu_read_unlock(&ss, i); }
void P1(void) { int i = srcu_read_lock(&tt); srcu_read_unlock(&tt, i); synchronize_srcu(&ss); }`, "holds"},
		{"a reader of SRCU that waits", `
void P0(void) { synchronize_srcu(&ss); WRITE_ONCE(z, 1); }
void P1(void) { int i = srcu_read_lock(&ss); while (!READ_ONCE(z)); srcu_read_unlock(&ss, i); }`, "fails: 2: P0 waits forever"},
		{"a reader of another SRCU that waits", `
void P0(void) { synchronize_srcu(&tt); WRITE_ONCE(z, 1); }
void P1(void) { int i = srcu_read_lock(&ss); while (!READ_ONCE(z)); srcu_read_unlock(&ss, i); }`, "holds"},
	} {
		if testing.Short() && i%4 != 0 {
			continue
		}
		t.Run(test.name, func(t *testing.T) {
			s, err := csource.Parse("test.c", []byte(sectionHeader+test.code), csource.Options{})
			if err != nil {
				t.Fatal(err)
			}
			got := regexp.MustCompile(`, \d+ executions`).ReplaceAllString(verdict(t, s, "lkmm"), "")
			got = strings.TrimSpace(sectionLine.ReplaceAllStringFunc(got, func(at string) string {
				m := sectionLine.FindStringSubmatch(at)
				n, _ := strconv.Atoi(m[2])
				return strings.TrimPrefix(m[1], "test.c:") + fmt.Sprint(n-strings.Count(sectionHeader, "\n"))
			}))
			if !regexp.MustCompile("^"+test.want).MatchString(got) || test.want == "holds" && got != test.want {
				t.Errorf("%s; want %s", got, test.want)
			}
		})
	}
}
