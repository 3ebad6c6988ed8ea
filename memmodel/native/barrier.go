package native

import "crosscall/memmodel/internal/ir"

// Places in the memory of Block.Sync.
const (
	syncCount = 0        // TimeBase: how often threads have arrived
	syncTime  = Line     // TimeBase: when the instance starts
	syncStop  = Line + 8 // not 0: a thread has ended before the last instance
)

// barrier waits for the other threads.
func (g *generator) barrier() {
	if len(g.prog.Threads) < 2 {
		return
	}
	switch g.Barrier {
	case TimeBase:
		g.timeBase()
	case User, UserFence:
		g.poll()
	}
}

// timeBase agrees on a time: the last thread to arrive sets it, and all wait for it. Each
// instance has another time, so that a thread knows a new one from the one before. How far
// ahead it is differs at random. After waits of a fixed length the threads do not start
// together, most likely because the CPU predicts the end of the wait.
func (g *generator) timeBase() {
	last, agreed, wait := g.newLabel(), g.newLabel(), g.newLabel()
	n := int32(len(g.prog.Threads))
	g.load(regA, field(atArrivals))
	g.add(regA, n)
	g.store(field(atArrivals), regA)
	g.load(regB, field(atSync))
	g.imm(regA, 1)
	g.fetchAdd(place{regB, syncCount}, regA)
	g.add(regA, 1)
	g.load(regB, field(atArrivals))
	g.branch(eq, regA, regB, last)

	g.bind(wait)
	g.load(regB, field(atSync))
	g.load(regA, place{regB, syncTime})
	g.load(regB, field(atSeen))
	g.branch(ne, regA, regB, agreed)
	g.lookAround()
	g.jump(wait)

	g.bind(last)
	g.look()
	g.load(regB, field(atDelay))
	g.binary(ir.Add)
	g.addRandom(spreadShift, g.Spread)
	g.load(regB, field(atSync))
	g.store(place{regB, syncTime}, regA)

	g.bind(agreed)
	g.store(field(atSeen), regA)
	g.await()
}

// await waits until the time in regA, and the jitter.
func (g *generator) await() {
	g.addRandom(jitterShift, g.Jitter)
	g.store(field(atStart), regA)
	g.look()
	g.load(regB, field(atStart))
	spin, inTime := g.newLabel(), g.newLabel()
	g.branch(lt, regA, regB, inTime)
	g.load(regA, field(atBehind))
	g.add(regA, 1)
	g.store(field(atBehind), regA)
	g.bind(spin)
	g.look()
	g.load(regB, field(atStart))
	g.bind(inTime)
	g.branch(lt, regA, regB, spin)
}

// addRandom adds some bits of the random word to regA.
func (g *generator) addRandom(shift int64, bits int) {
	if bits <= 0 {
		return
	}
	g.store(field(atStart), regA)
	g.randomWord()
	g.imm(regB, shift)
	g.binary(ir.Shr)
	g.imm(regB, 1<<min(bits, MaxBits)-1)
	g.binary(ir.And)
	g.load(regB, field(atStart))
	g.binary(ir.Add)
}

// poll writes how far this thread is, and waits until all others are as far.
func (g *generator) poll() {
	g.load(regB, field(atSync))
	g.mov(regA, regIndex)
	g.add(regA, 1)
	g.store(place{regB, int32(g.thread * Line)}, regA)
	if g.Barrier == UserFence {
		g.fullFence()
	}
	for other := range g.prog.Threads {
		if other == g.thread {
			continue
		}
		wait, there := g.newLabel(), g.newLabel()
		g.bind(wait)
		g.load(regB, field(atSync))
		g.load(regA, place{regB, int32(other * Line)})
		g.branch(gt, regA, regIndex, there)
		g.lookAround()
		g.jump(wait)
		g.bind(there)
	}
}
