package proofs

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"crosscall/internal/golden"
	"crosscall/memmodel/check"
)

// kernelRuns are the harnesses in kernel, with the macros that select their variants,
// and the models under which they are explored. Harnesses that take too long under lkmm
// are explored only under machines.
var kernelRuns = []struct{ file, defines, models string }{
	{"llist.c", "", "lkmm armv8"},
	{"ptr_ring.c", "", "lkmm armv8"},
	{"mcs_spinlock.c", "", "lkmm armv8"},
	{"osq_lock.c", "", "lkmm armv8"},
	{"osq_lock.c", "ORDERED", "lkmm armv8 x86-tso"},
	{"qspinlock.c", "", "lkmm armv8"},
	{"qspinlock.c", "THREE", "lkmm armv8"},
	{"qrwlock.c", "", "lkmm armv8"},
	{"refcount.c", "", "lkmm armv8"},
	{"lockref.c", "", "lkmm armv8"},
	{"seqlock.c", "", "lkmm armv8 power"},
	{"smp.c", "SINGLE", "lkmm armv8"},
	{"smp.c", "AGAIN", "lkmm armv8"},
	{"smp.c", "ASYNC", "lkmm armv8"},
	{"smp.c", "MANY NR_CPUS=3", "lkmm armv8"},
	{"smp.c", "MASK", "lkmm armv8"},
	{"smp.c", "TWO NR_CPUS=3", "lkmm armv8"},
	{"irq_work.c", "", "lkmm armv8"},
	{"task_work.c", "", "lkmm armv8"},
	{"task_work.c", "CANCEL", "armv8"},
	{"wait.c", "", "armv8"},
	{"list_bl.c", "", "lkmm armv8"},
	{"rculist.c", "", "lkmm"},
	{"kfifo.c", "", "lkmm armv8 x86-tso"},
	{"rcuwait.c", "", "lkmm armv8"},
	{"percpu-rwsem.c", "", "lkmm"},
	{"sbitmap.c", "", "x86-tso"},
	{"klist.c", "", "lkmm armv8"},
	{"klist.c", "REMOVE", "lkmm armv8"},
	{"semaphore.c", "", "armv8"},
	{"percpu-refcount.c", "", "lkmm"},
	{"completion.c", "", "lkmm armv8"},
	{"swait.c", "", "lkmm armv8"},
	{"swait.c", "ACTIVE", "lkmm armv8"},
	{"percpu_counter.c", "", "lkmm armv8"},
	{"mutex.c", "", "lkmm armv8"},
	{"rwsem.c", "", "armv8"},
	{"rwsem.c", "WRITERS", "armv8"},
	{"notifier.c", "", "lkmm"},
	{"io_uring.c", "", "lkmm armv8"},
	{"ringbuf.c", "", "lkmm armv8"},
	{"errseq.c", "", "lkmm armv8"},
	{"page_counter.c", "", "lkmm armv8"},
	{"cpupri.c", "", "lkmm armv8"},
	{"once.c", "", "lkmm armv8"},
	{"percpu_freelist.c", "", "lkmm armv8"},
	{"wait_bit.c", "", "armv8"},
	{"ratelimit.c", "", "lkmm armv8"},
	{"rcu_segcblist.c", "", "lkmm armv8"},
	{"flex_proportions.c", "", "lkmm armv8"},
	{"eventfd.c", "", "lkmm armv8"},
	{"mbcache.c", "", "armv8"},
	{"dynamic_queue_limits.c", "", "lkmm armv8"},
}

// TestKernel explores the harnesses over the files of a Linux source tree. The verdicts
// are those in docs/kernel-files.md.
func TestKernel(t *testing.T) {
	tree := kernelTree(t)
	var b strings.Builder
	for _, run := range kernelRuns {
		s := parseKernel(t, tree, run.file, run.defines)
		if s == nil {
			continue
		}
		for _, model := range strings.Fields(run.models) {
			fmt.Fprintf(&b, "%-44s %-8s %s\n", strings.TrimSpace(run.file+" "+run.defines), model, verdictOn(t, s, model))
		}
	}
	golden.Compare(t, "testdata/kernel.txt", b.String())
}

func parseKernel(t *testing.T, tree, file, defines string) *check.CSource {
	t.Helper()
	o := check.COptions{Kernel: tree, Defines: map[string]string{}}
	for _, d := range strings.Fields(defines) {
		name, value, ok := strings.Cut(d, "=")
		if !ok {
			value = "1"
		}
		o.Defines[name] = value
	}
	path := filepath.Join("kernel", file)
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s, err := check.ParseC(path, src, o)
	if err != nil {
		t.Error(err)
	}
	return s
}

func verdictOn(t *testing.T, s *check.CSource, model string) string {
	t.Helper()
	m, err := check.LoadModel(model)
	if err != nil {
		t.Fatal(err)
	}
	test, err := s.Compile(m.Macros, nil)
	if err != nil {
		return err.Error()
	}
	r := check.Run(t.Context(), test, m, check.Options{Timeout: time.Minute, NoSymmetry: true})
	if r.Verdict != check.Holds { // how many are explored before depends on the machine
		return fmt.Sprint(r.Verdict)
	}
	return strings.TrimSpace(fmt.Sprintf("holds %4d %s", r.Executions, strings.Join(r.Flags, " ")))
}

// kernelTree is the tree that CROSSCALL_KERNEL names, or one unpacked from Debian's package
// linux-source; without either, the test is skipped.
func kernelTree(t *testing.T) string {
	t.Helper()
	if dir := os.Getenv("CROSSCALL_KERNEL"); dir != "" {
		return dir
	}
	archives, _ := filepath.Glob("/usr/src/linux-source-*.tar.xz")
	if len(archives) == 0 {
		t.Skip("SKIPPED: no kernel source: install Debian's linux-source, or set CROSSCALL_KERNEL to the folder of a tree")
	}
	if testing.Short() {
		t.Skip("unpacking takes long")
	}
	dir := t.TempDir()
	args := []string{"-xJf", archives[len(archives)-1], "-C", dir, "--strip-components=1", "--wildcards", "--no-wildcards-match-slash"}
	for _, part := range []string{"include", "lib", "kernel", "io_uring", "mm/page_counter.c", "fs/eventfd.c", "fs/mbcache.c"} {
		args = append(args, "linux-source-*/"+part)
	}
	if out, err := exec.Command("tar", args...).CombinedOutput(); err != nil {
		t.Fatalf("tar: %v\n%s", err, out)
	}
	return dir
}
