//go:build gocheck

package main

import (
	"context"
	"os"
	"testing"
	"time"

	"crosscall/memmodel/gocheck"
)

func TestScenarios(t *testing.T) {
	for _, s := range scenarios {
		t.Run(s.name, func(t *testing.T) {
			o := gocheck.Options{Timeout: 20 * time.Second}
			if seed := os.Getenv("GOCHECK_REPLAY"); seed != "" {
				gocheck.Replay(t, seed, s.body)
				return
			}
			r, err := gocheck.Explore(context.Background(), o, s.body)
			if err != nil {
				t.Fatal(err)
			}
			t.Log(r)
			if r.Failure != nil {
				t.Fatal(r.Failure)
			}
		})
	}
}
