// Package examples is a tutorial of gocheck: four lock-free classics, each wrong
// in the way that it is usually got wrong, and right. The tests show what gocheck
// says of each.
//
// The types are gocheck's own here, to keep the examples short. A package that is
// also used for real gets them by aliases under a build tag; package gocheck says
// how.
package examples
