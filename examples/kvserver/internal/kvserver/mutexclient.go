package kvserver

import (
	"bufio"
	"hash/maphash"
	"io"
	"net"
	"time"

	"crosscall/examples/kvserver/internal/resp"
	"crosscall/examples/kvserver/internal/store"
)

// mutexClient is a connection and its goroutine. It implements session.
type mutexClient struct {
	server  *mutexServer
	conn    net.Conn
	out     *bufio.Writer
	parser  resp.Parser
	in      []byte // read and not yet parsed
	scratch []byte // the reply under way
	last    bool   // close after this command
	ran     uint64 // commands since the last flush
}

const bufferSize = 16 << 10

func newMutexClient(s *mutexServer, conn net.Conn) *mutexClient {
	return &mutexClient{
		server: s, conn: conn, parser: resp.NewParser(s.Limits),
		in: make([]byte, 0, bufferSize), out: bufio.NewWriterSize(conn, bufferSize),
	}
}

func (c *mutexClient) serve() {
	defer c.server.leave(c)
	for {
		err := c.read()
		if err != nil && (!timedOut(err) || !c.server.isDraining()) {
			return
		}
		last := err != nil || !c.commands()
		if c.flush() != nil {
			return
		}
		if last {
			c.linger()
			return
		}
	}
}

// read reads the available bytes.
func (c *mutexClient) read() error {
	c.in = grow(c.in, c.parser.Missing(c.in))
	n, err := c.conn.Read(c.in[len(c.in):cap(c.in)])
	c.in = c.in[:len(c.in)+n]
	c.server.in.Add(uint64(n))
	if n > 0 {
		return nil
	}
	return err
}

// grow makes room to read more, at least a byte. A buffer grows to twice the
// received size, and not to the announced size: a client cannot allocate memory
// by an announcement.
func grow(in []byte, missing int) []byte {
	if cap(in)-len(in) >= max(1, min(missing, len(in))) {
		return in
	}
	bigger := make([]byte, len(in), max(bufferSize, 2*len(in)))
	copy(bigger, in)
	return bigger
}

// commands runs the commands that are complete. False: the connection ends.
func (c *mutexClient) commands() bool {
	rest := c.in
	for !c.last {
		n, err := c.parser.Next(rest)
		if err != nil {
			c.server.malformed.Add(1)
			c.emit(resp.AppendError(c.scratch[:0], "ERR "+err.Error()))
			return false
		}
		if n == 0 {
			break
		}
		rest = rest[n:]
		if len(c.parser.Args) > 0 {
			c.ran++
			dispatch(c, c.parser.Args)
		}
	}
	c.in = keep(c.in, rest)
	return !c.last
}

// keep moves rest, the end of in, to a buffer's start, and drops a buffer that is
// larger than necessary.
func keep(in, rest []byte) []byte {
	if len(rest) == len(in) {
		return in
	}
	if cap(in) > 4*bufferSize && len(rest) < bufferSize {
		return append(make([]byte, 0, bufferSize), rest...)
	}
	return in[:copy(in, rest)]
}

func (c *mutexClient) flush() error {
	c.server.commands.Add(c.ran)
	c.server.out.Add(uint64(c.out.Buffered()))
	c.ran = 0
	return c.out.Flush()
}

// linger lets the client read the last answers: they would be lost if the
// connection were closed while the client still sends.
func (c *mutexClient) linger() {
	if tcp, ok := c.conn.(*net.TCPConn); ok {
		_ = tcp.CloseWrite()
	}
	_ = c.conn.SetReadDeadline(time.Now().Add(lingerTime))
	_, _ = io.Copy(io.Discard, c.conn)
}

// lingerTime is how long a client has to read its last answers.
const lingerTime = time.Second

// emit sends a reply. If that fails, no more commands are run.
func (c *mutexClient) emit(reply []byte) {
	if _, err := c.out.Write(reply); err != nil {
		c.last = true
	}
	if c.scratch = reply[:0]; cap(reply) > 4*bufferSize {
		c.scratch = nil
	}
}

func (c *mutexClient) shard(key []byte) *mutexShard {
	return &c.server.shards[maphash.Bytes(c.server.seed, key)%256]
}

func (c *mutexClient) plain(f plainFunc, args [][]byte) {
	c.emit(f(&c.server.env, args, c.scratch))
}

func (c *mutexClient) one(v store.Verb, key, arg []byte) {
	sh := c.shard(key)
	sh.Lock()
	reply := sh.Reply(v, key, arg, c.scratch)
	sh.Unlock()
	c.emit(reply)
}

func (c *mutexClient) array(n int) { c.emit(resp.AppendArray(c.scratch, n)) }

func (c *mutexClient) sum(v store.Verb, args [][]byte, step int, ok bool) {
	total := 0
	for i := 0; i < len(args); i += step {
		sh := c.shard(args[i])
		sh.Lock()
		total += sh.Count(v, args[i], args[i+step-1])
		sh.Unlock()
	}
	c.total(total, ok)
}

func (c *mutexClient) all(v store.Verb, ok bool) {
	total := 0
	for i := range c.server.shards {
		sh := &c.server.shards[i]
		sh.Lock()
		total += sh.Count(v, nil, nil)
		sh.Unlock()
	}
	c.total(total, ok)
}

func (c *mutexClient) total(n int, ok bool) { c.emit(appendTotal(c.scratch, n, ok)) }

func (c *mutexClient) finish() { c.last = true }
