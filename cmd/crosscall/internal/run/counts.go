package run

import (
	"fmt"
	"slices"
	"time"
	"unsafe"

	"crosscall/memmodel/native"
)

// A Result is what came of running a test.
type Result struct {
	Outcomes  []Outcome
	Instances int64 // counted: the sum of all outcomes
	Positive  int64 // instances in which the proposition of the condition is true
	Slices    int
	Thrown    int   // slices in which a thread was descheduled: they are not counted
	Late      int   // others in which a thread waited in vain: nor are these
	Delay     int64 // TimeBase: the last one
	Elapsed   time.Duration
}

// An Outcome is a final state that was seen.
type Outcome struct {
	State string // as herd7 prints it
	Count int64
	Holds bool // the proposition of the condition is true
}

// counts has the outcomes of a runner, and how often each was seen.
type counts struct {
	Result
	r       *runner
	columns []column
	row     []int64
	rows    map[string]*int64
	order   [][]int64
}

// A column is where a value of an outcome is.
type column struct {
	words []int64
	step  int // from an instance to the next
	at    int
	cell  bool // a variable: its instances are in the order of memory
	slot  int
}

func (c *counts) init(r *runner) {
	c.r, c.rows = r, map[string]*int64{}
	for _, col := range r.test.Columns() {
		if col.Thread >= 0 {
			c.columns = append(c.columns, column{words: r.outs[col.Thread], step: r.words[col.Thread], at: col.At})
			continue
		}
		n := len(r.initial)
		c.columns = append(c.columns, column{words: r.data, step: n * native.Line / 8, at: col.At * native.Line / 8, cell: true, slot: col.At})
	}
	c.row = make([]int64, len(c.columns))
}

// slice adds the outcomes of a slice that was not thrown away.
func (c *counts) slice() error {
	c.Slices++
	thrown, late := false, false
	for _, b := range c.r.blocks {
		switch b.Status {
		case native.BadAddress:
			return fmt.Errorf("%s: a thread accesses an address that is no variable's", c.r.test.Name)
		case native.DivisionByZero:
			return fmt.Errorf("%s: a thread divides by zero", c.r.test.Name)
		case native.Interrupted:
			thrown = true
		case native.Late:
			late = true
		}
	}
	switch {
	case thrown:
		c.Thrown++
		return nil
	case late:
		c.Late++
		return nil
	}
	for n, instance := range c.r.order {
		for k := range c.columns {
			c.row[k] = c.value(&c.columns[k], n, instance)
		}
		c.count()
	}
	return nil
}

// value is that of a column in the instance that was gone through as the n-th.
func (c *counts) value(col *column, n, instance int) int64 {
	switch {
	case !col.cell:
		return col.words[n*col.step+col.at]
	case c.r.o.Indirect:
		at := c.r.tables[instance*(c.r.test.InstanceSize(true)/8)+col.slot]
		return col.words[(at-int64(address(c.r.data)))/8]
	}
	return col.words[instance*col.step+col.at]
}

// count counts an outcome.
func (c *counts) count() {
	key := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(c.row))), 8*len(c.row))
	n := c.rows[string(key)]
	if n == nil {
		n = new(int64)
		c.rows[string(key)] = n
		c.order = append(c.order, slices.Clone(c.row))
	}
	*n++
}

// result is the histogram of the outcomes that the filter keeps, in the order of the values.
func (c *counts) result(t *native.Test) *Result {
	slices.SortFunc(c.order, slices.Compare)
	for _, row := range c.order {
		if t.Kept(row) {
			key := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(row))), 8*len(row))
			c.add(Outcome{t.Outcome(row), *c.rows[string(key)], t.Holds(row)})
		}
	}
	return &c.Result
}

// add adds an outcome. Rows that differ in the value of a lock alone have the same state.
func (c *counts) add(o Outcome) {
	c.Instances += o.Count
	if o.Holds {
		c.Positive += o.Count
	}
	i := slices.IndexFunc(c.Outcomes, func(x Outcome) bool { return x.State == o.State })
	if i < 0 {
		c.Outcomes = append(c.Outcomes, o)
		return
	}
	c.Outcomes[i].Count += o.Count
}
