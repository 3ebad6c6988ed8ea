#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static char name[8];

static int count(const char *s, char c)
{
	int n = 0;

	while (*s)
		n += *s++ == c;
	return n;
}

static void *work(void *arg)
{
	strcpy(name, arg);
	return strrchr(name, 'l');
}

int main(void)
{
	pthread_t t;
	void *last;

	signal(SIGPIPE, SIG_IGN);
	pthread_create(&t, NULL, work, "hello");
	pthread_join(t, &last);
	assert(last == name + 3 && count(name, 'l') == 2);
	assert(strlen(name) == 5 && strcmp(name, "help") < 0 && !strncmp(name, "help", 3));
}
