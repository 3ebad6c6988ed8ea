// Package peers measures crosscall beside GenMC on GenMC's own test suites, which are not
// part of this project. TestGenMC runs every program of a clone of MPI-SWS/genmc in both,
// each a process of its own, in turns:
//
//	go test ./proofs/peers -run GenMC -timeout 0 -v -suites DIR/tests -genmc DIR/genmc
//
// Without -genmc it runs crosscall alone; without -suites it skips.
package peers
