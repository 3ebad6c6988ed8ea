package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"crosscall/memmodel/check"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// A testbed is a server in this process, with a job.
type testbed struct {
	server *server.Server
	link   *link
	nc     *nats.Conn
	client *client
}

func newTestbed(t *testing.T, job string) *testbed {
	t.Helper()
	s, err := serve("127.0.0.1", 0, t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Shutdown)
	b := &testbed{server: s, link: &link{url: "nats://" + s.Addr().String(), ackWait: 2 * time.Second}}
	if b.nc, err = b.link.dial("test"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.nc.Close)
	build, err := buildName()
	if err != nil {
		t.Fatal(err)
	}
	if b.client, err = newClient(t.Context(), b.nc, b.link, build, job, jetstream.MemoryStorage); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	go b.client.run(ctx)
	return b
}

// worker begins a worker in this process.
func (b *testbed) worker(t *testing.T, l limits) *worker {
	w := &worker{link: b.link, slots: 1, log: io.Discard, limits: l}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- w.run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return w
}

// The first reply to a unit stands. Whoever replies again, later or otherwise, changes
// nothing, also if it is large.
func TestTheFirstReplyStands(t *testing.T) {
	b := newTestbed(t, "first")
	ctx, s := t.Context(), b.client.store
	s.most = 100
	large := make([]byte, 5000)
	for i := range large {
		large[i] = byte(i * i >> 3)
	}
	for _, data := range [][]byte{large, []byte("second"), large[1:]} {
		if err := s.reply(ctx, "unit", data); err != nil {
			t.Fatal(err)
		}
	}
	entry, err := s.kv.Get(ctx, replyKey+"unit")
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.unpack(ctx, entry.Value())
	if err != nil || string(got) != string(large) {
		t.Errorf("the reply has %d bytes, %v; want the first one's %d", len(got), err, len(large))
	}
	if history, err := s.kv.History(ctx, replyKey+"unit"); err != nil || len(history) != 1 || history[0].Revision() != entry.Revision() {
		t.Errorf("the reply was written %v times, %v", history, err)
	}
}

