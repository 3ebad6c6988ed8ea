// Package atomic has the types of sync/atomic for code that gocheck explores:
// while it does, each method is a scheduling point; at other times it is the
// method of the standard library.
//
// Left out are Value and the functions on plain words (AddInt32 and so on).
package atomic

//go:generate go run generate.go -w
