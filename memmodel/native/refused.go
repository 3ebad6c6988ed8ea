package native

import (
	"errors"

	"crosscall/memmodel/check"
)

// Refused is the error for a test that is right, and that this machine does not run: it is
// for another one, or does what no instruction does.
type Refused struct{ Why error }

func (e *Refused) Error() string { return e.Why.Error() }

func (e *Refused) Unwrap() error { return e.Why }

// refusal is err as Refused if nothing is wrong with the test under its own model.
func refusal(name string, src []byte, err error) error {
	own, other := check.LoadModel(check.DefaultModel(name, src, check.COptions{}))
	if other != nil {
		return errors.Join(err, other)
	}
	if _, other := check.Compile(name, src, own); other != nil {
		return err
	}
	return &Refused{err}
}
