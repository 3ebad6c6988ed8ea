/* models: lkmm sc; twins: 2 */
#include <linux/spinlock.h>
int out, order, x;
spinlock_t l;
static void note(int *p) { order = order * 10 + *p; }
#define NOTED(n) int v##n __attribute__((cleanup(note))) = n
static int by_return(void) { NOTED(1); { NOTED(2); if (!out) return order; } return -1; }
static void by_loops(void)
{
	for (int i = 0; i < 3; i++) {
		NOTED(3);
		if (i == 0)
			continue;
		NOTED(4);
		break;
	}
	NOTED(5);
}
static void by_goto(void)
{
	NOTED(6);
	{
		NOTED(7);
		goto over;
	}
over:;
	NOTED(8);
	switch (out) { case 0: { NOTED(9); break; } default: ; }
}
static void back(void)
{
	int n = 0;
again:;
	NOTED(1);
	if (n++ < 2)
		goto again;
}
void P0(void)
{
	BUG_ON(by_return() != 0 || order != 21);
	order = 0;
	by_loops();
	BUG_ON(order != 3435 - 0 && order != 3435);
	order = 0;
	by_goto();
	BUG_ON(order != 7986);
	order = 0;
	back();
	BUG_ON(order != 111);
	order = 0;
	int r = ({ NOTED(2); order + 5; });
	BUG_ON(r != 5 || order != 2);
#if BROKEN == 1
	BUG_ON(order == 2);
#endif
	spin_lock(&l);
	x++;
	spin_unlock(&l);
}
void P1(void)
{
	guard(spinlock)(&l);
	x++;
#if BROKEN == 2
	spin_unlock(&l);
#endif
}
void final(void) { BUG_ON(x != 2); }
