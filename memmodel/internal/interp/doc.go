// Package interp runs one thread by itself on concrete memory, with no other thread
// there: initialisation before the threads start, and assertions after they have ended.
package interp
