// Package score holds the measures of quality: how well the bot reads pages
// ([onrecord/score/pages]), finds quotations ([onrecord/score/quotes]), ranks
// claims ([onrecord/score/claims]) and sums up ([onrecord/score/summaries]).
//
// Each of them compares gold, what people say is right, with predictions, what
// the bot says. Both are JSON lines, one object a line, joined on "id". The
// figures are those that the field publishes, so that they can be held against
// other people's; each package says where its measures come from.
//
// The room is pure and knows nothing of the bot: text and numbers in, figures
// out.
package score

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
)

// Read decodes JSON lines. Blank lines are skipped; an error names the line.
func Read[T any](r io.Reader) ([]T, error) {
	var rows []T
	lines := bufio.NewReaderSize(r, 1<<16)
	for n := 1; ; n++ {
		line, err := lines.ReadBytes('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		if len(bytes.TrimSpace(line)) > 0 {
			var row T
			if err := json.Unmarshal(line, &row); err != nil {
				return nil, fmt.Errorf("line %d: %w", n, err)
			}
			rows = append(rows, row)
		}
		if err != nil {
			return rows, nil
		}
	}
}

// Ratio is a/b, and 0 when b is 0: a measure over nothing found nothing.
func Ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

// F1 is the harmonic mean of precision and recall.
func F1(p, r float64) float64 { return Ratio(2*p*r, p+r) }

// Mean is the arithmetic mean, 0 for none.
func Mean(v []float64) float64 {
	var sum float64
	for _, x := range v {
		sum += x
	}
	return Ratio(sum, float64(len(v)))
}

// IsWord reports whether r belongs to a word: letters, numbers, underscore.
func IsWord(r rune) bool {
	if r < 0x80 {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '_'
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r)
}

// IsSpace reports whether r is white space, the ASCII separators included.
func IsSpace(r rune) bool { return unicode.IsSpace(r) || '\x1c' <= r && r <= '\x1f' }

// Words cuts text into its unbroken runs of word characters.
func Words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !IsWord(r) })
}

// Fields cuts text at white space.
func Fields(text string) []string { return strings.FieldsFunc(text, IsSpace) }

// Lower is text in lower case by the full Unicode rules.
func Lower(text string) string {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return cases.Lower(language.Und).String(text)
		}
	}
	return strings.ToLower(text)
}

// Bag counts how often each item occurs.
type Bag[T comparable] map[T]int

// BagOf counts items.
func BagOf[T comparable](items []T) Bag[T] {
	bag := make(Bag[T], len(items))
	for _, it := range items {
		bag[it]++
	}
	return bag
}

// Size is the number of items with their repetitions.
func (b Bag[T]) Size() int {
	n := 0
	for _, c := range b {
		n += c
	}
	return n
}

// Common is the size of the intersection of b and c.
func (b Bag[T]) Common(c Bag[T]) int {
	n := 0
	for it, k := range b {
		n += min(k, c[it])
	}
	return n
}
