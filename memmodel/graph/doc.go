// Package graph holds what an execution of a concurrent program is made of:
// events, the relations between them, and sets and relations as rows of bits.
//
// The vocabulary is that of "Herding Cats" (Alglave, Maranget, Tautschnig,
// TOPLAS 2014): po is program order, rf goes from a write to the reads that
// return its value, co orders the writes of one location, fr goes from a read
// to the writes that are co-after the one it read.
package graph
