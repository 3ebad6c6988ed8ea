package check

import (
	"bytes"
	"encoding/json"
	"errors"

	"crosscall/memmodel/graph"
)

// A wireResult is a Result as it is sent to another process, with everything that is printed.
type wireResult struct {
	jsonResult
	Safe      bool `json:",omitempty"`
	Only      bool `json:",omitempty"` // VerdictOnly
	Text      []byte
	Goes      *Failure         `json:",omitempty"` // what goes wrong
	Picture   *graph.Execution `json:",omitempty"`
	NoPicture string           `json:",omitempty"`
}

// MarshalBinary encodes r for another process: with its text, without its states.
func (r *Result) MarshalBinary() ([]byte, error) {
	w := wireResult{jsonResult: *r.toJSON(), Safe: r.Safety, Only: r.VerdictOnly, Goes: r.Failure, Picture: r.Picture, NoPicture: r.NoPicture}
	if r.hasText() {
		var b bytes.Buffer
		if err := r.WriteText(&b); err != nil {
			return nil, err
		}
		w.Text = b.Bytes()
	}
	return json.Marshal(w)
}

// UnmarshalBinary decodes a result that MarshalBinary encoded.
func (r *Result) UnmarshalBinary(data []byte) error {
	var w wireResult
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	if w.Verdict == "" {
		return errors.New("no result of a test")
	}
	*r = *w.result()
	r.Safety, r.VerdictOnly, r.Failure, r.Picture, r.NoPicture = w.Safe, w.Only, w.Goes, w.Picture, w.NoPicture
	r.text = w.Text
	return nil
}

// packedStates are a stateSet as data.
type packedStates struct {
	Columns, Width, Count int
	Values                []int64
	Unknown               []int  `json:",omitempty"` // codes of values without a number
	Rows                  []byte // of codes
}

func (s *stateSet) pack() *packedStates {
	p := &packedStates{Columns: s.columns, Width: s.width, Count: s.count, Rows: bytes.Join(s.chunks, nil)}
	for code, v := range s.values {
		p.Values = append(p.Values, v.n)
		if !v.known {
			p.Unknown = append(p.Unknown, code)
		}
	}
	return p
}

// addPacked adds the states of p.
func (s *stateSet) addPacked(p *packedStates) {
	values := make([]value, len(p.Values))
	for code, n := range p.Values {
		values[code] = value{n, true}
	}
	for _, code := range p.Unknown {
		values[code].known = false
	}
	state := make([]value, p.Columns)
	size := p.Columns * p.Width
	for i := range p.Count {
		row := p.Rows[i*size : (i+1)*size]
		for k := range state {
			state[k] = values[getCode(row, k, p.Width)]
		}
		s.Add(state)
	}
}
