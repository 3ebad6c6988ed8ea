package kvserver

import (
	"crosscall"
	"crosscall/examples/kvserver/internal/resp"
	"crosscall/examples/kvserver/internal/store"

	"golang.org/x/sys/unix"
)

// client is a connection on the CPU that accepted it. It implements session.
type client struct {
	w      *worker
	fd     int
	watch  *crosscall.Watch
	wants  crosscall.Events
	parser resp.Parser
	in     []byte // read and not yet parsed
	replies

	dirty   bool // in the worker's list
	paused  bool // its commands wait, because too much output does
	blocked bool // the socket accepts no more output for now
	last    bool // no more commands: it ends after the missing answers
	linger  bool // everything is answered; it waits for the client to close
	closed  bool
	timer   *crosscall.Timer // of the linger
}

func newClient(w *worker, fd int) *client {
	return &client{w: w, fd: fd, wants: crosscall.Readable, parser: resp.NewParser(w.Limits)}
}

// event is the function of the watch.
func (k *client) event(c *crosscall.CPU, e crosscall.Events) {
	if e&(crosscall.Writable|crosscall.HangUp) != 0 {
		k.blocked = false
	}
	switch {
	case k.closed:
		return
	case k.linger:
		k.discard()
	case e&crosscall.Readable != 0 && k.wants&crosscall.Readable != 0:
		k.read()
	case e&crosscall.HangUp != 0:
		k.close()
	}
	k.w.touch(k)
	k.w.later(c)
}

// read reads once and runs the complete commands. It uses the worker's buffer,
// unless the client has an incomplete command.
func (k *client) read() {
	into := k.w.readInto
	if len(k.in) > 0 {
		k.in = grow(k.in, k.parser.Missing(k.in))
		into = k.in[len(k.in):cap(k.in)]
	}
	n, err := readSocket(k.fd, into)
	switch {
	case err == unix.EAGAIN || err == unix.EINTR:
		k.last = k.last || k.w.draining && err == unix.EAGAIN
		return
	case err != nil:
		k.close()
		return
	case n == 0:
		k.last = true // there may be answers under way
		return
	}
	k.w.now[cIn] += int64(n)
	if len(k.in) > 0 {
		k.in = k.in[:len(k.in)+n]
		k.left(k.run(k.in))
	} else if rest := k.run(into[:n]); len(rest) > 0 {
		k.in = append(k.in, rest...)
	}
	if k.w.draining && n < len(into) && !k.paused {
		k.last = true
	}
}

// left keeps the rest of the client's own buffer.
func (k *client) left(rest []byte) {
	if len(rest) == 0 {
		k.in = nil
		return
	}
	k.in = keep(k.in, rest)
}

// run runs the commands that are complete, as long as there is room for their
// answers, and returns the rest.
func (k *client) run(data []byte) (rest []byte) {
	for !k.last && !k.closed {
		if k.unsent() > k.w.Pause || k.missing() > maxMissing {
			k.paused = true
			k.w.now[cPaused]++
			return data
		}
		n, err := k.parser.Next(data)
		if err != nil {
			k.w.now[cMalformed]++
			k.ready(resp.AppendError(k.buffer(), "ERR "+err.Error()))
			k.last = true
			return nil
		}
		if n == 0 {
			return data
		}
		data = data[n:]
		if len(k.parser.Args) > 0 {
			k.w.now[cCommands]++
			dispatch(k, k.parser.Args)
		}
	}
	return nil
}

// maxMissing is how many answers of a client may be under way on other CPUs: their
// sizes are not known before they arrive, and the client may not read them.
const maxMissing = 32

// minWrite is the least output that is written while further answers are missing.
const minWrite = 16 << 10

// flush writes as much as possible, and decides how the connection goes on.
func (k *client) flush(c *crosscall.CPU) {
	k.write()
	for k.paused && !k.closed && k.unsent() <= k.w.Pause/2 && k.missing() <= maxMissing/2 {
		k.paused = false
		k.left(k.run(k.in))
		k.write()
	}
	if k.w.draining && !k.paused && !k.last && !k.closed {
		k.read() // data that has arrived makes no further event
		k.w.touch(k)
		k.w.later(c)
	}
	if k.last && !k.closed && k.missing() == 0 && len(k.out) == 0 {
		k.beginLinger(c)
	}
	if !k.closed {
		k.watchFor()
	}
}

