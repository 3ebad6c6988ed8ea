package csource

// Functions of this package's headers that run where a thread or the process ends. They are
// in a program only if it refers to them.
const (
	threadEnds  = "__pthread_key_ends" // destructors of keys
	processEnds = "__atexit_run"
)

// runsAtEnd calls such a function.
func (l *lowerer) runsAtEnd(name string) {
	for f := l.frame; f != nil; f = f.up {
		if f.fn.name == name {
			return // it ends the process itself
		}
	}
	for _, fn := range l.unit.src.all {
		if fn.name == name {
			l.inline(fn, nil, &expr{at: l.code.at})
		}
	}
}
