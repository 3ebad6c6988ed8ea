/* models: lkmm armv8 sc; twins: 1 */
#include <linux/wait_bit.h>
unsigned long w = 1;
int data;
void P0(void)
{
	data = 1;
#if BROKEN == 1
	clear_bit_unlock(0, &w);
	wake_up_bit(&w, 0);
#else
	clear_and_wake_up_bit(0, &w);
#endif
}
void P1(void) { wait_on_bit(&w, 0, TASK_UNINTERRUPTIBLE); BUG_ON(data != 1); }
