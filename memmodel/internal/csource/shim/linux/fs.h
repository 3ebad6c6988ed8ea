#ifndef __SHIM_LINUX_FS_H
#define __SHIM_LINUX_FS_H

#include <linux/kernel.h>
#include <linux/shrinker.h>
#include <linux/wait_bit.h>

typedef int __kernel_rwf_t;
struct file;
struct inode;
struct kiocb;
struct iov_iter;
struct poll_table_struct;
struct seq_file;
struct vm_area_struct;
struct module;

/* Nothing opens files here: a harness calls these functions itself. */
struct file_operations {
	struct module *owner;
	loff_t (*llseek)(struct file *, loff_t, int);
	ssize_t (*read)(struct file *, char *, size_t, loff_t *);
	ssize_t (*write)(struct file *, const char *, size_t, loff_t *);
	ssize_t (*read_iter)(struct kiocb *, struct iov_iter *);
	ssize_t (*write_iter)(struct kiocb *, struct iov_iter *);
	__poll_t (*poll)(struct file *, struct poll_table_struct *);
	long (*unlocked_ioctl)(struct file *, unsigned int, unsigned long);
	long (*compat_ioctl)(struct file *, unsigned int, unsigned long);
	int (*mmap)(struct file *, struct vm_area_struct *);
	int (*open)(struct inode *, struct file *);
	int (*flush)(struct file *, void *);
	int (*release)(struct inode *, struct file *);
	int (*fsync)(struct file *, loff_t, loff_t, int);
	int (*fasync)(int, struct file *, int);
	void (*show_fdinfo)(struct seq_file *, struct file *);
};

static inline loff_t noop_llseek(struct file *file, loff_t offset, int whence) { return 0; }
static inline loff_t no_llseek(struct file *file, loff_t offset, int whence) { return -29; }

#endif
