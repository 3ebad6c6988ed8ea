#include <stdlib.h>
#include <pthread.h>
#include <stdatomic.h>
#include <genmc.h>
#include <assert.h>
/* A stack of which elements are taken by two threads, and retired. */
struct node { int v; _Atomic(struct node *) next; };
_Atomic(struct node *) top;
static void push(int v) { struct node *n = malloc(sizeof(struct node)); n->v = v; atomic_store(&n->next, atomic_load(&top)); atomic_store(&top, n); }
static int pop(void)
{
	__VERIFIER_hp_t *hp = __VERIFIER_hp_alloc();
	struct node *n;
	for (;;) {
		n = atomic_load(&top);
		if (!n) { __VERIFIER_hp_free(hp); return 0; }
		struct node *next = atomic_load(&n->next);
		if (atomic_compare_exchange_strong(&top, &n, next)) break;
	}
	int v = n->v;
	__VERIFIER_hp_retire(n);
	__VERIFIER_hp_free(hp);
	return v;
}
int got[2];
void *r(void *a) { *(int *)a = pop(); return 0; }
int main(void) { pthread_t t, u; push(1); push(2);
 pthread_create(&t, 0, r, &got[0]);
 pthread_create(&u, 0, r, &got[1]);
 pthread_join(t, 0); pthread_join(u, 0); assert(got[0] + got[1] == 3); return 0; }
