package kvserver

import (
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
	spare       *batch // nil: a batch is under way
}

// batch is a message: operations, and then their results. Operations and bytes
// are apart from what only the home needs, so that this does not move.
type batch struct {
	exchange *exchange
	run      func(*crosscall.CPU) // on the owner
	back     func(*crosscall.CPU) // at home

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
	x.filling, x.spare = x.newBatch(), x.newBatch()
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
func (x *exchange) send(c *crosscall.CPU) {
	b := x.filling
	if x.spare == nil || len(b.ops) == 0 {
		return
	}
	x.filling, x.spare = x.spare, nil
	x.home.now[cBatches]++
	x.home.now[cSent] += int64(len(b.ops))
	b.post(c)
}

// post has the owner go on with the batch. It fails when the owner has gone
// offline, at the end of the server: then nobody is left to answer.
func (b *batch) post(c *crosscall.CPU) {
	if c.Post(b.exchange.owner.cpu, b.run) != nil {
		b.exchange.reset(b)
	}
}

// maxReplies is how many bytes of replies a batch brings back at a time; more
// make it go another time. It bounds the memory, however large the values are.
const maxReplies = 1 << 20

// serve does operations, on the owner.
func (b *batch) serve(c *crosscall.CPU) {
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
	_ = c.Post(b.exchange.home.cpu, b.back)
}

// deliver gives the results to the clients, at home.
func (b *batch) deliver(c *crosscall.CPU) {
	w := b.exchange.home
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
	if b.answered < len(b.ops) {
		b.post(c)
	} else {
		b.exchange.reset(b)
	}
	w.endRound(c)
}

// reset makes a batch the next one to be filled.
func (x *exchange) reset(b *batch) {
	clear(b.waiting) // keeps no client alive
	b.ops, b.waiting, b.results = b.ops[:0], b.waiting[:0], b.results[:0]
	b.in, b.out = spare(b.in), spare(b.out)
	b.done, b.read, b.answered = 0, 0, 0
	x.spare = b
}

// spare empties a buffer, and gives it up if it is large.
func spare(b []byte) []byte {
	if cap(b) > maxReplies {
		return nil
	}
	return b[:0]
}
