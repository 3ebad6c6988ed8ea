package cpumask_test

import (
	"errors"
	"flag"
	"fmt"

	"crosscall/cpumask"
)

func ExampleParse() {
	m, err := cpumask.Parse("0-3, 8, 16-31:1/4")
	fmt.Println(m, err)

	_, err = cpumask.Parse("0-3,9-8")
	fmt.Println(err)
	var syntax *cpumask.SyntaxError
	if errors.As(err, &syntax) {
		fmt.Println(syntax.Input)
		fmt.Printf("%*s\n", syntax.Col, "^")
	}
	// Output:
	// 0-3,8,16,20,24,28 <nil>
	// cpumask: column 5 of "0-3,9-8": the range 9-8 runs backwards; write 8-9
	// 0-3,9-8
	//     ^
}

func ExampleMask() {
	online := cpumask.Range(0, 7)
	asked := cpumask.Of(2, 3, 12)
	both := asked.And(&online)
	for cpu := range both.All() {
		fmt.Println("call CPU", cpu)
	}
	fmt.Println("offline:", asked.AndNot(&online))
	// Output:
	// call CPU 2
	// call CPU 3
	// offline: 12
}

// A Mask has a Set method of its own, so it is no flag.Value; TextVar takes it as it is.
func ExampleMask_UnmarshalText() {
	flags := flag.NewFlagSet("bench", flag.ExitOnError)
	var cpus cpumask.Mask
	flags.TextVar(&cpus, "cpus", cpumask.Mask{}, "CPUs to run on, such as 0-3,8")
	flags.Parse([]string{"-cpus", "4-7,0"})
	fmt.Println(cpus, cpus.Weight())
	// Output: 0,4-7 5
}
