package main

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// A network has hosts that are network namespaces, with a cable each to a switch. The test
// itself is a host, too.
type network struct {
	t      *testing.T
	prefix string // of the names
	n      int    // hosts
}

const subnet = "198.18.213." // of the range for measurements: no real network has it

// newNetwork skips the test where there can be none.
func newNetwork(t *testing.T) *network {
	t.Helper()
	n := &network{t: t, prefix: fmt.Sprintf("cc%d", time.Now().UnixNano()%1_000_000)}
	for _, args := range []string{
		"netns add SWITCH", "-n SWITCH link add bridge type bridge", "-n SWITCH link set bridge up",
		"link add TESTd type veth peer name test netns SWITCH", "addr add NET1/24 dev TESTd", "link set TESTd up",
		"-n SWITCH link set test master bridge up", "netns exec SWITCH true",
	} {
		if err := n.ip(args); err != nil {
			t.Skipf("SKIPPED: no network namespaces here: %v", err)
		}
	}
	return n
}

// ip runs ip. What it adds is removed when the test ends.
func (n *network) ip(args string) error {
	args = strings.NewReplacer("SWITCH", n.prefix+"s", "TEST", n.prefix, "NET", subnet, "HOST", fmt.Sprintf("%sh%d", n.prefix, n.n)).Replace(args)
	list := strings.Fields(args)
	if len(list) == 3 && list[1] == "add" {
		n.t.Cleanup(func() { _ = exec.Command("ip", "netns", "del", list[2]).Run() })
	}
	out, err := exec.Command("ip", list...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("ip %s: %w: %s", args, err, out)
	}
	return nil
}

// A host runs programs.
type host struct {
	in   *network
	name string
	addr string
	port string // of its cable, at the switch
}

func (n *network) host() *host {
	n.t.Helper()
	n.n++
	h := &host{n, fmt.Sprintf("%sh%d", n.prefix, n.n), fmt.Sprintf("%s%d", subnet, 10+n.n), fmt.Sprintf("port%d", n.n)}
	for _, args := range []string{
		"netns add HOST", "-n HOST link set lo up",
		"link add eth0 netns HOST type veth peer name " + h.port + " netns SWITCH",
		"-n HOST addr add " + h.addr + "/24 dev eth0", "-n HOST link set eth0 up",
		"-n SWITCH link set " + h.port + " master bridge up",
	} {
		if err := n.ip(args); err != nil {
			n.t.Fatal(err)
		}
	}
	return h
}

func (h *host) begin(args ...string) *process {
	h.in.t.Helper()
	return beginProgram(h.in.t, append([]string{"ip", "netns", "exec", h.name, self(h.in.t)}, args...)...)
}

// cable pulls a host's cable out, or puts it in.
func (h *host) cable(state string) {
	h.in.t.Helper()
	if err := h.in.ip("-n SWITCH link set " + h.port + " " + state); err != nil {
		h.in.t.Fatal(err)
	}
}

// TestHosts: a server, two workers and the command on four hosts. First the cable of one
// worker is out for longer than it may keep its unit, then that of the server. What is
// printed is what one machine prints.
func TestHosts(t *testing.T) {
	n := newNetwork(t)
	want, wantCode := here(t, workload(t))
	far, one, two := n.host(), n.host(), n.host()
	c := &cluster{t: t, addr: far.addr + ":4222"}
	c.server = far.begin("server", "--listen", c.addr, "--store", t.TempDir())
	c.awaitServer()
	for _, h := range []*host{one, two} {
		h.begin("worker", "--nats", c.url(), "--slots", "1", "--ack-wait", ackWait)
	}
	run := begin(t, append(workload(t), c.flags("hosts")...)...)
	at := c.awaitReplies("hosts", 2, run)
	one.cable("down")
	time.Sleep(3 * time.Second)
	one.cable("up")
	far.cable("down")
	time.Sleep(2 * time.Second)
	far.cable("up")
	out, code := run.result(t)
	if out != want || code != wantCode {
		t.Fatalf("exit code %d, want %d; %s\n%s", code, wantCode, differs(out, want), out)
	}
	t.Logf("| four hosts: a worker's cable is out for 3 s, the server's for 2 s | after %d replies | the same output, exit code %d |", at, code)
}
