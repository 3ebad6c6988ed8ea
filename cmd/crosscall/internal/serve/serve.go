// Package serve is the served form of the page: files, and an API whose requests are
// bounded in size, time, memory and number.
package serve

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"time"

	"crosscall/cmd/crosscall/internal/page"
)

// Options of a server. None has a zero value that makes sense.
type Options struct {
	Timeout    time.Duration // for one request, once it has begun
	Memory     int64         // for one request, in bytes
	Concurrent int           // requests that are worked on at a time
	Queue      int           // requests that wait for that; further ones are refused
	Wait       time.Duration // a request that has waited this long is refused
	Hosts      []string      // names of this server; it always has its addresses and localhost
	Version    string
	// Worker returns a command that runs Work under the limits.
	Worker func(page.Limits) *exec.Cmd
	// Log gets a line for each request that ends by a limit or a defect.
	Log func(format string, args ...any)
}

const (
	maxRequest = 2*page.MaxSource + 64<<10 // bytes
	grace      = 2 * time.Second           // for a worker to end by itself, after Timeout
)

// policy says what the page may load and do: its own files, and nothing else.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// A server answers requests.
type server struct {
	Options
	files map[string]*file
	slots chan struct{} // those that work
	queue chan struct{} // those that work or wait
}

// Handler is the page and its API.
func Handler(o Options) (http.Handler, error) {
	limits := fmt.Sprintf("This server gives a request %v and %d MB, and runs %d at a time.", o.Timeout, o.Memory>>20, o.Concurrent)
	texts, err := page.Files("http", o.Version, limits)
	if err != nil {
		return nil, err
	}
	s := &server{Options: o, files: map[string]*file{}, slots: make(chan struct{}, o.Concurrent), queue: make(chan struct{}, o.Concurrent+o.Queue)}
	for name, text := range texts {
		if s.files[name], err = newFile(name, text); err != nil {
			return nil, err
		}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api", s.api)
	mux.HandleFunc("GET /", s.file)
	return guarded(s.named(http.NewCrossOriginProtection().Handler(mux))), nil
}

// guarded adds the headers that keep the page to itself.
func guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		next.ServeHTTP(w, r)
	})
}

// Run serves on a listener until ctx ends.
func Run(ctx context.Context, l net.Listener, o Options) error {
	h, err := Handler(o)
	if err != nil {
		return err
	}
	base, cancel := context.WithCancel(context.Background())
	defer cancel()
	srv := &http.Server{
		Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 20 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10,
		WriteTimeout: o.Wait + o.Timeout + grace + 10*time.Second,
		BaseContext:  func(net.Listener) context.Context { return base },
	}
	stop := context.AfterFunc(ctx, func() {
		cancel() // of what is worked on
		last, done := context.WithTimeout(context.Background(), time.Second)
		defer done()
		if srv.Shutdown(last) != nil {
			_ = srv.Close()
		}
	})
	defer stop()
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
