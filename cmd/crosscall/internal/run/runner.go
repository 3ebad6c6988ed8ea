package run

import (
	"context"
	"errors"
	"fmt"
	"math/bits"
	"math/rand/v2"
	"time"
	"unsafe"

	"crosscall"
	"crosscall/cmd/crosscall/internal/machinecode"
	"crosscall/memmodel/native"
)

const (
	limit = 5 * time.Millisecond // for a slice, beside what its instances take: another thread did not come
	batch = 16                   // slices between two looks at what else there is
)

// slowest is more than an instance takes, unless threads wait.
const slowest = 20 * time.Microsecond

// How the times of a barrier are spread, where the options do not say.
const (
	delay  = 580 * time.Nanosecond // until all threads know the time
	spread = 400 * time.Nanosecond // so that the CPU does not predict the start
	jitter = 13 * time.Nanosecond
)

// bitsOf is how many bits there are in a time in ticks, without the highest one.
func (m *Machine) bitsOf(d time.Duration) int {
	return min(max(bits.Len64(uint64(m.inTicks(d)))-1, 0), native.MaxBits)
}

// A runner runs a test. Its memory is used for one slice after another.
type runner struct {
	m    *Machine
	test *native.Test
	o    Options
	rng  *rand.Rand
	tab  []int64

	codes  []*machinecode.Code
	blocks []*native.Block
	words  []int // what each thread records of an instance

	memory  [][]byte
	data    []int64   // variables of all instances
	tables  []int64   // Indirect: addresses of the variables of an instance
	outs    [][]int64 // by thread
	sync    []int64
	random  []int64
	initial []int64
	order   []int // the instance that is gone through as the n-th
	size    int
	delay   int64

	counts counts
}

// Run runs a test. progress, if not nil, is called now and then. An ended ctx is no error:
// the result has the outcomes so far.
func (m *Machine) Run(ctx context.Context, t *native.Test, o Options, progress func(*Result)) (*Result, error) {
	if t.Threads() > len(m.cpus) {
		return nil, &TooFewCPUs{t.Threads(), len(m.cpus)}
	}
	r := &runner{m: m, test: t, o: o, rng: rand.New(rand.NewPCG(o.Seed, 0)), initial: t.Initial(), tab: t.Table(o.Indirect), delay: o.Delay}
	if o.Delay == 0 {
		r.delay = m.inTicks(delay)
	}
	defer r.close()
	if err := r.prepare(); err != nil {
		return nil, err
	}
	begin := time.Now()
	result := new(Result)
	for r.goesOn(ctx, begin) {
		cpus, err := o.Affinity.place(t.Threads(), m.cpus, r.rng)
		if err != nil {
			return nil, err
		}
		var failed error
		err = m.on(cpus[0], func(c *crosscall.CPU) {
			for n := 0; n < batch && failed == nil && r.goesOn(ctx, begin); n++ {
				failed = r.slice(c, cpus)
			}
		})
		if err := errors.Join(failed, err); err != nil {
			return nil, err
		}
		r.counts.Elapsed = time.Since(begin)
		if progress != nil {
			*result = r.counts.Result
			progress(result)
		}
	}
	r.counts.Delay = r.delay
	return r.counts.result(t), nil
}

func (r *runner) goesOn(ctx context.Context, begin time.Time) bool {
	return ctx.Err() == nil && (r.o.Runs == 0 || r.counts.Slices < r.o.Runs) && (r.o.Time == 0 || time.Since(begin) < r.o.Time)
}

// prepare makes the code and the memory.
func (r *runner) prepare() error {
	c := native.Config{
		Arch: r.m.Arch, Indirect: r.o.Indirect, Preload: r.o.Preload, Barrier: r.o.Barrier, Jitter: r.o.Jitter, Spread: r.m.bitsOf(spread),
	}
	if c.Jitter < 0 {
		c.Jitter = r.m.bitsOf(jitter)
	}
	threads, err := r.test.Emit(c)
	if err != nil {
		return err
	}
	r.size = coprime(r.o.Size, r.o.Stride)
	if err := r.allocate(threads); err != nil {
		return err
	}
	for i, th := range threads {
		code, err := machinecode.Map(th.Code)
		if err != nil {
			return fmt.Errorf("memory for code: %w", err)
		}
		r.codes = append(r.codes, code)
		r.words = append(r.words, th.Recorded)
		r.blocks = append(r.blocks, r.block(i))
	}
	r.counts.init(r)
	return nil
}

