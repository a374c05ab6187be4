package summary

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"onrecord/internal/trees"
)

// model.txt.gz is what Append writes, packed by gzip.
//
//go:embed model.txt.gz
var modelFile []byte

// Default gives the models that are part of the program.
var Default = sync.OnceValue(func() *Models {
	r, err := gzip.NewReader(bytes.NewReader(modelFile))
	if err != nil {
		panic(err) // the file is part of the program
	}
	text, err := io.ReadAll(r)
	if err != nil {
		panic(err)
	}
	m, err := Read(text)
	if err != nil {
		panic(err) // it was made by another version
	}
	return m
})

// Append writes the models as text: the trees, a line each, then the table, a
// word, its rarity and its worth a line, in hundredths.
func (m *Models) Append(to []byte) []byte {
	to = append(to, "# written by 'go run ./cmd/train summaries'\n"...)
	to = m.Word.Append(to, "word")
	to = m.Pair.Append(to, "pair")
	to = m.Line.Append(to, "line")
	to = append(to, tableHead...)
	for _, w := range slices.Sorted(maps.Keys(m.Table)) {
		k := m.Table[w]
		to = fmt.Appendf(to, "%s %d %d\n", w, hundredths(k.Rare), hundredths(k.Kept))
	}
	return to
}

const tableHead = "table\n"

func hundredths(x float32) int { return int(math.Round(100 * float64(x))) }

// Read reads what Append wrote.
func Read(text []byte) (*Models, error) {
	models, table, found := bytes.Cut(text, []byte("\n"+tableHead))
	if !found {
		return nil, fmt.Errorf("the models of the summary have no table")
	}
	all, err := trees.Read(models, map[string]int{"word": wordWidth, "pair": pairWidth, "line": lineWidth})
	if err != nil {
		return nil, fmt.Errorf("reading the models of the summary: %w", err)
	}
	m := &Models{Table: Table{}, Word: all["word"], Pair: all["pair"], Line: all["line"]}
	if m.Word == nil || m.Pair == nil || m.Line == nil {
		return nil, fmt.Errorf("a model of the summary is missing")
	}
	for line := range strings.Lines(string(table)) {
		f := strings.Fields(line)
		if len(f) != 3 {
			return nil, fmt.Errorf("the table of words has the line %q", line)
		}
		rare, err := strconv.Atoi(f[1])
		if err != nil {
			return nil, err
		}
		kept, err := strconv.Atoi(f[2])
		if err != nil {
			return nil, err
		}
		m.Table[f[0]] = Known{Rare: float32(rare) / 100, Kept: float32(kept) / 100}
	}
	return m, nil
}
