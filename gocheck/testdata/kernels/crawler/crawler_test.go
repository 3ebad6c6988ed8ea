package crawler

import (
	"context"
	"testing"
)

type visitor func(ctx context.Context, pages <-chan string, seen chan<- string)

func onePage(t *testing.T, visit visitor) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	pages, seen := make(chan string), make(chan string)
	go visit(ctx, pages, seen)
	pages <- "home"
	if got := <-seen; got != "home" {
		t.Errorf("the page is %q", got)
	}
}

func TestBroken(t *testing.T) { onePage(t, visitBroken) }
func TestFixed(t *testing.T)  { onePage(t, visitFixed) }
