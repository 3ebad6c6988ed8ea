/* models: lkmm armv8; twins: 1 */
#define CONFIG_ON 1
#include <linux/init.h>
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/cpumask.h>
#include <linux/percpu.h>
#include <linux/random.h>
#include <trace/events/lock.h>
/* What files of the kernel are made of beside C. */
struct pair { int a; struct { int b, c; } in; };
#define PAIR(x, y) (struct pair){ .a = (x), .in = { .c = (y) } }
static struct pair one = PAIR(1, 2);
static struct { struct pair p[2]; } two = { .p = { PAIR(3, 4), PAIR(5, 6) } };
static DEFINE_PER_CPU(struct pair, three) = PAIR(7, 8);
static int __init setup(char *s) { return 0; }
early_initcall(setup);
early_param("s", setup);
module_param(setup, int, 0);
MODULE_LICENSE("GPL");
EXPORT_SYMBOL_GPL(setup);
#define kind(x) _Generic((x), int: 1, long: 2, default: 3)
void P0(void)
{
	struct pair four = PAIR(9, 10);
	typeof(int) n = ({ typeof(one.in) x = one.in; x.c; });

	static_assert(sizeof(four) == 12);
	BUG_ON(!IS_ENABLED(CONFIG_ON) || IS_ENABLED(CONFIG_OFF));
	BUG_ON(kind(n) != 1 || kind(1L) != 2 || kind("") != 3);
	BUG_ON(__builtin_choose_expr(__builtin_types_compatible_p(typeof(n), int), 1, 2) != 1);
	BUG_ON(n != 2 || one.in.b != 0 || two.p[1].in.c != 6 || four.in.c != 10);
	BUG_ON(per_cpu(three, 1).in.c != 8);
	BUG_ON(!cpu_online(1) || cpumask_weight(cpu_possible_mask) != num_online_cpus());
	BUG_ON(prandom_u32_max(3) > 2);
	trace_contention_begin(&one, 0);
	pr_info("%d %s\n", n, "x");
#if BROKEN == 1
	BUG_ON(prandom_u32_max(3) == 2);
#endif
}
