// Package graph holds executions of concurrent programs: events and the
// relations between them.
//
// The vocabulary is that of "Herding Cats" (Alglave, Maranget, Tautschnig,
// TOPLAS 2014): po is program order, rf goes from a write to the reads that
// return its value, co orders the writes of one location, fr goes from a read
// to the writes that are co-after the write it reads from.
package graph
