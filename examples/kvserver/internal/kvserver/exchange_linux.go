package kvserver

import (
	"errors"
	"log"

	"crosscall"
	"crosscall/examples/kvserver/internal/store"
)

// exchange is how one CPU, the home, has another, the owner, do operations. One
// batch is under way at a time. What comes up meanwhile fills the next, so the
// busier the two are, the more go together; and each operation of the home takes
// effect after those before it.
type exchange struct {
	home, owner *worker
	filling     *batch
	current     *batch // is being done, unless it is empty
	underWay    bool   // current is on its way to the owner, there, or on its way back
}

// batch is a message: operations, and then their results. Operations and bytes
// are apart from what only the home needs, so that this does not move.
type batch struct {
	exchange *exchange
	run      func(*crosscall.CPU)        // on the owner
	back     func(*crosscall.CPU, error) // at home

	ops  []op
	in   []byte // keys and arguments, one behind the other
	done int    // operations done
	read int    // bytes of in that they took

	out     []byte // replies, one behind the other
	results []int  // of each operation since the last return: the end of its reply in out, or its number

	waiting  []waiter // for the results
	answered int      // of them
}

type op struct {
	verb     store.Verb
	key, arg uint32 // lengths
}

// waiter is the place of a client that a result goes to.
type waiter struct {
	client *client
	seq    uint32
}

func newExchange(home, owner *worker) *exchange {
	x := &exchange{home: home, owner: owner}
	x.filling, x.current = x.newBatch(), x.newBatch()
	return x
}

func (x *exchange) newBatch() *batch {
	b := &batch{exchange: x}
	b.run, b.back = b.serve, b.deliver
	return b
}

func (x *exchange) add(v store.Verb, key, arg []byte, c *client, seq uint32) {
	b := x.filling
	b.ops = append(b.ops, op{v, uint32(len(key)), uint32(len(arg))})
	b.in = append(append(b.in, key...), arg...)
	b.waiting = append(b.waiting, waiter{c, seq})
}

// send sends what there is, unless a batch is under way: its return sends more.
// Where there is no room for a message, the batch waits: nothing is lost, and the
// home goes on with other things.
func (x *exchange) send(c *crosscall.CPU) {
	if x.underWay || !x.next() {
		return
	}
	b := x.current
	err := c.CallThen(x.owner.cpu, b.run, b.back)
	switch {
	case err == nil:
		x.underWay = true
	case errors.Is(err, crosscall.ErrFull):
		x.home.now[cFull]++
		x.home.sendLater(c)
	default:
		x.fail(err)
	}
}

// next makes sure that current is a batch to be sent. False: there is none.
func (x *exchange) next() bool {
	if len(x.current.ops) > 0 {
		return true // some of it has yet to be done
	}
	if len(x.filling.ops) == 0 {
		return false
	}
	x.filling, x.current = x.current, x.filling
	x.home.now[cBatches]++
	x.home.now[cSent] += int64(len(x.current.ops))
	return true
}

// fail is for a batch that the owner cannot do, or not to the end. Its operations
// have taken effect or not: the clients learn by the end of their connections that
// nobody knows.
func (x *exchange) fail(err error) {
	b, lost := x.current, 0
	for _, to := range b.waiting[b.answered:] {
		if !to.client.closed {
			to.client.close()
			x.home.touch(to.client)
			lost++
		}
	}
	if lost > 0 {
		log.Printf("kvserver: %d clients lost: CPU %d had no answer from CPU %d: %v", lost, x.home.cpu, x.owner.cpu, err)
	}
	b.reset()
}

// maxReplies is how many bytes of replies a batch brings back at a time; more
// make it go another time. It bounds the memory, however large the values are.
const maxReplies = 1 << 20

// serve does operations, on the owner.
func (b *batch) serve(*crosscall.CPU) {
	w := b.exchange.owner
	first := b.done
	for b.done < len(b.ops) && len(b.out) < maxReplies {
		o := b.ops[b.done]
		key := b.in[b.read : b.read+int(o.key)]
		b.read += int(o.key)
		arg := b.in[b.read : b.read+int(o.arg)]
		b.read += int(o.arg)
		b.done++
		if o.verb.Replies() {
			b.out = w.shard.Reply(o.verb, key, arg, b.out)
			b.results = append(b.results, len(b.out))
		} else {
			b.results = append(b.results, w.shard.Count(o.verb, key, arg))
		}
	}
	w.now[cServed] += int64(b.done - first)
	w.show()
}

// deliver gives the results to the clients, at home.
func (b *batch) deliver(c *crosscall.CPU, err error) {
	w := b.exchange.home
	b.exchange.underWay = false
	from := 0
	for _, result := range b.results {
		to := b.waiting[b.answered]
		if b.ops[b.answered].verb.Replies() {
			to.client.put(to.seq, b.out[from:result])
			from = result
		} else {
			to.client.add(to.seq, result)
		}
		b.answered++
		w.touch(to.client)
	}
	b.out, b.results = b.out[:0], b.results[:0]
	switch {
	case err != nil:
		b.exchange.fail(err)
	case b.answered == len(b.ops):
		b.reset()
	} // else endRound sends it again, for the rest
	w.endRound(c)
}

// reset empties a batch.
func (b *batch) reset() {
	clear(b.waiting) // keeps no client alive
	b.ops, b.waiting, b.results = b.ops[:0], b.waiting[:0], b.results[:0]
	b.in, b.out = spare(b.in), spare(b.out)
	b.done, b.read, b.answered = 0, 0, 0
}

// spare empties a buffer, and gives it up if it is large.
func spare(b []byte) []byte {
	if cap(b) > maxReplies {
		return nil
	}
	return b[:0]
}
