package training

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"

	"onrecord/factcheck"
	"onrecord/nlp"
)

// Line is one labelled sentence of a corpus.
type Line struct {
	ID       string          `json:"id"`
	Corpus   string          `json:"source_corpus"`
	Split    string          `json:"split"`
	Document json.RawMessage `json:"doc_id"`
	Text     string          `json:"text"`
	Before   []string        `json:"context_before"`
	After    []string        `json:"context_after"`
	Title    string          `json:"title"`
	Date     string          `json:"date"`
	Label    int             `json:"label"`
	Raw      string          `json:"label_raw"`
	Check    int             `json:"checkable"`
}

// Read reads a corpus, one JSON object a line.
func Read(r io.Reader) ([]Line, error) {
	var lines []Line
	s := bufio.NewScanner(r)
	s.Buffer(nil, 1<<22)
	for n := 1; s.Scan(); n++ {
		if len(bytes.TrimSpace(s.Bytes())) == 0 {
			continue
		}
		var l Line
		if err := json.Unmarshal(s.Bytes(), &l); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		lines = append(lines, l)
	}
	return lines, s.Err()
}

func readFile(folder fs.FS, name string) ([]Line, error) {
	f, err := folder.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines, err := Read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return lines, nil
}

// Sentence is a labelled sentence where it stands in its parsed document.
type Sentence struct {
	*Line
	Doc         *nlp.Document
	Span        nlp.Span
	First, Last int // tokens
}

// Parse parses lines as the bot does: neighbours of one document together
// unless they bring a context of their own.
func Parse(lines []Line) []Sentence {
	out := make([]Sentence, 0, len(lines))
	for from := 0; from < len(lines); {
		to := from + 1
		alone := func(l *Line) bool { return len(l.Document) == 0 || len(l.Before) > 0 || len(l.After) > 0 }
		for to < len(lines) && to-from < 2000 && !alone(&lines[from]) && !alone(&lines[to]) && bytes.Equal(lines[from].Document, lines[to].Document) {
			to++
		}
		var p factcheck.Passage
		spans := make([]nlp.Span, to-from)
		for i := from; i < to; i++ {
			for _, s := range lines[i].Before {
				p.Add(s)
			}
			spans[i-from] = p.Add(lines[i].Text)
			for _, s := range lines[i].After {
				p.Add(s)
			}
		}
		doc := nlp.Parse(p.Text())
		for i := from; i < to; i++ {
			s := Sentence{Line: &lines[i], Doc: doc, Span: spans[i-from]}
			s.First, s.Last = doc.TokensIn(s.Span)
			out = append(out, s)
		}
		from = to
	}
	return out
}
