//go:build gocheck

package main

import "crosscall/memmodel/gocheck"

type scenario struct {
	name   string
	design string
	bound  string
	asks   []string
	large  bool
	body   func(*gocheck.T)
}

var scenarios = append(lanes, singleQueue...)