// write writes once.
func (k *client) write() {
	if k.closed || k.blocked || k.sent == len(k.out) || k.missing() > 0 && len(k.out)-k.sent < minWrite {
		return
	}
	n, err := writeSocket(k.fd, k.out[k.sent:])
	if err != nil && err != unix.EAGAIN && err != unix.EINTR {
		k.close()
		return
	}
	if n > 0 {
		k.sent += n
		k.w.now[cOut] += int64(n)
	}
	k.blocked = k.sent < len(k.out)
	if !k.blocked {
		k.sent = 0
		k.out = k.out[:0]
		if cap(k.out) > maxSpare {
			k.out = nil
		}
	} else if k.sent > maxSpare && k.sent > len(k.out)/2 {
		k.out = k.out[:copy(k.out, k.out[k.sent:])]
		k.sent = 0
	}
}

// watchFor changes the events of the connection's watch, if necessary.
func (k *client) watchFor() {
	var want crosscall.Events
	if !k.paused && !k.last || k.linger {
		want |= crosscall.Readable
	}
	if k.blocked {
		want |= crosscall.Writable
	}
	if want == k.wants {
		return
	}
	k.wants = want
	if k.watch.Change(want) != nil {
		k.close()
	}
}

// beginLinger lets the client read the last answers: they would be lost if the
// connection were closed while the client still sends.
func (k *client) beginLinger(c *crosscall.CPU) {
	if k.linger {
		return
	}
	k.linger = true
	if unix.Shutdown(k.fd, unix.SHUT_WR) != nil {
		k.close()
		return
	}
	k.timer = c.AfterFunc(lingerTime, func(c *crosscall.CPU) {
		k.close()
		k.w.later(c)
	})
	k.discard()
}

// discard reads data that is not answered any more.
func (k *client) discard() {
	for range 16 {
		n, err := readSocket(k.fd, k.w.readInto)
		if err == unix.EAGAIN || err == unix.EINTR {
			return
		}
		if n <= 0 {
			k.close()
			return
		}
	}
}

func (k *client) close() {
	if k.closed {
		return
	}
	k.closed = true
	_ = k.watch.Close()
	if k.timer != nil {
		k.timer.Stop()
	}
	_ = unix.Close(k.fd)
	delete(k.w.clients, k)
	k.w.server.clients.Add(-1)
	k.in, k.replies = nil, replies{}
}

// put and add take results, unless the client has gone meanwhile.
func (k *client) put(seq uint32, reply []byte) {
	if !k.closed {
		k.replies.put(seq, reply)
		k.bound()
	}
}

func (k *client) add(seq uint32, n int) {
	if !k.closed {
		k.replies.add(seq, n)
	}
}

// bound disconnects a client that has more output than it may, within a command.
func (k *client) bound() {
	if k.unsent() > k.w.Drop {
		k.w.now[cDropped]++
		k.close()
	}
}

func (k *client) plain(f plainFunc, args [][]byte) {
	k.ready(f(&k.w.env, args, k.buffer()))
}

func (k *client) array(n int) { k.ready(resp.AppendArray(k.buffer(), n)) }

func (k *client) one(v store.Verb, key, arg []byte) {
	if k.closed {
		return
	}
	if owner := k.w.owner(key); owner != k.w.index {
		k.w.peers[owner].add(v, key, arg, k, k.expect(whole))
		return
	}
	k.ready(k.w.shard.Reply(v, key, arg, k.buffer()))
	k.bound()
}

func (k *client) sum(v store.Verb, args [][]byte, step int, ok bool) {
	seq, total := k.expect(kindOf(ok)), 0
	for i := 0; i < len(args); i += step {
		key, arg := args[i], args[i+step-1]
		if owner := k.w.owner(key); owner != k.w.index {
			k.more(seq)
			k.w.peers[owner].add(v, key, arg, k, seq)
		} else {
			total += k.w.shard.Count(v, key, arg)
		}
	}
	k.add(seq, total)
}

func (k *client) all(v store.Verb, ok bool) {
	seq := k.expect(kindOf(ok))
	for _, x := range k.w.peers {
		if x != nil {
			k.more(seq)
			x.add(v, nil, nil, k, seq)
		}
	}
	k.add(seq, k.w.shard.Count(v, nil, nil))
}

func kindOf(ok bool) slotKind {
	if ok {
		return allDone
	}
	return sumOf
}

func (k *client) finish() { k.last = true }
