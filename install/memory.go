package install

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"sync"
)

// Memory is a [Store] that forgets with its process. The zero value is empty.
type Memory struct {
	mu      sync.Mutex
	records map[[2]string]Record
}

var _ Store = (*Memory)(nil)

// Put implements [Store].
func (m *Memory) Put(_ context.Context, r Record) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.records == nil {
		m.records = map[[2]string]Record{}
	}
	m.records[[2]string{r.Platform, r.Workspace}] = r
	return nil
}

// Get implements [Store].
func (m *Memory) Get(_ context.Context, platform, workspace string) (Record, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.records[[2]string{platform, workspace}]
	return r, ok, nil
}

// List implements [Store].
func (m *Memory) List(_ context.Context, platform string) ([]Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []Record
	for at, r := range m.records {
		if at[0] == platform {
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b Record) int { return cmp.Compare(a.Workspace, b.Workspace) })
	return all, nil
}

// Reseal implements [Store].
func (m *Memory) Reseal(_ context.Context, r Record, sealed []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := [2]string{r.Platform, r.Workspace}
	if have, ok := m.records[at]; ok && bytes.Equal(have.Sealed, r.Sealed) {
		have.Sealed = sealed
		m.records[at] = have
	}
	return nil
}

// Note implements [Store].
func (m *Memory) Note(_ context.Context, platform, workspace, problem string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := [2]string{platform, workspace}
	if have, ok := m.records[at]; ok {
		have.Problem = problem
		m.records[at] = have
	}
	return nil
}

// Delete implements [Store].
func (m *Memory) Delete(_ context.Context, platform, workspace string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.records, [2]string{platform, workspace})
	return nil
}
