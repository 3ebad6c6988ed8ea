package proofs

// Edits keep the number of lines, so that places in the source stay what they
// are.
var (
	noSendBarrier = Edit{"\t/* The record is on the list before anybody is sent there. */\n\tsmp_mb();\n", "\n\n"}
	noTopBarrier  = Edit{"\t/* What made the other CPU send the IPI is in sight. */\n\tsmp_mb();\n", "\n\n"}
	noBarrier     = Edit{"\t\tsmp_rmb();\n\t\tif (atomic_read", "\n\t\tif (atomic_read"}
	rmbForMB      = Edit{"\t\tsmp_mb();\n\t\tif (atomic_read", "\t\tsmp_rmb();\n\t\tif (atomic_read"}
	mbForRMB      = Edit{"\t\tsmp_rmb();\n\t\tif (atomic_read", "\t\tsmp_mb();\n\t\tif (atomic_read"}
	noBarrierVR   = Edit{"\t\tsmp_mb();\n\t\tif (atomic_read", "\n\t\tif (atomic_read"}
	rmbAfterRefs  = Edit{"\t\tfunc = data->csd.func;", "\t\tsmp_rmb(); func = data->csd.func;"}
	loadTwice     = Edit{"\t\tfunc(data->csd.info);", "\t\tassert(func == data->csd.func); func(data->csd.info);"}
	loadTwiceV1   = Edit{"\t\tdata->csd.func(data->csd.info);", "\t\tassert(func == data->csd.func); func(data->csd.info);"}
	loadOnceV1    = Edit{"\t\tdata->csd.func(data->csd.info);", "\t\tfunc(data->csd.info);"}
	relaxedClear  = Edit{"cpumask_test_and_clear_cpu(cpu", "test_and_clear_cpu_relaxed(cpu"}
	relaxedDec    = Edit{"atomic_dec_return(", "atomic_dec_return_relaxed("}
	releaseDec    = Edit{"atomic_dec_return(", "atomic_dec_return_release("}
	splitDec      = Edit{"atomic_dec_return(", "dec_return_by_lock("}
	twoStores     = Edit{"\tcpumask_and(&data->cpumask, mask, cpu_online_mask);",
		"\tcpumask_copy(&data->cpumask, cpu_online_mask); cpumask_and(&data->cpumask, &data->cpumask, mask);"}
	noZero        = Edit{"\tatomic_set(&data->refs, 0);\n", "\n"}
	lockAcquire   = Edit{"while (READ_ONCE(csd->flags)", "while (smp_load_acquire(&csd->flags)"}
	lockWmb       = Edit{"\tsmp_mb();\n}\n\nstatic inline void csd_unlock", "\tsmp_wmb();\n}\n\nstatic inline void csd_unlock"}
	unlockRelease = Edit{"\tsmp_mb();\n\tWRITE_ONCE(csd->flags, 0);", "\n\tsmp_store_release(&csd->flags, 0);"}
	atTheTail     = Edit{"list_add_rcu(&data", "list_add_tail_rcu(&data"}
	markedNext    = Edit{"list_add_rcu(&data", "list_add_marked_rcu(&data"}
	privateMask   = Edit{"\trefs = cpumask_weight(&data->cpumask);", "\tstruct cpumask targets = data->cpumask; refs = cpumask_weight(&data->cpumask);"}
	sendPrivate   = Edit{"ipi_mask(&data->cpumask)", "ipi_mask(&targets)"}

	lightEdits = []Edit{lockAcquire, lockWmb, unlockRelease, releaseDec}
)
