// Loops that wait, and what they are made of.
#include <linux/spinlock.h>
#include <linux/smp.h>
DEFINE_SPINLOCK(lock);
struct cpumask mask;
unsigned int word;
int done;

void P0(void)
{
	while (!READ_ONCE(done))
		idle();
	smp_cond_load_acquire(&done, VAL > 1);
	while (test_and_set_bit(0, &mask.bits))
		cpu_relax();
}

void P1(void)
{
	unsigned int old = READ_ONCE(word);

	do {
		if (old & 1)
			old = choose(3);
	} while (!try_cmpxchg(&word, &old, old | 1));
	if (spin_trylock(&lock))
		spin_unlock(&lock);
	cpumask_set_cpu(smp_processor_id(), &mask);
	WARN_ON(cpumask_weight(&mask) > 2);
}
