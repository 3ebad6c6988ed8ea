package ir

import "slices"

// SetJoins sets where the two ways of each branch meet again, where Join is 0: the
// first instruction that is on every way from it, its immediate postdominator. For an
// "if" without jumps that is its end. A return or break in it moves the join to
// the end of the function or the loop.
//
// K. Cooper, T. Harvey, K. Kennedy: A simple, fast dominance algorithm, 2001, on
// the graph turned around.
func SetJoins(th *Thread) {
	exit := len(th.Instr)
	order, number := backwards(th)
	dom := make([]int, exit+1)
	for i := range dom {
		dom[i] = -1
	}
	dom[exit] = exit
	meet := func(a, b int) int {
		for a != b {
			for number[a] > number[b] {
				a = dom[a]
			}
			for number[b] > number[a] {
				b = dom[b]
			}
		}
		return a
	}
	for changed := true; changed; {
		changed = false
		for _, i := range order {
			if i == exit {
				continue
			}
			best := -1
			for _, s := range Successors(th, i) {
				switch {
				case number[s] < 0 || dom[s] < 0:
				case best < 0:
					best = s
				default:
					best = meet(s, best)
				}
			}
			if best >= 0 && dom[i] != best {
				dom[i], changed = best, true
			}
		}
	}
	for i := range th.Instr {
		if in := &th.Instr[i]; in.Op == Branch && in.Join == 0 {
			in.Join = exit
			if number[i] >= 0 && dom[i] >= 0 {
				in.Join = dom[i]
			}
		}
	}
}

// backwards lists the instructions from which the end can be reached, each after
// one that follows it, and numbers them. The others have -1.
func backwards(th *Thread) (order, number []int) {
	exit := len(th.Instr)
	before := make([][]int, exit+1)
	for i := range th.Instr {
		for _, s := range Successors(th, i) {
			before[s] = append(before[s], i)
		}
	}
	number = make([]int, exit+1)
	for i := range number {
		number[i] = -1
	}
	type step struct{ at, next int }
	seen := make([]bool, exit+1)
	stack := []step{{exit, 0}}
	seen[exit] = true
	for len(stack) > 0 {
		top := &stack[len(stack)-1]
		if top.next < len(before[top.at]) {
			b := before[top.at][top.next]
			top.next++
			if !seen[b] {
				seen[b] = true
				stack = append(stack, step{b, 0})
			}
			continue
		}
		order = append(order, top.at)
		stack = stack[:len(stack)-1]
	}
	slices.Reverse(order)
	for k, i := range order {
		number[i] = k
	}
	return order, number
}

// Successors are the instructions that may come after one; len(th.Instr) is the end.
func Successors(th *Thread, i int) []int {
	switch in := &th.Instr[i]; in.Op {
	case Jump:
		return []int{in.Target}
	case Branch, Fork:
		return []int{i + 1, in.Target}
	}
	return []int{i + 1}
}
