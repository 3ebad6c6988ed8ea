// Package sync has the types of the standard library's sync for code that
// gocheck explores: while it does, they are the explorer's own and each call is
// a scheduling point; at other times they are those of the standard library.
//
// Left out are Map, OnceFunc and similar functions.
package sync
