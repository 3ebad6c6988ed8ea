package cpumask_test

import (
	"testing"

	"crosscall/cpumask"
)

var benchMasks = []struct {
	name string
	mask cpumask.Mask
}{
	{"0-7", cpumask.Range(0, 7)},
	{"1023", cpumask.Of(1023)},
	{"all", cpumask.Range(0, 1023)},
}

func BenchmarkNext(b *testing.B) {
	for _, c := range benchMasks {
		b.Run(c.name, func(b *testing.B) {
			cpu := -1
			for b.Loop() {
				cpu = c.mask.Next(cpu)
			}
		})
	}
}

func BenchmarkWeight(b *testing.B) {
	for _, c := range benchMasks {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				c.mask.Weight()
			}
		})
	}
}

func BenchmarkAll(b *testing.B) {
	for _, c := range benchMasks {
		b.Run(c.name, func(b *testing.B) {
			sum := 0
			for b.Loop() {
				for cpu := range c.mask.All() {
					sum += cpu
				}
			}
		})
	}
}
