package check

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"crosscall/memmodel/internal/ir"
	"crosscall/viewer/printable"
)

// WriteText writes r as herd7 writes it (herd/top_herd.ml), without the Hash line.
// Additions to herd7's text:
//
//   - a result that is not known is "Unknown" in place of Ok and of the observation, and so
//     is one that holds in vain
//   - a line "Race PLACE: ..." names two accesses that race
//   - the lines "Incomplete NAME reason", "Nothing-runs NAME reason" and, of C programs,
//     "Vacuous NAME reason" say why
//   - a line "Not-looked-for" names what Options.VerdictOnly leaves out
//
// A result with an error has no text.
func (r *Result) WriteText(w io.Writer) error {
	if r.Verdict == Error || !r.hasText() {
		return nil
	}
	if r.test == nil {
		_, err := w.Write(r.text)
		return err
	}
	name := printable.Text(r.Test)
	b := bufio.NewWriter(w)
	if r.test.Safety {
		r.writeSafety(b)
		return b.Flush()
	}
	fmt.Fprintf(b, "Test %s %s\n", name, kindOf(r.test.Quant))
	if !r.VerdictOnly {
		r.writeStates(b)
	}
	fmt.Fprintf(b, "%s\n", r.outcome())
	positive, negative := r.witnesses()
	fmt.Fprintf(b, "Witnesses\nPositive: %d Negative: %d\n", positive, negative)
	r.writeFlags(b)
	fmt.Fprintf(b, "Condition %s\n", printable.Text(r.test.CondText))
	fmt.Fprintf(b, "Observation %s %s %d %d%s\n", name, r.observed(), r.Positive, r.Negative, r.alternative())
	if r.VerdictOnly {
		fmt.Fprintf(b, "Not-looked-for %s\n", strings.Join(r.notLookedFor(), " "))
	}
	switch {
	case !r.Complete:
		fmt.Fprintf(b, "Incomplete %s %s\n", name, printable.Text(r.Reason))
	case r.Verdict == Vacuous:
		fmt.Fprintf(b, "Nothing-runs %s %s\n", name, printable.Text(r.Reason))
	}
	fmt.Fprintf(b, "Time %s %.2f\n\n", name, r.Elapsed.Seconds())
	return b.Flush()
}

// writeSafety writes the result of a test that has no condition, in lines like
// those of herd7.
func (r *Result) writeSafety(b *bufio.Writer) {
	name := printable.Text(r.Test)
	fmt.Fprintf(b, "Test %s Safe\n%s\n", name, r.outcome())
	if r.Failure != nil {
		fmt.Fprintf(b, "%s\n", printable.Text(r.Failure.String()))
	}
	fmt.Fprintf(b, "Executions %d\n", r.Executions)
	r.writeFlags(b)
	for _, c := range r.Covers {
		fmt.Fprintf(b, "Cover %s %s\n", printable.Text(c.String()), c.Status)
	}
	switch r.Verdict {
	case Incomplete:
		fmt.Fprintf(b, "Incomplete %s %s\n", name, printable.Text(r.Reason))
	case Vacuous:
		fmt.Fprintf(b, "Vacuous %s %s\n", name, printable.Text(r.Reason))
	}
	fmt.Fprintf(b, "Time %s %.2f\n\n", name, r.Elapsed.Seconds())
}

// writeFlags writes the flags, and the accesses that race.
func (r *Result) writeFlags(b *bufio.Writer) {
	for _, flag := range r.Flags {
		fmt.Fprintf(b, "Flag %s\n", flag)
	}
	for _, race := range r.Races {
		fmt.Fprintf(b, "Race %s\n", printable.Text(race.String()))
	}
}

func kindOf(q ir.Quantifier) string {
	switch q {
	case ir.Exists:
		return "Allowed"
	case ir.NotExists:
		return "Forbidden"
	default:
		return "Required"
	}
}

// outcome is herd's "Ok" or "No", after "Loop" if a loop's bound may have cut
// executions off. Unlike herd, it does not answer then unless the verdict is
// known.
func (r *Result) outcome() string {
	loop := ""
	if r.BoundHit {
		loop = "Loop "
	}
	switch r.Verdict {
	case Holds:
		return loop + "Ok"
	case Fails:
		return loop + "No"
	default:
		return loop + "Unknown"
	}
}

// witnesses are the counts for the Witnesses line: of executions that support
// the condition, and of the others. For "~exists" they are the reverse of those
// in the Observation line.
func (r *Result) witnesses() (positive, negative int64) {
	if r.test.Quant == ir.NotExists {
		return r.Negative, r.Positive
	}
	return r.Positive, r.Negative
}

func (r *Result) observed() string {
	if r.Observation == Unknown {
		return "Unknown"
	}
	return string(r.Observation)
}

func (r *Result) alternative() string {
	if r.Otherwise == Unknown {
		return ""
	}
	return fmt.Sprintf(" (or %s: not looked for)", r.Otherwise)
}

func (r *Result) writeStates(b *bufio.Writer) {
	b.WriteString("States ")
	b.WriteString(strconv.Itoa(r.states.Len()))
	b.WriteByte('\n')
	for line := range r.FinalStates() {
		b.Write(line)
		b.WriteByte('\n')
	}
}

// FinalStates yields the final states as herd7 prints and orders them, one by one: together
// they may take gigabytes. A line is valid until the next. There are none after DropStates,
// nor with Options.VerdictOnly.
func (r *Result) FinalStates() iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		if r.states == nil {
			return
		}
		cells := make([][]string, r.states.columns) // formatted values, by column and code
		for i := range cells {
			cells[i] = make([]string, len(r.states.values))
		}
		var line []byte
		for state := range r.states.Sorted(herdOrder(r.test.Prog.Cells)) {
			line = line[:0]
			for i, code := range state {
				if cells[i][code] == "" {
					cells[i][code] = r.shown(i, r.states.values[code])
				}
				line = append(line, cells[i][code]...)
			}
			if !yield(line) {
				return
			}
		}
	}
}

// shown is a value of a final state with what stands around it.
func (r *Result) shown(column int, v value) string {
	before, after := r.test.Punctuation(column)
	s := before + r.test.FormatValue(column, v.n, v.known) + after
	if column > 0 && before != "" {
		return " " + s
	}
	return s
}

// notLookedFor names what Options.VerdictOnly leaves out.
func (r *Result) notLookedFor() []string {
	switch {
	case !r.VerdictOnly:
		return nil
	case r.Otherwise == Unknown:
		return []string{"states", "flags"}
	}
	return []string{"states", "flags", strings.ToLower(string(r.Otherwise))}
}
