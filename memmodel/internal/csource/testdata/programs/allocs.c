// An allocation in a loop of twelve rounds.
#include <pthread.h>
#include <stdlib.h>
#include <assert.h>
struct node { struct node *next; };
struct node *list;
void *f(void *a)
{
	for (int i = 0; i < 12; i++) {
		struct node *n = malloc(sizeof *n);
		n->next = list;
		list = n;
	}
	return 0;
}
int main(void)
{
	pthread_t t;
	int n = 0;
	pthread_create(&t, 0, f, 0);
	pthread_join(t, 0);
	for (; list; n++) {
		struct node *first = list;
		list = first->next;
		free(first);
	}
	assert(n == 12);
}
