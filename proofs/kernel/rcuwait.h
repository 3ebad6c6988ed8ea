/* kernel/exit.c includes what cannot be read here, so these two of its functions are ours:
 * the one that wakes has a full barrier between the condition and the look at who waits. */
int rcuwait_wake_up(struct rcuwait *w)
{
	struct task_struct *waiter;
	int woken = 0;

	rcu_read_lock();
	smp_mb();
	if ((waiter = rcu_dereference(w->task)))
		woken = wake_up_process(waiter);
	rcu_read_unlock();
	return woken;
}

void finish_rcuwait(struct rcuwait *w)
{
	rcu_assign_pointer(w->task, NULL);
	__set_current_state(TASK_RUNNING);
}
