// Package registers registers with the standard library in init functions, which may be
// done once for each name.
package registers

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"expvar"
	"log"
	"log/slog"
	"net/http"
	_ "net/http/pprof"
	"sync"
	"testing"
)

type none struct{}

func (none) Open(string) (driver.Conn, error) { return nil, errors.New("none") }

var hits = expvar.NewInt("hits")

func init() {
	sql.Register("none", none{})
	http.HandleFunc("/here", func(http.ResponseWriter, *http.Request) {})
}

func TestRightRegistered(t *testing.T) {
	if log.Prefix() != "" || !slog.Default().Enabled(t.Context(), slog.LevelInfo) {
		t.Error("another execution has left its settings")
	}
	log.SetPrefix("mine")
	slog.SetDefault(slog.New(slog.DiscardHandler))
	http.HandleFunc("/there", func(http.ResponseWriter, *http.Request) {})
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { hits.Add(1) })
	}
	wg.Wait()
	if hits.Value() != 2 || len(sql.Drivers()) != 1 {
		t.Error(hits.Value(), sql.Drivers())
	}
}