// Units that are delivered again and again, as after a partition, are done again and again,
// and count once.
func TestDuplicateDelivery(t *testing.T) {
	b := newTestbed(t, "twice")
	js, err := jetstream.New(b.nc)
	if err != nil {
		t.Fatal(err)
	}
	sent := map[string]bool{} // by unit
	_, err = b.nc.Subscribe(unitSubject+">", func(m *nats.Msg) {
		u := new(unit)
		if err := json.Unmarshal(m.Data, u); err != nil || sent[u.Name] {
			return
		}
		sent[u.Name] = true
		for range 2 {
			if _, err := js.Publish(context.Background(), m.Subject, m.Data); err != nil {
				t.Error(err)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	workers := []*worker{b.worker(t, limits{}), b.worker(t, limits{})}
	files, err := check.Find([]string{filepath.Join(root, "examples/litmus"), filepath.Join(root, "proofs/bench/ticketlock.c")})
	if err != nil {
		t.Fatal(err)
	}
	m, err := check.LoadModel("lkmm")
	if err != nil {
		t.Fatal(err)
	}
	batch := func() *check.Batch {
		c11, err := check.LoadModel("rc11")
		if err != nil {
			t.Fatal(err)
		}
		return &check.Batch{Files: files, Models: []*check.Model{m}, ForC11: c11, KeepStates: true, C: check.COptions{Defines: map[string]string{"N": "6"}}}
	}
	want := rowsOf(t, batch())
	s := &session{client: b.client, budget: 2 * time.Millisecond, slots: 2, runs: map[*check.Setup]*checkRun{}}
	elsewhere := batch()
	elsewhere.Elsewhere = func(ctx context.Context, done func(int, *check.Row)) error { return s.batch(ctx, elsewhere, done) }
	if got := rowsOf(t, elsewhere); got != want {
		t.Errorf("with duplicates\n%s\nwithout\n%s", got, want)
	}
	b.drain(t)
	keys, err := b.client.store.kv.ListKeysFiltered(t.Context(), replyKey+">")
	if err != nil {
		t.Fatal(err)
	}
	replies := 0
	for range keys.Keys() {
		replies++
	}
	if replies != len(sent) {
		t.Errorf("%d replies to %d units", replies, len(sent))
	}
	stream, err := b.client.js.Stream(t.Context(), "KV_"+bucketPrefix+"twice")
	if err != nil {
		t.Fatal(err)
	}
	if state := stream.CachedInfo().State; state.LastSeq != state.Msgs {
		t.Errorf("%d writes of %d values: a reply was written again", state.LastSeq, state.Msgs)
	}
	if done := workers[0].units.Load() + workers[1].units.Load(); done < 3*int64(len(sent)) {
		t.Errorf("%d units were done of %d that are different: not each three times", done, len(sent))
	}
}

// drain waits until no unit is left.
func (b *testbed) drain(t *testing.T) {
	t.Helper()
	queue, err := b.link.queue(t.Context(), b.client.js, b.client.build)
	if err != nil {
		t.Fatal(err)
	}
	for {
		info, err := queue.Info(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if info.NumPending == 0 && info.NumAckPending == 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// rowsOf is all that is printed of a batch.
func rowsOf(t *testing.T, b *check.Batch) (out string) {
	t.Helper()
	err := b.Run(t.Context(), func(row *check.Row) error {
		for _, r := range row.Results {
			f, err := os.CreateTemp(t.TempDir(), "")
			if err != nil {
				return err
			}
			if err := r.WriteText(f); err != nil {
				return err
			}
			if err := r.WriteJSON(f); err != nil {
				return err
			}
			text, err := os.ReadFile(f.Name())
			if err != nil {
				return err
			}
			out += fmt.Sprint(row.File.Path, row.NotRun, withoutTimes(string(text)))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// A unit that ends each worker is given up: the next one says so.
func TestUnitsThatNobodySurvives(t *testing.T) {
	b := newTestbed(t, "poison")
	js, err := jetstream.New(b.nc)
	if err != nil {
		t.Fatal(err)
	}
	queue, err := b.link.queue(t.Context(), js, b.client.build)
	if err != nil {
		t.Fatal(err)
	}
	setup, err := b.client.keep(t.Context(), &check.Setup{Models: []string{"sc"}})
	if err != nil {
		t.Fatal(err)
	}
	u := &unit{Name: "poison", Setup: setup}
	failed := make(chan error, 1)
	go func() {
		_, err := b.client.do(t.Context(), u)
		failed <- err
	}()
	for range mostDeliveries {
		batch, err := queue.Fetch(1)
		if err != nil {
			t.Fatal(err)
		}
		for m := range batch.Messages() {
			_ = m.Nak() // as if it had not come back
		}
	}
	b.worker(t, limits{})
	if err := <-failed; err == nil {
		t.Error("a unit that no worker could do has a reply")
	}
}

// A worker lets a test have no more than its own limits, whatever the job says.
func TestWorkersHaveLimits(t *testing.T) {
	l := limits{memory: 10, time: time.Second}
	for _, x := range []struct {
		memory, wantMemory int64
		time, wantTime     time.Duration
	}{{0, 10, 0, time.Second}, {5, 5, time.Minute, time.Second}, {20, 10, time.Millisecond, time.Millisecond}} {
		if memory, time := l.of(x.memory, x.time); memory != x.wantMemory || time != x.wantTime {
			t.Errorf("%d, %v: %d, %v", x.memory, x.time, memory, time)
		}
	}
	if memory, time := (limits{}).of(7, time.Hour); memory != 7 || time.Hours() != 1 {
		t.Errorf("without limits: %d, %v", memory, time)
	}
}

// Workers of another build are refused, and so are their jobs.
func TestOtherBuildsAreRefused(t *testing.T) {
	b := newTestbed(t, "build")
	if _, err := b.nc.Subscribe(askSubject, func(m *nats.Msg) { _ = m.Respond([]byte(`{"Build":"other","Name":"w","Slots":1}`)) }); err != nil {
		t.Fatal(err)
	}
	if err := b.nc.Flush(); err != nil {
		t.Fatal(err)
	}
	s := &session{client: b.client}
	if _, err := s.await(t.Context(), false); err == nil {
		t.Error("a worker of another build is taken")
	}
	w := b.worker(t, limits{})
	other := &client{js: b.client.js, job: b.client.job, subject: unitSubject + "other." + b.client.job}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if err := other.publish(ctx, "u", &pending{data: []byte(`{"Name":"u"}`)}); err != nil {
		t.Fatal(err)
	}
	<-ctx.Done()
	if w.units.Load() > 0 {
		t.Error("a worker does a unit of another build")
	}
}
