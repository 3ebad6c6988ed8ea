package kvserver

import (
	"hash/maphash"
	"time"

	"crosscall"
	"crosscall/examples/kvserver/internal/store"

	"golang.org/x/sys/unix"
)

// worker is one CPU's part of the server. Only that CPU uses it, except for the
// published counters and constant fields.
type worker struct {
	env
	server *ownersServer
	index  int // among the workers
	cpu    int

	shard store.Shard
	peers []*exchange // by worker; nil for itself

	listener      int // -1: closed
	listenerWatch *crosscall.Watch
	clients       map[*client]struct{}
	draining      bool
	left          bool // the server knows that the drain is over

	dirty    []*client // have had commands or results since the last flush
	ending   bool      // endRound is posted
	held     int       // turns for which endRound was postponed
	endFunc  func(*crosscall.CPU)
	resend   *crosscall.Timer // of sendLater
	readInto []byte

	counters
}

func newWorker(s *ownersServer, index, cpu int) *worker {
	w := &worker{
		env: s.env, server: s, index: index, cpu: cpu, listener: -1,
		clients: make(map[*client]struct{}), readInto: make([]byte, readSize),
	}
	w.endFunc = w.posted
	w.figures = func() Figures {
		w.publishCounters()
		return s.Figures()
	}
	return w
}

// readSize is how much is read from a connection at a time. The buffer is the
// worker's: a connection has its own only for an incomplete command.
const readSize = 64 << 10

// owner is the worker that has the key.
func (w *worker) owner(key []byte) int {
	hash := maphash.Bytes(w.server.seed, key)
	return int((hash >> 32) * uint64(len(w.server.workers)) >> 32)
}

// touch notes that a client may have output to write.
func (w *worker) touch(c *client) {
	if !c.dirty {
		c.dirty = true
		w.dirty = append(w.dirty, c)
	}
}

// later makes endRound run when the presently known events are done. The more
// clients are served before, the more of their operations are in one batch.
func (w *worker) later(c *crosscall.CPU) {
	if w.ending {
		return
	}
	w.ending = true
	if c.TryPost(w.cpu, w.endFunc) != nil {
		w.endRound(c)
	}
}

// posted ends the round, unless more events are known by now.
func (w *worker) posted(c *crosscall.CPU) {
	if w.held++; w.held < maxHeld && c.Pending() && c.TryPost(w.cpu, w.endFunc) == nil {
		return
	}
	w.endRound(c)
}

// maxHeld bounds how long the first clients wait for the last ones.
const maxHeld = 8

// endRound sends the batches, then writes: the owners work meanwhile.
func (w *worker) endRound(c *crosscall.CPU) {
	w.ending, w.held = false, 0
	w.send(c)
	w.publishCounters()
	for i := 0; i < len(w.dirty); i++ { // may grow meanwhile
		w.dirty[i].dirty = false
		w.dirty[i].flush(c)
	}
	clear(w.dirty)
	w.dirty = w.dirty[:0]
	w.send(c) // for clients that went on
	w.publishCounters()
	w.leave()
}

func (w *worker) send(c *crosscall.CPU) {
	for _, x := range w.peers {
		if x != nil {
			x.send(c)
		}
	}
}

// sendLater makes endRound run after a while, because there was no room for a
// message. A batch that returns earlier ends a round too.
func (w *worker) sendLater(c *crosscall.CPU) {
	if w.resend == nil {
		w.resend = c.AfterFunc(resendAfter, w.endRound)
	} else {
		w.resend.Reset(resendAfter)
	}
}

// resendAfter is about the time that an owner takes for the messages that it has.
const resendAfter = 100 * time.Microsecond

// publishCounters publishes the counters.
func (w *worker) publishCounters() {
	w.now[cClients] = int64(len(w.clients))
	w.now[cKeys] = int64(w.shard.Len())
	w.now[cBytes] = int64(w.shard.Bytes())
	w.publish()
}

// accept accepts waiting connections. It returns false if no more wait.
func (w *worker) accept(c *crosscall.CPU) bool {
	for range maxAccept {
		fd, _, err := unix.Accept4(w.listener, unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC)
		switch err {
		case nil:
			w.admit(c, fd)
		case unix.EINTR, unix.ECONNABORTED:
		case unix.EAGAIN:
			return false
		default: // no descriptor or memory is left: others must close first
			w.pauseAccept(c)
			return false
		}
	}
	return true
}

// maxAccept bounds how long connected clients wait for new ones to be accepted.
const maxAccept = 64

func (w *worker) pauseAccept(c *crosscall.CPU) {
	if w.draining || w.listenerWatch.Change(0) != nil {
		return
	}
	c.AfterFunc(100*time.Millisecond, func(*crosscall.CPU) {
		if !w.draining {
			_ = w.listenerWatch.Change(crosscall.Readable)
		}
	})
}

func (w *worker) admit(c *crosscall.CPU, fd int) {
	w.now[cAccepted]++
	if w.server.clients.Add(1) > int64(w.MaxClients) {
		w.server.clients.Add(-1)
		w.now[cRejected]++
		w.publishCounters()
		_, _ = unix.Write(fd, []byte("-"+tooManyClients+"\r\n"))
		_ = unix.Close(fd)
		return
	}
	k := newClient(w, fd)
	watch, err := c.Watch(fd, crosscall.Readable, k.event)
	if err != nil {
		w.server.clients.Add(-1)
		_ = unix.Close(fd)
		return
	}
	k.watch = watch
	w.clients[k] = struct{}{}
	w.later(c)
}

// drain begins the end: only commands that have arrived are answered.
func (w *worker) drain(c *crosscall.CPU) {
	for w.accept(c) {
	}
	w.draining = true
	w.closeListener()
	for k := range w.clients {
		w.touch(k)
	}
	w.endRound(c)
}

func (w *worker) closeListener() {
	_ = w.listenerWatch.Close()
	_ = unix.Close(w.listener)
	w.listener = -1
}

// closeAll ends a drain that takes too long.
func (w *worker) closeAll(c *crosscall.CPU) {
	for k := range w.clients {
		k.close()
	}
	w.endRound(c)
}

// leave notifies the server, once, that a drain is over.
func (w *worker) leave() {
	if w.draining && len(w.clients) == 0 && !w.left {
		w.left = true
		w.server.busy.Done()
	}
}
