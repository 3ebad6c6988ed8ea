#include <linux/llist.h>
#include <linux/smp.h>
struct n { int v; struct llist_node node; } n[2];
LLIST_HEAD(head);
int sum;
static void put(int i) { n[i].v = i + 1; llist_add(&n[i].node, &head); }
void P0(void) { put(0); }
void P1(void) { put(1); }
void P2(void) { struct llist_node *l = llist_del_all(&head); struct n *p; while (l) { p = llist_entry(l, struct n, node); sum += p->v; l = l->next; } assert(sum <= 3); }
