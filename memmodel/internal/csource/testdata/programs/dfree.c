#include <linux/slab.h>
#include <linux/atomic.h>
struct s { int v; };
struct s *p;
void init(void) { p = kzalloc(sizeof(struct s), GFP_KERNEL); }
void P0(void) { struct s *q = READ_ONCE(p); if (q) { WRITE_ONCE(p, NULL); kfree(q); } }
void P1(void) { struct s *q = READ_ONCE(p); if (q) { WRITE_ONCE(p, NULL); kfree(q); } }
