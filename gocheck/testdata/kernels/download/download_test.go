package download

import (
	"context"
	"testing"
)

func cancelOne(t *testing.T, watch func(*download, context.Context), cancelled func(*download) bool) {
	var d download
	ctx, cancel := context.WithCancel(context.Background())
	watch(&d, ctx)
	if cancelled(&d) {
		t.Error("cancelled before cancel")
	}
	cancel()
	cancelled(&d)
}

func TestBroken(t *testing.T) {
	cancelOne(t, (*download).watchBroken, (*download).cancelledBroken)
}

func TestFixed(t *testing.T) {
	cancelOne(t, (*download).watchFixed, (*download).cancelledFixed)
}
