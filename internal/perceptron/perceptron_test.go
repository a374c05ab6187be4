package perceptron

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// trained draws a trainer that has made some mistakes.
func trained(t *rapid.T, classes int) *Trainer {
	var names []string
	for i := range classes {
		names = append(names, "c"+strconv.Itoa(i))
	}
	tr := NewTrainer(names)
	for range rapid.IntRange(1, 25).Draw(t, "mistakes") {
		tr.Tick()
		keys := rapid.SliceOfN(rapid.Uint32Range(0, emptyKey-1), 1, 4).Draw(t, "keys")
		good := rapid.IntRange(0, classes-1).Draw(t, "good")
		bad := rapid.IntRange(0, classes-1).Draw(t, "bad")
		tr.Update(keys, good, bad, 1)
	}
	return tr
}

func keysOf(tr *Trainer) []Key {
	var keys []Key
	for _, r := range tr.rows {
		keys = append(keys, r.key)
	}
	return keys
}

func TestModelSurvivesItsFile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		classes := rapid.IntRange(2, MaxClasses).Draw(t, "classes")
		tr := trained(t, classes)
		m, err := Pruning{}.Model(tr)
		if err != nil {
			t.Fatal(err)
		}
		file, err := m.AppendBinary(nil)
		if err != nil {
			t.Fatal(err)
		}
		back, err := Decode(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(m, back, cmp.AllowUnexported(Model{}), cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("(-written +read):\n%s", diff)
		}
		var a, b [MaxClasses]int32
		for _, key := range append(keysOf(tr), 0, emptyKey-1, 12345) {
			m.Scores([]Key{key}, &a)
			back.Scores([]Key{key}, &b)
			if a != b {
				t.Fatalf("key %d scores %v when written, %v when read", key, a, b)
			}
		}
	})
}

// Both ways to store weights must add up to the same.
func TestNarrowScoresLikeWide(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tr := trained(t, Narrow)
		narrow, err := Pruning{}.Model(tr)
		if err != nil {
			t.Fatal(err)
		}
		tr.classes = append(slices.Clone(tr.classes), "one more")
		wide, err := Pruning{}.Model(tr)
		if err != nil {
			t.Fatal(err)
		}
		keys := append(keysOf(tr), rapid.SliceOfN(rapid.Uint32Range(0, emptyKey-1), 0, 20).Draw(t, "others")...)
		got := narrow.Scores3(keys)
		var want [MaxClasses]int32
		wide.Scores(keys, &want)
		for c, g := range got {
			// Rounding may differ by one for each feature.
			if d := g - want[c]; d < -int32(len(keys)) || d > int32(len(keys)) {
				t.Fatalf("narrow %v, wide %v", got, want[:Narrow])
			}
		}
	})
}

func TestTrainerLearns(t *testing.T) {
	// The class is the parity of a, which b only disturbs.
	examples := func(f func(keys []Key, class int)) {
		for a := range uint32(40) {
			for b := range uint32(5) {
				f([]Key{Hash(0, a, 0, 0, 0), Hash(1, b, 0, 0, 0), Hash(2, 0, 0, 0, 0)}, int(a%2))
			}
		}
	}
	tr := NewTrainer([]string{"even", "odd"})
	for range 5 {
		examples(func(keys []Key, class int) {
			var s [MaxClasses]float32
			tr.Tick()
			tr.Scores(keys, &s)
			if got := 0; s[1] > s[0] != (class == 1) {
				if s[1] > s[0] {
					got = 1
				}
				tr.Update(keys, class, got, 1)
			}
		})
	}
	m, err := Pruning{}.Model(tr)
	if err != nil {
		t.Fatal(err)
	}
	examples(func(keys []Key, class int) {
		if s := m.Scores3(keys); s[1] > s[0] != (class == 1) {
			t.Errorf("%v: scores %v, want class %d", keys, s, class)
		}
	})
}

// A weight that is set at the first of ten steps and undone at the last counts
// nine tenths.
func TestAverage(t *testing.T) {
	tr := NewTrainer([]string{"a", "b"})
	tr.Tick()
	tr.Update([]Key{7}, 0, 1, 1)
	tr.Update([]Key{8}, 0, 1, 1)
	for range 9 {
		tr.Tick()
	}
	tr.Update([]Key{7}, 1, 0, 1)
	m, err := Pruning{}.Model(tr)
	if err != nil {
		t.Fatal(err)
	}
	early, whole := m.Scores3([]Key{7}), m.Scores3([]Key{8})
	if early[0] != whole[0] || early[0] <= 0 || early[0] != -early[1] {
		t.Errorf("scores %v and %v: both were right for nine steps of ten", early, whole)
	}
}

func TestPruning(t *testing.T) {
	tr := NewTrainer([]string{"a", "b"})
	tr.Tick()
	for range 100 {
		tr.Update([]Key{1}, 0, 1, 1)
	}
	tr.Update([]Key{2}, 0, 1, 1)
	tr.Tick()
	for _, c := range []struct {
		p    Pruning
		want int
	}{{Pruning{}, 2}, {Pruning{Weight: 100}, 1}, {Pruning{Updates: 3}, 1}, {Pruning{Updates: 1000}, 0}} {
		m, err := c.p.Model(tr)
		if err != nil {
			t.Fatal(err)
		}
		if m.Features() != c.want {
			t.Errorf("%+v keeps %d features, want %d", c.p, m.Features(), c.want)
		}
	}
}

func TestZeroModel(t *testing.T) {
	var m Model
	if s := m.Scores3([]Key{1, 2}); s != [Narrow]int32{} {
		t.Errorf("zero model scores %v", s)
	}
}

func FuzzDecode(f *testing.F) {
	for _, classes := range []string{"ab", "abcd", "abcdefghijkl"} {
		tr := NewTrainer(strings.Split(classes, ""))
		tr.Tick()
		tr.Update([]Key{5, 9, 1 << 20}, 0, 1, 1)
		m, err := Pruning{}.Model(tr)
		if err != nil {
			f.Fatal(err)
		}
		file, err := m.AppendBinary(nil)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(file)
		f.Add(file[:len(file)-2])
	}
	f.Add([]byte(magic))
	f.Add([]byte(middleMagic))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Decode(data)
		if err != nil {
			return
		}
		again, err := m.AppendBinary(nil)
		if err != nil {
			t.Fatal(err)
		}
		back, err := Decode(again)
		if err != nil {
			t.Fatal(err)
		}
		last, err := back.AppendBinary(nil)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(again, last) {
			t.Error("a model changes when written twice")
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	tr := NewTrainer([]string{"a", "b", "c"})
	random := NewRandom(1)
	for range 200_000 {
		tr.Tick()
		tr.Update([]Key{Key(random.Uint64()) % emptyKey}, 0, 2, 1)
	}
	m, err := Pruning{}.Model(tr)
	if err != nil {
		b.Fatal(err)
	}
	file, err := m.AppendBinary(nil)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		if _, err := Decode(file); err != nil {
			b.Fatal(err)
		}
	}
}
