package proofs

// A Question is one of the review's.
type Question struct {
	ID     string // "Q1"
	Asks   string
	Answer string // the conclusion, if the rows are as expected
}

// Questions lists them in order.
func Questions() []Question { return questions }

var questions = []Question{
	{"Q1", "Is the check for an empty mask redundant?",
		"No, if others may take bits out of the caller's mask: then no CPU is called, no CPU gives the record back, and the caller waits forever. " +
			"Yes, if the mask cannot change."},
	{"Q2", "Can the smp_mb before the IPI be dropped?",
		"Yes, if the IPI itself orders, or if the layer below takes a lock for it: an unlock and a later lock keep two stores in order. " +
			"No otherwise, on LKMM and Armv8: a store may pass the unlock before it. " +
			"The lock is not enough if two IPIs become one, on LKMM and POWER. The handler's smp_mb is needed unless the IPI orders."},
	{"Q3", "Must the smp_rmb between the tests of cpumask and refs be an smp_mb?",
		"No: the smp_rmb is enough on every model, and smp_mb forbids no more. The full barriers of csd_unlock and csd_lock pass on the third CPU's writes. " +
			"With no barrier there, a CPU may see the refs of the call before."},
	{"Q4", "Is a barrier missing between the test of refs and the reads of func and info?",
		"Yes, on V1: a CPU may run the function of the call before. Either cure is enough, the reviewer's smp_rmb or the smp_wmb that was merged. " +
			"But the reviewer's relies on the smp_wmb that list_add_rcu had in 2011: with the store-release of today it fails on LKMM and Armv8."},
	{"Q5", "May csd.func be loaded twice?",
		"Yes, if its loads are in order with that of refs: two are as good as one. On V1 both are wrong: two loads may differ, and one may be stale."},
	{"Q6", "Can list_del_rcu run before list_add_rcu?",
		"On V0, yes, on every machine: a CPU that still holds the record sees refs before the record is on the list, and takes it off twice. On V1, no."},
	{"Q7", "May a CPU's clear of its bit be seen after the record is used again?",
		"No, not even with both atomics relaxed: the clear decides whether refs is counted down. But the caller sees the writes of a function " +
			"only if one of the two is ordered; either will do. The warning about cpumask needs an ordered atomic_dec_return."},
	{"Q8", "May cpumask hold an intermediate value?",
		"No: a CPU that was not asked may run the function, on every machine. With one store a word all is well on every machine. " +
			"But in C cpumask_and is a plain store, which LKMM does not order: a stale function may run there."},
	{"Q9", "Must the owner itself make refs zero?",
		"No, on every model: csd_unlock and csd_lock are full barriers, and those are cumulative. Under LKMM it would have to if they were the " +
			"release and the acquire of today, and the count no more than a release. No machine needs it even then."},
	{"Q10", "Must atomic_set be atomic against atomic_dec_return?",
		"No: the two never run at the same time. A count down by a load and a store, under a lock that atomic_set does not take, is as good."},
	{"Q11", "Does every target run the function once, and is the record used again only after that?",
		"Yes, on V3 and VG. (In V3, LKMM sees one data race: list_add_rcu writes the record's next as if no CPU could read it, " +
			"but without a grace period a walker can. func and info have none.)"},
	{"Q12", "Is no request ever missed, and why does a record go to the head?",
		"No request is missed, on V3 and VG. If a record went to the tail, a CPU at a record that is moved would go on from the new place, past the records behind the old one."},
	{"Q13", "Does every csd_lock_wait end?",
		"Yes, on V3 and VG."},
	{"Q14", "Does the caller see what the function wrote, after it has waited?",
		"Not on weak machines: csd_lock_wait reads without an acquire. With one, yes. On Alpha, READ_ONCE has had a barrier behind it since Linux 4.15."},
	{"Q15", "Which mask does the layer below get?",
		"A mask that others have changed since: bits are missing, and it may be empty. With a copy that is made before the record is published, the right one."},
}