// coprime is the least number from size on that has no divisor in common with stride, so that
// all instances are gone through.
func coprime(size, stride int) int {
	for ; ; size++ {
		a, b := size, stride
		for b != 0 {
			a, b = b, a%b
		}
		if a == 1 {
			return size
		}
	}
}

func (r *runner) block(thread int) *native.Block {
	instance := int64(r.test.InstanceSize(r.o.Indirect))
	base := r.data
	if r.o.Indirect {
		base = r.tables
	}
	return &native.Block{
		N: int64(r.size), Base: address(base), Out: address(r.outs[thread]), Sync: address(r.sync), Table: address(r.tab),
		Step: instance * int64(r.o.Stride%r.size), Total: instance * int64(r.size),
		Gap: r.m.inTicks(r.o.Gap), Limit: r.m.inTicks(limit+r.o.Gap) + int64(r.size)*(4*r.o.Delay+r.m.inTicks(slowest)),
	}
}

func address(words []int64) uintptr { return uintptr(unsafe.Pointer(unsafe.SliceData(words))) }

func (r *runner) allocate(threads []native.Thread) (err error) {
	words := func(n int) []int64 {
		b, e := machinecode.Memory(8 * n)
		if err = errors.Join(err, e); e != nil {
			return nil
		}
		r.memory = append(r.memory, b)
		return unsafe.Slice((*int64)(unsafe.Pointer(unsafe.SliceData(b))), n)
	}
	r.data = words(r.size * r.test.InstanceSize(false) / 8)
	if r.o.Indirect {
		r.tables = words(r.size * r.test.InstanceSize(true) / 8)
	}
	for _, th := range threads {
		r.outs = append(r.outs, words(r.size*th.Recorded))
	}
	r.sync = words(native.SyncSize(len(threads)) / 8)
	r.random = words(2*r.size + 1024)
	table := r.tab
	r.tab = words(len(table))
	if err != nil {
		return err
	}
	copy(r.tab, table)
	for i := range r.random {
		r.random[i] = int64(r.rng.Uint64())
	}
	r.order = make([]int, r.size)
	for n := range r.order {
		r.order[n] = n * r.o.Stride % r.size
	}
	return nil
}

func (r *runner) close() {
	for _, c := range r.codes {
		_ = c.Close()
	}
	for _, b := range r.memory {
		_ = machinecode.Free(b)
	}
}

// slice runs all threads once, on CPUs of which c is the first.
func (r *runner) slice(c *crosscall.CPU, cpus []int) error {
	// A CPU that sets the variables has them in its cache: each in turn.
	err := c.Call(context.Background(), cpus[r.counts.Slices%len(cpus)], func(*crosscall.CPU) { r.reset() })
	if err != nil {
		return err
	}
	var handles []*crosscall.Handle
	for i := 1; i < len(cpus) && err == nil; i++ {
		var h *crosscall.Handle
		if h, err = c.Async(cpus[i], func(*crosscall.CPU) { r.codes[i].Run(unsafe.Pointer(r.blocks[i])) }); err == nil {
			handles = append(handles, h)
		}
	}
	if err == nil {
		r.codes[0].Run(unsafe.Pointer(r.blocks[0]))
	}
	for _, h := range handles { // they use the memory, whatever comes
		err = errors.Join(err, h.Wait(context.Background()))
	}
	if err != nil {
		return err
	}
	r.adapt()
	return r.counts.slice()
}

// adapt makes the delay longer if a thread was late for one of ten starts. How long it takes
// until all threads know the time is a matter of the machine, and of what else it does.
func (r *runner) adapt() {
	for _, b := range r.blocks {
		if r.o.Delay == 0 && b.Status == 0 && 10*b.Behind > b.N && r.delay < 16*r.m.inTicks(delay) {
			r.delay += r.delay/8 + 1
			break
		}
	}
}

// reset makes the memory ready for a slice.
func (r *runner) reset() {
	clear(r.sync)
	for _, b := range r.blocks {
		b.Status, b.Behind, b.Delay = 0, 0, r.delay
		b.Random = address(r.random[r.rng.IntN(len(r.random)-r.size):])
	}
	const words = native.Line / 8
	for i, n := 0, len(r.initial); i < len(r.data); {
		for k := range n {
			r.data[i] = r.initial[k]
			i += words
		}
	}
	if r.o.Indirect {
		r.shuffle()
	}
}

// shuffle gives each variable of each instance a place, at random.
func (r *runner) shuffle() {
	n, step := len(r.initial), r.test.InstanceSize(true)/8
	for k := range n {
		for i, j := range r.rng.Perm(r.size) {
			r.tables[i*step+k] = int64(address(r.data)) + int64((j*n+k)*native.Line)
		}
	}
}
