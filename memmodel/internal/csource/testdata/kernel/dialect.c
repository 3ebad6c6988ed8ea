/* models: sc; twins: 1 */
#include <linux/kernel.h>
#include <linux/wait.h>
#include <linux/cleanup.h>
struct s { int a; int tail[]; };
static int many(int n, ...) { return n; }
#define FIRST(x) ({ __label__ over; int __n = (x); if (__n) goto over; __n = 9; over:; __n; })
int x;
typeof(int) t;
typeof(int[2]) arr;
typeof(arr) brr;
static typeof(x) *ptr(void) { return &t; }
void P0(void)
{
	*ptr() = 4;
	BUG_ON(many(t, 2, "three") != 4 || sizeof(brr) != 8);
	BUG_ON(FIRST(0) != 9);
	BUG_ON((x ?: 3) != 3);
	switch (t) {
	case 1 ... 3: BUG();
	case 4 ... 6: x = 2; break;
	default: BUG();
	}
	*(volatile int *)&x = 5;
	BUG_ON(__builtin_types_compatible_p(int, long) || !__same_type(x, t));
	BUG_ON(__builtin_choose_expr(1, x, "no") != 5);
	BUG_ON(IS_ERR(&x) || !IS_ERR(ERR_PTR(-ENOMEM)) || PTR_ERR(ERR_PTR(-5)) != -5);
#if BROKEN == 1
	BUG_ON(x == 5);
#endif
}
