package hook

import (
	"bytes"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"unsafe"

	"crosscall/gocheck/internal/sched"
)

//go:linkname goroutine
func goroutine() uint64

//go:linkname setFilter
func setFilter(f func(buf []byte) int)

func init() {
	operations[crosscallStack] = stacksOf
	setFilter(filterStacks)
}

// An identity is the goroutine that runs a thread in this execution.
type identity struct {
	goroutine uint64
	by        creation
	entry     uintptr // the function that the go statement calls
}

var identities []identity // by thread, in this execution

func identify(thread int32, i identity) {
	for int(thread) >= len(identities) {
		identities = append(identities, identity{})
	}
	identities[thread] = i
}

func identityOf(thread int32) identity {
	if int(thread) >= len(identities) {
		return identity{}
	}
	return identities[thread]
}

// firstID is the number of the test's goroutine in stacks. Other goroutines have firstID
// plus the number of their thread, because the runtime's own numbers differ in each
// execution.
const firstID = 20

// stacksOf is runtime.Stack: the stacks of explored goroutines, and of the one that
// waits for the test, as they would be without the explorer. With all, it is a step
// that counts the goroutines; the places of the others are those of this execution.
func stacksOf(x *sched.Explorer, p unsafe.Pointer, all, size uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
	var out []byte
	if all == 0 {
		out = append(out, traceOf(block(dump(false)), sched.Standing{Thread: x.Thread(), State: "running"})...)
	} else {
		x.Count()
		out = allStacks(x)
	}
	n := copy(unsafe.Slice((*byte)(p), size), out)
	if all != 0 {
		looked(x)
	}
	return uintptr(n), nil
}

func allStacks(x *sched.Explorer) (out []byte) {
	blocks := map[uint64]trace{}
	for text := range bytes.SplitSeq(dump(true), []byte("\n\n")) {
		b := block(text)
		blocks[b.id] = b
	}
	standings := x.Standings()
	own := x.Thread()
	for _, s := range standings {
		if s.Thread == own {
			out = append(out, traceOf(blocks[goroutine()], s)...)
		}
	}
	out = append(out, '\n')
	out = append(out, blocks[1].text("goroutine 1 ["+blocks[1].state+"]:", "")...)
	for _, s := range standings {
		if id := identityOf(s.Thread).goroutine; s.Thread != own && id != 0 {
			out = append(out, '\n')
			out = append(out, traceOf(blocks[id], s)...)
		}
	}
	return out
}

// A trace is the stack of a goroutine, in the form in which the runtime prints it.
type trace struct {
	id     uint64
	state  string
	frames []string // of two lines each
	maker  string   // the line with its creator, and the line with the place
}

// dump is the result of the real runtime.Stack.
func dump(all bool) []byte {
	for buf := make([]byte, 1<<16); ; buf = make([]byte, 2*len(buf)) {
		if n := runtime.Stack(buf, all); n < len(buf) {
			return buf[:n]
		}
	}
}

func block(text []byte) (b trace) {
	lines := strings.Split(strings.TrimRight(string(text), "\n"), "\n")
	head := strings.TrimPrefix(lines[0], "goroutine ")
	id, rest, _ := strings.Cut(head, " ")
	b.id, _ = strconv.ParseUint(id, 10, 64)
	_, rest, _ = strings.Cut(rest, "[")
	b.state, _, _ = strings.Cut(rest, "]:")
	b.state, _, _ = strings.Cut(b.state, ",")
	for i := 1; i+1 < len(lines); i += 2 {
		frame := lines[i] + "\n" + lines[i+1] + "\n"
		if strings.HasPrefix(frame, "created by ") {
			b.maker = frame
		} else {
			b.frames = append(b.frames, frame)
		}
	}
	return b
}

// isMachinery reports whether a function, or a line of a stack that begins with
// one, belongs to the explorer or is the call of runtime.Stack.
func isMachinery(function string) bool {
	name, _, _ := strings.Cut(function, "(0x")
	return strings.HasPrefix(name, "runtime.Stack(") || strings.HasPrefix(name, "internal/crosscall/") || strings.Contains(name, ".crosscall")
}

func (b trace) text(head, maker string) string {
	return head + "\n" + b.program() + maker
}

// program has the frames that are not the explorer's.
func (b trace) program() string {
	var out strings.Builder
	for _, f := range b.frames {
		if !isMachinery(f) {
			out.WriteString(f)
		}
	}
	return out.String()
}

// atEntry is the frame of a goroutine that is about to call its function, or has returned
// from it. The runtime always shows one frame at least.
func (i identity) atEntry() string {
	f := runtime.FuncForPC(i.entry)
	if f == nil {
		return ""
	}
	file, line := f.FileLine(i.entry)
	return fmt.Sprintf("%s()\n\t%s:%d\n", f.Name(), file, line)
}

// traceOf is the trace of an explored goroutine.
func traceOf(b trace, s sched.Standing) string {
	maker, i := testMaker(), identityOf(s.Thread)
	if by := i.by; by.function != "" {
		maker = fmt.Sprintf("created by %s in goroutine %d\n\t%s:%d +0x1d\n", by.function, firstID+by.parent, by.file, by.line)
	} else if s.Thread != 0 {
		maker = ""
	}
	if b.program() == "" {
		maker = i.atEntry() + maker
	}
	return b.text(fmt.Sprintf("goroutine %d [%s]:", firstID+s.Thread, s.State), maker)
}

var testCreated string

// testMaker is the creator of the test's goroutine, before it was explored.
func testMaker() string {
	if testCreated != "" {
		return testCreated
	}
	for text := range bytes.SplitSeq(dump(true), []byte("\n\n")) {
		if bytes.Contains(text, []byte("internal/crosscall/hook.Explore(")) {
			testCreated = block(text).maker
		}
	}
	return testCreated
}

// filterStacks is runtime.Stack of all goroutines for a caller that is not explored:
// without those of the explorer.
func filterStacks(buf []byte) int {
	var out []byte
	for text := range bytes.SplitSeq(dump(true), []byte("\n\n")) {
		if bytes.Contains(text, []byte("internal/crosscall/")) || bytes.Contains(text, []byte("\nos/signal.loop(")) {
			continue
		}
		if len(out) > 0 {
			out = append(out, "\n\n"...)
		}
		out = append(out, text...)
	}
	return copy(buf, out)
}
