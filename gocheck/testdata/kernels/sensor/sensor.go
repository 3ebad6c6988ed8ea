// Package sensor starts a goroutine when a sensor is made.
package sensor

type sensor struct {
	name  string
	reads chan string
}

func (s *sensor) read() {
	s.reads <- s.name + ": 20"
}

// newBroken starts the goroutine before the sensor is complete.
func newBroken(name string) *sensor {
	s := &sensor{reads: make(chan string, 1)}
	go s.read()
	s.name = name // BUG race: the goroutine may read the name before or while it is set
	return s
}

// newFixed starts it last.
func newFixed(name string) *sensor {
	s := &sensor{reads: make(chan string, 1)}
	s.name = name
	go s.read()
	return s
}
