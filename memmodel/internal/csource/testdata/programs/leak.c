#include <pthread.h>
#include <stdlib.h>
struct node { struct node *next; } *list;
int main(void)
{
	list = malloc(sizeof(struct node));
	list->next = malloc(sizeof(struct node));
	list->next->next = 0;
	list = 0;
	return 0;
}
