/* models: lkmm sc; twins: 2 */
#include <linux/percpu.h>
struct s { int a, b; };
DEFINE_PER_CPU(struct s, x) = { 1, 2 };
static DEFINE_PER_CPU(int, n);
int *p;
void init(void) { p = alloc_percpu(int); }
void P0(void)
{
	this_cpu_inc(n);
	this_cpu_add(n, 2);
	BUG_ON(this_cpu_read(n) != 3 || per_cpu(x, 1).b != 2);
	*this_cpu_ptr(&x.b) = 7;
	BUG_ON(this_cpu_ptr(&x)->b != 7 || per_cpu(x.b, 0) != 7);
	BUG_ON(this_cpu_cmpxchg(n, 3, 4) != 3 || this_cpu_xchg(n, 5) != 4);
	*per_cpu_ptr(p, 0) = 3;
#if BROKEN == 1
	*per_cpu_ptr(p, 1) = 3;
#endif
}
void P1(void)
{
	BUG_ON(this_cpu_read(n) != 0);
	*this_cpu_ptr(p) = 4;
	this_cpu_write(n, 6);
}
void final(void)
{
	BUG_ON(per_cpu(n, 0) != 5 || per_cpu(n, 1) != 6 || *per_cpu_ptr(p, 1) != 4 || *per_cpu_ptr(p, 0) != 3);
	free_percpu(p);
#if BROKEN == 2
	*per_cpu_ptr(p, 1) = 1;
#endif
}
