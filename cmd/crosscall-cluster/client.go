package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"
)

// A client hands out the units of one job and gets the replies.
//
// Claim: each unit counts once, even if messages are lost, late or repeated.
//
// Proof: store.reply writes a reply under the name of its unit, and only if none is there. So
// each unit has at most one reply, and this reply never changes. A worker acknowledges a unit
// only after writing the reply, so the server delivers a unit without a reply again. A client
// delivers a reply to each caller that waits for the unit (take). The results of tests and
// the next parts depend on nothing but the replies.
type client struct {
	nc      *nats.Conn
	js      jetstream.JetStream
	store   *store
	subject string
	build   string
	job     string
	link    *link

	resumes bool   // the store may have replies from before
	session string // of this client alone

	mu      sync.Mutex
	waiting map[string]*pending // by unit
}

// A pending unit has no reply yet.
type pending struct {
	data  []byte
	sent  time.Time
	tries int // it was sent again so often
	done  chan struct{}
	reply *reply // once done is closed
}

// newClient opens a job.
func newClient(ctx context.Context, nc *nats.Conn, l *link, build, job string, storage jetstream.StorageType) (*client, error) {
	js, err := jetstream.New(nc)
	if err != nil {
		return nil, err
	}
	if err := l.units(ctx, js, storage); err != nil {
		return nil, noJetStream(err)
	}
	if _, err := l.queue(ctx, js, build); err != nil {
		return nil, err
	}
	s, err := openStore(ctx, js, job, true, storage)
	if err != nil {
		return nil, err
	}
	c := &client{nc: nc, js: js, store: s, subject: unitSubject + build + "." + job, build: build, job: job, link: l, waiting: map[string]*pending{}, session: nuid.Next()}
	return c, nil
}

// noJetStream says what to do where a server has no JetStream.
func noJetStream(err error) error {
	if errors.Is(err, jetstream.ErrJetStreamNotEnabled) || errors.Is(err, jetstream.ErrJetStreamNotEnabledForAccount) {
		return fmt.Errorf("%w: the server needs it (nats-server -js)", err)
	}
	return err
}

// run gets replies until ctx ends.
func (c *client) run(ctx context.Context) {
	connected := make(chan struct{}, 1)
	c.nc.SetReconnectHandler(func(*nats.Conn) {
		select {
		case connected <- struct{}{}:
		default:
		}
	})
	look := time.NewTicker(3 * time.Second)
	defer look.Stop()
	var watcher jetstream.KeyWatcher
	for ctx.Err() == nil {
		if watcher == nil {
			watcher, _ = c.store.kv.Watch(ctx, replyKey+">")
		}
		select {
		case <-ctx.Done():
		case entry, ok := <-updates(watcher):
			switch {
			case !ok:
				watcher = nil
				time.Sleep(100 * time.Millisecond)
			case entry != nil:
				c.take(ctx, entry)
			}
		case <-connected:
			go c.sendAgain(ctx)
		case <-look.C:
			go c.lookForOld(ctx)
		}
	}
	if watcher != nil {
		_ = watcher.Stop()
	}
}

// updates are those of w. Without a watcher there are none, for a while.
func updates(w jetstream.KeyWatcher) <-chan jetstream.KeyValueEntry {
	if w == nil {
		none := make(chan jetstream.KeyValueEntry)
		time.AfterFunc(100*time.Millisecond, func() { close(none) })
		return none
	}
	return w.Updates()
}

// take delivers a reply to the callers that wait for it.
func (c *client) take(ctx context.Context, entry jetstream.KeyValueEntry) {
	name := strings.TrimPrefix(entry.Key(), replyKey)
	c.mu.Lock()
	p := c.waiting[name]
	delete(c.waiting, name)

	c.mu.Unlock()
	if p == nil {
		return
	}
	data, err := c.store.unpack(ctx, entry.Value())
	r := new(reply)
	if err == nil {
		err = json.Unmarshal(data, r)
	}
	if err != nil {
		r = &reply{Error: fmt.Sprintf("a reply cannot be read: %v", err)}
	}
	p.reply = r
	close(p.done)
}

// old is how long a unit waits for a reply before the client looks for one itself.
const old = 3 * time.Second

// lookForOld looks for replies whose update was lost, and for units that the server lost.
func (c *client) lookForOld(ctx context.Context) {
	c.mu.Lock()
	var names []string
	for name, p := range c.waiting {
		if time.Since(p.sent) > old {
			names = append(names, name)
		}
	}
	c.mu.Unlock()
	for _, name := range names {
		if err := c.lookFor(ctx, name); err != nil && !errors.Is(err, jetstream.ErrKeyNotFound) {
			return // later
		}
	}
	if len(names) > 0 {
		c.sendLost(ctx)
	}
}

