/* models: lkmm armv8; twins: 2 */
#include <linux/completion.h>
DECLARE_COMPLETION(c);
int x;
void P0(void)
{
#if BROKEN == 1
	complete(&c);
	x = 1;
#else
	x = 1;
	complete_all(&c);
#endif
}
void P1(void) { wait_for_completion(&c); BUG_ON(x != 1); }
#if BROKEN == 2
void P2(void) { if (completion_done(&c)) ; BUG_ON(x != 1); }
#else
void P2(void) { if (completion_done(&c)) BUG_ON(x != 1); }
#endif
