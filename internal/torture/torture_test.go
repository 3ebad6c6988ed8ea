package torture

import (
	"flag"
	"strings"
	"testing"
	"time"

	"crosscall"
	"crosscall/cpumask"
)

var (
	tortureTime = flag.Duration("torture.time", 10*time.Second, "how long all configurations of TestTorture take together; a fifth with -short")
	tortureSeed = flag.Uint64("torture.seed", 0, "seed of all that is random; 0: one is drawn")
)

var configurations = []struct {
	name string
	Options
}{
	{"lanes", Options{}},
	{"lanes shared", Options{System: crosscall.Options{Many: crosscall.Shared}}},
	{"queue", Options{System: crosscall.Options{One: crosscall.SingleQueue}}},
	{"queue shared", Options{System: crosscall.Options{One: crosscall.SingleQueue, Many: crosscall.Shared}}},
	{"1 CPU", Options{System: crosscall.Options{CPUs: cpumask.Of(0), Virtual: true}}},
	{"8 CPUs", Options{System: virtual(8)}},
	{"8 CPUs queue shared", Options{System: crosscall.Options{CPUs: cpumask.Range(0, 7), Virtual: true, One: crosscall.SingleQueue, Many: crosscall.Shared}}},
	{"80 CPUs", Options{System: virtual(80)}},
	{"80 CPUs shared", Options{System: crosscall.Options{CPUs: cpumask.Range(0, 79), Virtual: true, Many: crosscall.Shared}}},
	{"GOMAXPROCS 1", Options{Procs: 1}},
}

func virtual(n int) crosscall.Options {
	return crosscall.Options{CPUs: cpumask.Range(0, n-1), Virtual: true}
}

func TestTorture(t *testing.T) {
	total := *tortureTime
	if testing.Short() {
		total /= 10
	}
	for _, conf := range configurations {
		t.Run(conf.name, func(t *testing.T) {
			o := conf.Options
			o.Time = total / time.Duration(len(configurations))
			o.Seed = *tortureSeed
			report, err := Run(t.Context(), o)
			var text strings.Builder
			_ = report.Text(&text)
			t.Logf("\n%s", &text)
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}
