package depparse

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sync"

	"onrecord/nlp/internal/perceptron"
)

var errCorrupt = errors.New("depparse: corrupt model")

// AppendBinary appends the model's file form to b: three perceptrons, each
// after its length.
func (m *Model) AppendBinary(b []byte) ([]byte, error) {
	for _, net := range []*perceptron.Model{m.action, m.label, m.rename} {
		data, err := net.AppendBinary(nil)
		if err != nil {
			return nil, err
		}
		b = binary.AppendUvarint(b, uint64(len(data)))
		b = append(b, data...)
	}
	return b, nil
}

// Decode reads what AppendBinary wrote, its three parts side by side.
func Decode(data []byte) (*Model, error) {
	var nets [3]*perceptron.Model
	var errs [3]error
	var wait sync.WaitGroup
	for i := range nets {
		n, size := binary.Uvarint(data)
		if size <= 0 || n > uint64(len(data)-size) {
			wait.Wait()
			return nil, errCorrupt
		}
		part := data[size : size+int(n)]
		data = data[size+int(n):]
		wait.Go(func() { nets[i], errs[i] = perceptron.Decode(part) })
	}
	wait.Wait()
	if err := errors.Join(errs[:]...); err != nil {
		return nil, err
	}
	m := &Model{action: nets[0], label: nets[1], rename: nets[2]}
	if len(m.action.Classes) != len(actions) || len(m.label.Classes) == 0 || len(m.rename.Classes) != len(m.label.Classes) {
		return nil, fmt.Errorf("%w: wrong classes", errCorrupt)
	}
	return m, nil
}

// rootLabel gives the class of the relation "root".
func (p *parser) rootLabel(classes []string) int {
	for i, c := range classes {
		if c == "root" {
			return i
		}
	}
	return 0
}
