package audit

import (
	"slices"
	"strings"
)

// nothing stands for a fence that is dropped.
const nothing = ""

// A form is the ordering of a primitive: its cost, and the next weaker
// primitives.
type form struct {
	cost   int
	weaker []string
}

// Costs decide which barrier is weakened first. Their order is that of all
// machines, though not their ratios.
const (
	cheap  = iota // for the compiler only
	oneWay        // acquire or release, on an access that remains
	half          // a fence that orders some accesses
	both          // acquire and release
	full          // a full barrier
)

// forms are the primitives that do not belong to a family with orders in its
// names; see lattice.steps.
var forms = map[string]form{
	"smp_mb":  {full, []string{"smp_rmb", "smp_wmb"}},
	"smp_rmb": {half, []string{nothing}},
	"smp_wmb": {half, []string{nothing}},
	"barrier": {cheap, []string{nothing}},
	"isb":     {half, []string{nothing}},

	"smp_mb__before_atomic":          {full, []string{nothing}},
	"smp_mb__after_atomic":           {full, []string{nothing}},
	"smp_mb__after_spinlock":         {full, []string{nothing}},
	"smp_mb__after_unlock_lock":      {full, []string{nothing}},
	"smp_mb__after_srcu_read_unlock": {full, []string{nothing}},
	"smp_memb":                       {full, []string{nothing}},

	"smp_store_mb":        {full, []string{"WRITE_ONCE"}},
	"smp_load_acquire":    {oneWay, []string{"READ_ONCE"}},
	"smp_store_release":   {oneWay, []string{"WRITE_ONCE"}},
	"rcu_dereference":     {oneWay, []string{"READ_ONCE"}},
	"rcu_assign_pointer":  {oneWay, []string{"WRITE_ONCE"}},
	"atomic_read_acquire": {oneWay, []string{"atomic_read"}},
	"atomic_set_release":  {oneWay, []string{"atomic_set"}},

	"test_bit_acquire":      {oneWay, []string{"test_bit"}},
	"clear_bit_unlock":      {oneWay, []string{"clear_bit"}},
	"test_and_set_bit":      {full, []string{"test_and_set_bit_lock", "test_and_set_bit_release"}},
	"test_and_set_bit_lock": {oneWay, []string{"test_and_set_bit_relaxed"}},

	"c11_fence_seq_cst": {full, []string{"c11_fence_acq_rel"}},
	"c11_fence_acq_rel": {both, []string{"c11_fence_acquire", "c11_fence_release"}},
	"c11_fence_acquire": {half, []string{nothing}},
	"c11_fence_release": {half, []string{nothing}},

	// inline assembly
	"asm_mfence":      {full, []string{nothing}},
	"asm_dmb_ish":     {full, []string{"asm_dmb_ishld", "asm_dmb_ishst"}},
	"asm_dmb_ishld":   {half, []string{nothing}},
	"asm_dmb_ishst":   {half, []string{nothing}},
	"asm_isb":         {half, []string{nothing}},
	"asm_sync":        {full, []string{"asm_lwsync"}},
	"asm_lwsync":      {half, []string{nothing}},
	"asm_isync":       {half, []string{nothing}},
	"asm_eieio":       {half, []string{nothing}},
	"asm_fence_rw_rw": {full, []string{"asm_fence_tso"}},
	"asm_fence_tso":   {both, []string{"asm_fence_r_rw", "asm_fence_rw_w"}},
	"asm_fence_r_rw":  {half, []string{nothing}},
	"asm_fence_rw_w":  {half, []string{nothing}},
	"asm_fence_w_rw":  {half, []string{nothing}},
	"asm_fence_rw_r":  {half, []string{nothing}},
	"asm_fence_r_r":   {half, []string{nothing}},
	"asm_fence_r_w":   {half, []string{nothing}},
	"asm_fence_w_r":   {half, []string{nothing}},
	"asm_fence_w_w":   {half, []string{nothing}},
	"asm_mb":          {full, []string{"asm_wmb"}},
	"asm_wmb":         {half, []string{nothing}},
}

// plainForms are weakened with Options.Plain only.
var plainForms = map[string]form{
	"READ_ONCE":  {cheap, []string{"__plain_load"}},
	"WRITE_ONCE": {cheap, []string{"__plain_store"}},
}

