/* models: lkmm armv8; twins: 1 */
#include <linux/smp.h>
#include <linux/kernel.h>
int data, answer;
static void ask(void *info)
{
	BUG_ON(*(int *)info != 1 || smp_processor_id() != 1);
	answer = 2;
}
void P0(void)
{
	data = 1;
#if BROKEN == 1
	smp_call_function_single(1, ask, &data, 0);
#else
	smp_call_function_single(1, ask, &data, 1);
#endif
	BUG_ON(answer != 2);
}
void P1(void) { }
