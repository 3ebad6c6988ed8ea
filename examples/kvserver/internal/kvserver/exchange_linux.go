package kvserver

import (
	"errors"
	"log"

	"crosscall"
	"crosscall/examples/kvserver/internal/store"
)

// exchange sends operations from one CPU, the home, to another, the owner. One
// batch is under way at a time. Operations that arrive meanwhile fill the next,
// so batches are larger when the two are busier. Each operation of the home
// takes effect after those before it.
type exchange struct {
	home, owner *worker
	filling     *batch
	current     *batch // the batch that is being done, unless it is empty
	underWay    bool   // current has been sent to the owner and has not returned
}

// batch is a message: operations, and then their results. Data that only the
// home needs is separate from operations and bytes, so that its cache lines do
// not move.
type batch struct {
	exchange *exchange
	run      func(*crosscall.CPU)        // on the owner
	back     func(*crosscall.CPU, error) // at home

	ops  []op
	in   []byte // keys and arguments, concatenated
	done int    // operations done
	read int    // bytes of in that they used

	out     []byte // replies, concatenated
	results []int  // of each operation since the last return: the end of its reply in out, or its number

	waiting  []waiter // for the results
	answered int      // how many of them have their results
}

type op struct {
	verb     store.Verb
	key, arg uint32 // lengths
}

// waiter is the client, and the place among its replies, for a result.
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

// send sends the present batch, unless one is under way, whose return sends more.
// If there is no room for a message, the batch waits: nothing is lost, and the
// home does other work.
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

// next makes current a batch that can be sent. It returns false if there is none.
func (x *exchange) next() bool {
	if len(x.current.ops) > 0 {
		return true // some of it has not been done
	}
	if len(x.filling.ops) == 0 {
		return false
	}
	x.filling, x.current = x.current, x.filling
	x.home.now[cBatches]++
	x.home.now[cSent] += int64(len(x.current.ops))
	return true
}

// fail is for a batch that the owner cannot do completely. It is not known which
// of its operations have taken effect, so the connections of their clients are
// closed.
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

// maxReplies is how many bytes of replies a batch carries at a time; for more
// it is sent again. It bounds the memory, however large the values are.
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
	w.publishCounters()
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
	} // otherwise endRound sends it again, for the rest
	w.endRound(c)
}

// reset empties a batch.
func (b *batch) reset() {
	clear(b.waiting) // keeps no client alive
	b.ops, b.waiting, b.results = b.ops[:0], b.waiting[:0], b.results[:0]
	b.in, b.out = spare(b.in), spare(b.out)
	b.done, b.read, b.answered = 0, 0, 0
}

// spare empties a buffer, and drops it if it is large.
func spare(b []byte) []byte {
	if cap(b) > maxReplies {
		return nil
	}
	return b[:0]
}
