/*
 * What the scenarios are made of: calls that leave a mark, IPIs.
 */
#define CPU(n) (1UL << (n))

static const struct cpumask cpu1 = { { CPU(1) } };
static const struct cpumask cpu2 = { { CPU(2) } };
static const struct cpumask cpus12 = { { CPU(1) | CPU(2) } };

/*
 * The functions of the first, the second and the third call. Each knows its own
 * info, and which CPUs it is for; on each of these it runs once. With ANY_CALL
 * they ask nothing, for questions that are about something else.
 */
#ifndef TARGETS1
#define TARGETS1 (CPU(1) | CPU(2))
#endif
#ifndef TARGETS2
#define TARGETS2 CPU(1)
#endif
#ifndef TARGETS3
#define TARGETS3 CPU(1)
#endif

#define INFO1 ((void *)1)
#define INFO2 ((void *)2)
#define INFO3 ((void *)3)

static int ran1[CPUS], ran2[CPUS], ran3[CPUS];

#ifdef ANY_CALL
#define must(e) do { } while (0)
#else
#define must(e) assert(e)
#endif

static inline void runs(int *ran, unsigned long targets)
{
	must(targets & CPU(smp_processor_id()));
	must(!*ran);
	*ran = 1;
}

static void call1(void *info)
{
	must(info == INFO1);
	runs(&ran1[smp_processor_id()], TARGETS1);
}

static void call2(void *info)
{
	must(info == INFO2);
	runs(&ran2[smp_processor_id()], TARGETS2);
}

static void call3(void *info)
{
	must(info == INFO3);
	runs(&ran3[smp_processor_id()], TARGETS3);
}

/*
 * IPIs. What a CPU is interrupted by is the number of IPIs that a sender has sent
 * it. Two contracts:
 *
 *   IPI_ORDERS  an IPI orders like a message with a full barrier on each side
 *   (default)   an IPI orders nothing: it may overtake all that came before it
 *
 * With IPI_LOCKS the layer below takes a lock of its own. With NO_IPIS there are
 * none: who walks the list does so for another's sake.
 */
#ifdef IPI_ORDERS
#define ipi_barrier() smp_mb()
#else
#define ipi_barrier() do { } while (0)
#endif

static int ipis[CPUS][CPUS];

static inline void send_ipi(int cpu)
{
	int *ipi = &ipis[cpu][smp_processor_id()];

	ipi_barrier();
#ifdef MERGED
	WRITE_ONCE(*ipi, 1); /* pending, whether it was or not */
#else
	WRITE_ONCE(*ipi, *ipi + 1);
#endif
}

/* A CPU that is not interrupted has nothing to do. */
static inline void wait_for_ipi(int sender, int nth)
{
	while (READ_ONCE(ipis[smp_processor_id()][sender]) < nth)
		idle();
	ipi_barrier();
}

static DEFINE_SPINLOCK(ipi_lock);

void arch_send_call_function_ipi_mask(const struct cpumask *mask)
{
#ifndef NO_IPIS
	unsigned long bits = READ_ONCE(*cpumask_bits(mask));

#ifdef CHECK_SAME
	assert(bits == CHECK_SAME); /* as it was when refs was counted */
#endif
#ifdef CHECK_NOT_EMPTY
	assert(bits);
#endif
#ifdef IPI_LOCKS
	spin_lock(&ipi_lock);
#endif
	if (bits & CPU(1))
		send_ipi(1);
	if (bits & CPU(2))
		send_ipi(2);
	if (bits & CPU(3))
		send_ipi(3);
#ifdef IPI_LOCKS
	spin_unlock(&ipi_lock);
#endif
#endif
}

/*
 * CPU 0 has called the CPUs in waiting, and perhaps others that are done. It
 * waits no longer, or has not yet.
 */
static inline void under_way(struct call_function_data *data,
			     smp_call_func_t func, void *info,
			     unsigned long waiting, int refs)
{
	data->csd.func = func;
	data->csd.info = info;
	data->csd.flags = CSD_FLAG_LOCK;
	*cpumask_bits(&data->cpumask) = waiting;
	atomic_set(&data->refs, refs);
	list_add(&data->csd.list, &call_function.queue);
}
