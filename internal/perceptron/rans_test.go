package perceptron

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// What is coded is read back, whatever it is and however rare its symbols are,
// and what was cut off or has something after it is noticed.
func TestSymbolsSurviveTheirCode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SliceOf(rapid.Uint8Range(0, symbols-1)).Draw(t, "text")
		var counts [symbols]int
		for _, s := range text {
			counts[s]++
		}
		counts[rapid.IntRange(0, symbols-1).Draw(t, "common")] += rapid.IntRange(1, 1_000_000).Draw(t, "how common")
		of := share(&counts)
		table, ok := newChance(&of)
		if !ok {
			t.Fatalf("shares %v do not add up", of)
		}
		w := ransWriter{state: leastState}
		for i := range slices.Backward(text) {
			w.put(&table, text[i])
		}
		coded := w.appendTo(nil)
		r := newRansReader(coded)
		for i, want := range text {
			if got := r.next(&table); got != want {
				t.Fatalf("symbol %d is %d, want %d", i, got, want)
			}
		}
		if r.over() {
			t.Error("the end is not where it was")
		}
		for _, damaged := range [][]byte{coded[:len(coded)-4], append(coded, 0, 0, 0, 0)} {
			r := newRansReader(damaged)
			for range text {
				r.next(&table)
			}
			if !r.over() {
				t.Errorf("%d bytes of %d are taken for the whole", len(damaged), len(coded))
			}
		}
	})
}

// A middle model of any weights reads as it was written, those too that are too
// large for a symbol.
func TestMiddleModelSurvivesItsFile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		classes := []string{"a", "b", "c", "d", "e", "f", "g", "h", "i"}[:rapid.IntRange(Narrow+1, Middle).Draw(t, "classes")]
		weight := rapid.OneOf(rapid.Int16Range(-2, 2), rapid.Int16Range(-MaxWeight, MaxWeight))
		rows := rapid.MapOf(rapid.Uint32Range(0, emptyKey-1), rapid.SliceOfN(weight, len(classes), len(classes))).Draw(t, "rows")
		m, err := Pack(classes, rows)
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
		for key, want := range rows {
			var got [MaxClasses]int32
			back.Scores([]Key{key}, &got)
			for c := range classes {
				if got[c] != int32(want[c]) {
					t.Fatalf("key %d, class %d: %d, want %d", key, c, got[c], want[c])
				}
			}
		}
	})
}
