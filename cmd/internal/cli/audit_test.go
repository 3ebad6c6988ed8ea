package cli

import (
	"errors"
	"testing"
	"time"

	"crosscall/memmodel/audit"
	"crosscall/memmodel/check"
)

// Reading a file is within the limits, too.
func TestAnAuditWhoseFileTakesTooLongToReadIsIncomplete(t *testing.T) {
	f := auditFlags{options: check.Options{Timeout: 10 * time.Millisecond}}
	ctx, stop := f.options.Limit(t.Context())
	defer stop()
	done := make(chan struct{})
	defer close(done)
	_, err := readWithin(ctx, &f, func() (*audit.Input, error) { <-done; return nil, nil })
	if gaveUp := (stopped{}); !errors.As(err, &gaveUp) || gaveUp.why != "timeout: more than 10ms" {
		t.Errorf("%v", err)
	}
}
