package page

import (
	"embed"
	"io/fs"
)

//go:embed examples
var exampleFiles embed.FS

// A Subject is examples that belong together.
type Subject struct {
	Title    string    `json:"title"`
	Examples []Example `json:"examples"`
}

// An Example is a test to begin with.
type Example struct {
	Title   string            `json:"title"`
	About   string            `json:"about,omitempty"` // what to look at, or to try
	File    string            `json:"file"`
	Source  int               `json:"source"` // of Site.Texts
	Cat     int               `json:"cat"`    // of Site.Texts: a model of the reader's own; -1: none
	Models  []string          `json:"models"`
	Defines map[string]string `json:"defines,omitempty"`
	Expect  string            `json:"expect,omitempty"` // of the tour: "fails", "holds"
}

var (
	kernel   = []string{"lkmm"}
	machines = []string{"lkmm", "sc", "x86-tso", "armv8", "power", "riscv"}
	c11      = []string{"rc11"}
)

// listed are the examples by subject, with their files.
var listed = []Subject{
	{"Classic shapes", []Example{
		{Title: "SB: store buffering", File: "sb.litmus", Models: machines},
		{Title: "SB with full barriers", File: "sb-mb.litmus", Models: machines},
		{Title: "MP: message passing", File: "mp.litmus", Models: machines},
		{Title: "MP with a release and an acquire", File: "mp-release-acquire.litmus", Models: machines},
		{Title: "LB: load buffering", File: "lb.litmus", Models: machines},
		{Title: "IRIW: independent reads", File: "iriw.litmus", Models: machines},
		{Title: "WRC: causality", File: "wrc.litmus", Models: machines},
		{Title: "2+2W: two writers", File: "2+2w.litmus", Models: machines},
		{Title: "CoRR: coherence", File: "corr.litmus", Models: machines},
		{Title: "A data race", File: "race.litmus", Models: kernel},
	}},
	{"RCU", []Example{
		{Title: "A grace period", File: "rcu-mp.litmus", Models: kernel},
		{Title: "Publishing a record", File: "rcu-publish.litmus", Models: kernel},
		{Title: "Eight threads", File: "rcu-8.litmus", Models: kernel},
	}},
	{"Locks", []Example{
		{Title: "A spinlock", File: "lock.litmus", Models: kernel},
		{Title: "A ticket lock, in C", File: "ticket.c", Models: []string{"lkmm", "armv8", "power"}},
		{Title: "Two locks in two orders, in C", File: "deadlock.c", Models: kernel},
		{Title: "Peterson's lock, in C11", File: "peterson.c", Models: c11},
	}},
	{"Assembly", []Example{
		{Title: "SB in x86", File: "sb-x86.litmus", Models: []string{"x86-tso"}},
		{Title: "MP in AArch64", File: "mp-aarch64.litmus", Models: []string{"armv8"}},
	}},
	{"Our queue", []Example{
		{Title: "A call by a mailbox", File: "mailbox.c", Models: []string{"lkmm", "armv8", "power"}},
		{Title: "A post by a ring", File: "ring.c", Models: []string{"lkmm", "armv8", "power"}},
		{Title: "A list without a lock", File: "list.c", Models: kernel},
	}},
}

// own is the example of a model that is brought along.
var own = Subject{"A model of your own", []Example{
	{Title: "x86, to change", File: "sb.litmus", Models: []string{"sc"}},
}}

// example reads a file of the examples.
func example(name string) string {
	text, err := fs.ReadFile(exampleFiles, "examples/"+name)
	if err != nil {
		panic(err) // the folder is embedded, and a test reads all
	}
	return string(text)
}
