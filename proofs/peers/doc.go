// Package peers measures crosscall beside GenMC on GenMC's own test suites, which are not
// part of this project. TestGenMC runs every program of a clone of MPI-SWS/genmc in both,
// alternately, each in a process of its own:
//
//	go test ./proofs/peers -run GenMC -timeout 0 -v -suites DIR/tests -genmc DIR/genmc
//
// Without -genmc it runs only crosscall; without -suites it is skipped.
package peers
