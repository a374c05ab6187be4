package depparse

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"onrecord/internal/perceptron"
)

var errCorrupt = errors.New("depparse: corrupt model")

// AppendBinary appends the model's file form to b: the tags that have one relation
// only, then the two perceptrons, each after its length.
func (m *Model) AppendBinary(b []byte) ([]byte, error) {
	b = binary.AppendUvarint(b, uint64(len(m.only)))
	for _, tag := range slices.Sorted(maps.Keys(m.only)) {
		b = binary.AppendUvarint(b, uint64(len(tag)))
		b = append(b, tag...)
		b = append(b, m.only[tag])
	}
	for _, net := range []*perceptron.Model{m.action, m.label} {
		data, err := net.AppendBinary(nil)
		if err != nil {
			return nil, err
		}
		b = binary.AppendUvarint(b, uint64(len(data)))
		b = append(b, data...)
	}
	return b, nil
}

// Decode reads what AppendBinary wrote, its two nets side by side.
func Decode(data []byte) (*Model, error) {
	bad := false
	number := func(limit int) int {
		n, size := binary.Uvarint(data)
		if size <= 0 || n > uint64(limit) {
			bad = true
			return 0
		}
		data = data[size:]
		return int(n)
	}
	m := &Model{only: map[string]uint8{}}
	for range number(1000) {
		n := number(20)
		if bad || n >= len(data) {
			return nil, errCorrupt
		}
		m.only[string(data[:n])] = data[n]
		data = data[n+1:]
	}
	if bad {
		return nil, errCorrupt
	}
	var nets [2]*perceptron.Model
	var errs [2]error
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
	m.action, m.label = nets[0], nets[1]
	if len(m.action.Classes) != len(actions) || len(m.label.Classes) < 2 || !slices.Contains(m.label.Classes, "root") {
		return nil, fmt.Errorf("%w: wrong classes", errCorrupt)
	}
	for _, c := range m.only {
		if int(c) > len(m.label.Classes) || c > 0 && m.label.Classes[c-1] == "root" {
			return nil, errCorrupt
		}
	}
	return m, nil
}