// An order is the last part of a name in a family: xchg_acquire,
// c11_load_seq_cst.
type order struct {
	suffix string
	cost   int
	weaker []string // suffixes
}

var orders = []order{
	{"_seq_cst", full, []string{"_acq_rel"}},
	{"_acq_rel", both, []string{"_acquire", "_release"}},
	{"_acquire", oneWay, []string{"_relaxed"}},
	{"_release", oneWay, []string{"_relaxed"}},
	{"_relaxed", cheap, nil},
}

// fullOrder is the order of a name without a suffix, in the kernel's families
// with a _relaxed member. In other families such a name has no order:
// atomic_set beside atomic_set_release, test_bit beside test_bit_acquire.
var fullOrder = order{"", full, []string{"_acquire", "_release"}}

// steps returns the cost of a primitive, and the names of the next weaker ones.
// Some of these may not exist.
func (l *lattice) steps(name string) form {
	if l.assembly {
		return asmSteps(name)
	}
	if f, ok := forms[name]; ok {
		return f
	}
	if f, ok := plainForms[name]; ok && l.plain {
		return f
	}
	for _, kin := range []string{"atomic64_", "atomic_long_"} {
		if rest, ok := strings.CutPrefix(name, kin); ok {
			f := l.steps("atomic_" + rest)
			f.weaker = renamed(f.weaker, func(s string) string { return kin + strings.TrimPrefix(s, "atomic_") })
			return f
		}
	}
	if rest, ok := strings.CutPrefix(name, "c11_cmpxchg_"); ok {
		return twoOrders("c11_cmpxchg", "_"+rest)
	}
	if l.has(name + "_relaxed") {
		return fullOrder.of(name)
	}
	return byOrder(name)
}

func (o order) of(stem string) form {
	return form{o.cost, renamed(o.weaker, func(s string) string { return stem + s })}
}

func byOrder(name string) form {
	for _, o := range orders {
		if stem, ok := strings.CutSuffix(name, o.suffix); ok {
			return o.of(stem)
		}
	}
	return form{}
}

// twoOrders is the form of C11's compare-and-exchange with an order for success
// and one for failure. Either can be weakened.
func twoOrders(stem, rest string) form {
	for _, o := range orders {
		failure, ok := strings.CutPrefix(rest, o.suffix)
		if !ok {
			continue
		}
		f := form{o.cost, renamed(o.weaker, func(s string) string { return stem + s + failure })}
		f.weaker = append(f.weaker, byOrder(stem+o.suffix+failure).weaker...)
		return f
	}
	return form{}
}

func renamed(list []string, to func(string) string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = to(s)
	}
	return out
}

// A lattice has the primitives of one table. Primitives that differ only in
// ordering are related by "orders all that the other orders".
type lattice struct {
	has      func(name string) bool
	plain    bool
	assembly bool // the primitives are instructions
}

// next returns the next weaker primitives: the weaker ones with no other
// between.
func (l *lattice) next(name string) []string {
	below := l.below(name)
	return slices.DeleteFunc(slices.Clone(below), func(s string) bool {
		return slices.ContainsFunc(below, func(other string) bool { return slices.Contains(l.below(other), s) })
	})
}

// below returns all primitives of the table that are weaker than a primitive,
// each after those that are stronger than it.
func (l *lattice) below(name string) (all []string) {
	seen := map[string]bool{name: true}
	var down func(string)
	down = func(s string) {
		if s == nothing {
			return
		}
		for _, w := range slices.Backward(l.steps(s).weaker) {
			if seen[w] {
				continue
			}
			seen[w] = true
			down(w)
			if w == nothing || l.has(w) {
				all = append(all, w)
			}
		}
	}
	down(name)
	slices.Reverse(all) // the weakest were first
	return all
}

// weakest returns the primitives below a primitive that have none below.
func (l *lattice) weakest(name string) []string {
	return slices.DeleteFunc(l.below(name), func(s string) bool { return len(l.below(s)) > 0 })
}

func appendNew(list []string, more ...string) []string {
	for _, s := range more {
		if !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

// computed reports whether a name is that of an operation of C11 whose memory order is no constant.
func (l *lattice) computed(name string) bool {
	return strings.HasPrefix(name, "c11_") && !l.has(name) && (l.has(name+"_seq_cst") || l.has(name+"_seq_cst_seq_cst"))
}
