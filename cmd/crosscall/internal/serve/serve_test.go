package serve

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"crosscall/cmd/crosscall/internal/page"
)

// workerEnv makes the test binary a worker; its value is the kind.
const workerEnv = "CROSSCALL_TEST_WORKER"

func TestMain(m *testing.M) {
	switch os.Getenv(workerEnv) {
	case "":
		os.Exit(m.Run())
	case "deaf": // it looks at no limit
		time.Sleep(time.Minute)
	case "dies":
		fmt.Fprintln(os.Stderr, "a secret of the server")
		os.Exit(2)
	default:
		l := page.Limits{Timeout: 2 * time.Second, Memory: 128 << 20, Workers: 1}
		if err := Work(context.Background(), os.Stdin, os.Stdout, l); err != nil {
			os.Exit(1)
		}
	}
}

// start starts a server with workers of a kind.
func start(t *testing.T, kind string, change func(*Options)) *httptest.Server {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	o := Options{
		Timeout: 2 * time.Second, Memory: 128 << 20, Concurrent: 2, Queue: 4, Wait: time.Minute, Hosts: []string{"tests.example"}, Version: "test",
		Worker: func(page.Limits) *exec.Cmd {
			cmd := exec.Command(program)
			cmd.Dir, cmd.Env = dir, append(os.Environ(), workerEnv+"="+kind)
			return cmd
		},
		Log: t.Logf,
	}
	if change != nil {
		change(&o)
	}
	h, err := Handler(o)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

// post sends a request, and returns the last message's reply.
func post(t *testing.T, s *httptest.Server, body []byte) (int, *page.Reply) {
	t.Helper()
	resp, err := s.Client().Post(s.URL+"/api", "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var last page.Message
	for d := json.NewDecoder(resp.Body); ; {
		var m page.Message
		if err := d.Decode(&m); err == io.EOF {
			break
		} else if err != nil {
			t.Fatalf("the answer breaks off: %v", err)
		}
		last = m
	}
	if last.Reply == nil {
		t.Fatalf("status %d, and no reply", resp.StatusCode)
	}
	return resp.StatusCode, last.Reply
}

func request(file, source string, models ...string) []byte {
	text, err := json.Marshal(page.Request{Do: "check", File: file, Source: source, Models: models})
	if err != nil {
		panic(err) // strings
	}
	return text
}

const sb = "C SB\n\n{ }\n\nP0(int *x, int *y) { WRITE_ONCE(*x, 1); int r0 = READ_ONCE(*y); }\n" +
	"P1(int *x, int *y) { WRITE_ONCE(*y, 1); int r0 = READ_ONCE(*x); }\nexists (0:r0=0 /\\ 1:r0=0)\n"

// endless has more executions than anybody waits for.
func endless() string {
	var b strings.Builder
	b.WriteString("C endless\n\n{ }\n")
	for i := range 9 {
		fmt.Fprintf(&b, "P%d(int *x) { WRITE_ONCE(*x, %d); int r = READ_ONCE(*x); int s = READ_ONCE(*x); }\n", i, i+1)
	}
	b.WriteString("exists (x=99)\n")
	return b.String()
}

// hungry has ever more states to remember.
func hungry() string {
	var b strings.Builder
	b.WriteString("C hungry\n\n{ }\n")
	for i := range 12 {
		fmt.Fprintf(&b, "P%d(int *x, int *y%d) { WRITE_ONCE(*x, %d); int r = READ_ONCE(*x); int s = READ_ONCE(*x); WRITE_ONCE(*y%d, r); }\n", i, i, i+1, i)
	}
	b.WriteString("locations [")
	for i := range 12 {
		fmt.Fprintf(&b, "%d:r; %d:s; y%d; ", i, i, i)
	}
	b.WriteString("]\nexists (x=99)\n")
	return b.String()
}

func fine(t *testing.T, s *httptest.Server) {
	t.Helper()
	status, reply := post(t, s, request("sb.litmus", sb, "lkmm"))
	if status != http.StatusOK || reply.Error != nil || !bytes.Contains(reply.Models[0].Result, []byte(`"verdict":"holds"`)) {
		t.Errorf("SB: status %d, %+v", status, reply)
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	s := start(t, "works", func(o *Options) { o.Timeout = time.Second })
	fine(t, s)
	for name, source := range map[string]string{"timeout": endless(), "timeout or memory": hungry()} {
		begin := time.Now()
		_, reply := post(t, s, request("a.litmus", source, "lkmm"))
		if reply.Error == nil && !bytes.Contains(reply.Models[0].Result, []byte(`"verdict":"incomplete"`)) || reply.Error != nil && !strings.HasPrefix(reply.Error.Message, "incomplete") {
			t.Errorf("%s: %+v", name, reply)
		}
		if took := time.Since(begin); took > 20*time.Second {
			t.Errorf("%s: took %v", name, took)
		}
	}
	if status, _ := post(t, s, bytes.Repeat([]byte(" "), maxRequest+1)); status != http.StatusRequestEntityTooLarge {
		t.Errorf("a large request: status %d", status)
	}
	fine(t, s)
}

// A worker that no limit stops is ended; what one that dies says is not told.
func TestWorkersEnd(t *testing.T) {
	t.Parallel()
	_, reply := post(t, start(t, "deaf", func(o *Options) { o.Timeout = 100 * time.Millisecond }), request("a.litmus", sb, "lkmm"))
	if reply.Error == nil || !strings.Contains(reply.Error.Message, "no answer within") {
		t.Errorf("a deaf worker: %+v", reply)
	}
	_, reply = post(t, start(t, "dies", nil), request("a.litmus", sb, "lkmm"))
	if reply.Error == nil || !strings.Contains(reply.Error.Message, "ended without an answer") || strings.Contains(reply.Error.Message, "secret") {
		t.Errorf("a worker that dies: %+v", reply)
	}
}

func TestOnlyItsOwnPage(t *testing.T) {
	s := start(t, "works", nil)
	ask := func(kind, origin string) int {
		r, err := http.NewRequest(http.MethodPost, s.URL+"/api", strings.NewReader(string(request("a.litmus", sb, "sc"))))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", kind)
		if origin != "" {
			r.Header.Set("Origin", origin)
			r.Header.Set("Sec-Fetch-Site", "cross-site")
		}
		resp, err := s.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		return resp.StatusCode
	}
	if got := ask("text/plain", ""); got != http.StatusUnsupportedMediaType {
		t.Errorf("text/plain: status %d", got)
	}
	if got := ask("application/json", "http://evil.example"); got != http.StatusForbidden {
		t.Errorf("from another site: status %d", got)
	}
	for path, want := range map[string]int{"/": 200, "/app.js": 200, "/site.json": 200, "/../serve.go": 404, "/%2e%2e/%2e%2e/etc/passwd": 404, "/nosuch": 404} {
		resp, err := s.Client().Get(s.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		policy := resp.Header.Get("Content-Security-Policy")
		if resp.StatusCode != want || !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: status %d, policy %q", path, resp.StatusCode, policy)
		}
	}
}
