package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"
)

func TestAnInterruptedAuditIsIncomplete(t *testing.T) {
	large := tooLarge(t)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	var stdout, stderr bytes.Buffer
	if code := run(ctx, []string{"audit", "--plain", large}, &stdout, &stderr); code != 3 {
		t.Errorf("exit code %d, want 3\n%s%s", code, &stdout, &stderr)
	}
	if !strings.Contains(stdout.String(), "not known to hold: interrupted") {
		t.Errorf("stdout:\n%s", &stdout)
	}
}

func TestAnAuditThatTakesTooLongIsIncomplete(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), []string{"audit", "--timeout", "50ms", tooLarge(t)}, &stdout, &stderr); code != 3 {
		t.Errorf("exit code %d, want 3\n%s%s", code, &stdout, &stderr)
	}
	if !strings.Contains(stdout.String(), "timeout: more than 50ms") {
		t.Errorf("stdout:\n%s", &stdout)
	}
}

func TestAnAuditThatTakesTooMuchMemoryIsIncomplete(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), []string{"audit", "--memory", "1", tooLarge(t)}, &stdout, &stderr); code != 3 {
		t.Errorf("exit code %d, want 3\n%s%s", code, &stdout, &stderr)
	}
	if !strings.Contains(stdout.String(), "memory: more than 1 MB; --memory allows more") {
		t.Errorf("stdout:\n%s", &stdout)
	}
}
