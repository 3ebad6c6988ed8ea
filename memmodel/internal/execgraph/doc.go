// Package execgraph holds a partial execution: the events of one path through every
// thread, what reads are decided to read from (rf), what is decided of the order of
// writes (co), and what follows of both for values and for coherence. It knows neither
// of the explorers that decide, and no order of decisions.
//
// A State is loaded with paths. Push begins a decision, ReadFrom or Order makes it,
// Consistent asks the model, and Pop takes it back:
//
//	s.Push()
//	if s.ReadFrom(w, r) && s.Consistent() {
//		// go on
//	}
//	s.Pop()
//
// Coherence (SC per location), atomicity and the rules of locks are kept here, where the
// model demands them in the usual form: they then order writes without asking the
// model's machine.
package execgraph
