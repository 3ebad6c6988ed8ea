// Package examples is a tutorial of gocheck: four classic lock-free algorithms,
// each with its usual bug, and without. The tests show the output of gocheck for
// each.
//
// The types are gocheck's own here, to keep the examples short. A package that is
// also used for real gets them by aliases under a build tag; package gocheck says
// how.
package examples