// sendLost sends the units without a reply again, if no unit is queued on the server or with a
// worker.
func (c *client) sendLost(ctx context.Context) {
	limited, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	queue, err := c.link.queue(limited, c.js, c.build)
	if err != nil {
		if l := c.link.units(limited, c.js, jetstream.FileStorage); l == nil {
			c.sendAgain(ctx)
		}
		return
	}
	info, err := queue.Info(limited)
	if err == nil && info.NumPending == 0 && info.NumAckPending == 0 {
		c.sendAgain(ctx)
	}
}

// sendAgain sends all units that have no reply. Some of them may still be on the server: after
// a kill the server does not know which worker has them, and delivers them late. A worker skips
// a unit that has a reply, and a unit that is done twice counts once.
func (c *client) sendAgain(ctx context.Context) {
	c.mu.Lock()
	list := maps.Clone(c.waiting)
	for _, p := range list {
		p.tries++
	}
	c.mu.Unlock()
	for name, p := range list {
		if c.publish(ctx, name, p) != nil {
			return
		}
	}
}

// againHeader is of a unit that was sent before.
const againHeader = "Crosscall-Again"

// publish sends a unit. The server drops what it has had from this client, for a while,
// unless that is sent again.
func (c *client) publish(ctx context.Context, name string, p *pending) error {
	limited, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	c.mu.Lock()
	tries := p.tries
	c.mu.Unlock()
	m := &nats.Msg{Subject: c.subject, Data: p.data, Header: nats.Header{}}
	m.Header.Set(nats.MsgIdHdr, fmt.Sprintf("%s.%s.%d", c.session, name, tries))
	if tries > 0 {
		m.Header.Set(againHeader, "yes")
	}
	_, err := c.js.PublishMsg(limited, m)
	return err
}

// do sends a unit and waits for the reply. Several callers can wait for one unit.
func (c *client) do(ctx context.Context, u *unit) (*reply, error) {
	data, err := json.Marshal(u)
	if err != nil {
		return nil, err
	}
	p, first := c.wait(u.Name, data)
	if first && c.resumes {
		c.lookFor(ctx, u.Name)
	}
	if first && !p.isDone() {
		if err := insist(ctx, func(ctx context.Context) error { return c.publish(ctx, u.Name, p) }); err != nil {
			return nil, err
		}
	}
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-p.done:
		if p.reply.Error != "" {
			return nil, errors.New(p.reply.Error)
		}
		return p.reply, nil
	}
}

// wait notes that a caller waits for a unit. first reports whether it is the first one.
func (c *client) wait(name string, data []byte) (p *pending, first bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if p := c.waiting[name]; p != nil {
		return p, false
	}
	p = &pending{data: data, done: make(chan struct{}), sent: time.Now()}
	c.waiting[name] = p
	return p, true
}

func (p *pending) isDone() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// lookFor looks for the reply to a unit.
func (c *client) lookFor(ctx context.Context, name string) error {
	limited, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	entry, err := c.store.kv.Get(limited, replyKey+name)
	if err == nil {
		c.take(ctx, entry)
	}
	return err
}

// keep puts x into the job's store, and returns its hash.
func (c *client) keep(ctx context.Context, x any) (hash string, err error) {
	data, err := json.Marshal(x)
	if err != nil {
		return "", err
	}
	return c.store.put(ctx, data)
}

// end ends the job, and its workers stop. It deletes the replies unless another run is to
// resume the job.
func (c *client) end(keep bool) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_ = c.nc.Publish(endSubject+c.job, nil)
	if s, err := c.js.Stream(ctx, unitStream); err == nil {
		_ = s.Purge(ctx, jetstream.WithPurgeSubject(c.subject))
	}
	if !keep {
		_ = c.js.DeleteKeyValue(ctx, bucketPrefix+c.job)
	}
}

// A workerInfo is a worker's answer to the question which workers are there.
type workerInfo struct {
	Build, Name string
	Slots       int
}

// workers asks which workers are there. It waits until so many slots have answered, or no more come.
func (c *client) workers(ctx context.Context, patience time.Duration) (slots int, others []workerInfo, err error) {
	inbox := c.nc.NewInbox()
	sub, err := c.nc.SubscribeSync(inbox)
	if err != nil {
		return 0, nil, err
	}
	defer sub.Unsubscribe() //nolint:errcheck // nothing depends on it
	if err := c.nc.PublishRequest(askSubject, inbox, nil); err != nil {
		return 0, nil, err
	}
	end := time.Now().Add(patience)
	for ctx.Err() == nil {
		wait := time.Until(end)
		if slots > 0 || len(others) > 0 {
			wait = min(wait, 100*time.Millisecond)
		}
		msg, err := sub.NextMsg(wait)
		if err != nil {
			break
		}
		var w workerInfo
		switch {
		case json.Unmarshal(msg.Data, &w) != nil:
		case w.Build == c.build:
			slots += w.Slots
		default:
			others = append(others, w)
		}
	}
	return slots, others, ctx.Err()
}
