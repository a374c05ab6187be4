// Package conllu reads treebanks in the CoNLL-U format
// (universaldependencies.org/format.html) and name annotation in IOB2 columns.
// Only training and measuring use it.
package conllu

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Sentence is one sentence of a treebank, its words parallel in all slices.
// Ranges of several words ("1-2") and words that were left out of the text
// ("8.1") are skipped.
type Sentence struct {
	Doc    string // id of the document, "" when the file has none
	ID     string
	Text   string // as it was written
	Par    bool   // the sentence begins a paragraph
	Words  []string
	Lemmas []string
	Tags   []string // Penn tags, column XPOS
	Heads  []int    // index into Words, -1 for the root
	Rels   []string // as in the file, subtypes included
	Misc   []string // column MISC
	Space  []bool   // white space follows the word (the last word of a range, for words in a range)
}

// Read reads a whole file of sentences.
func Read(r io.Reader) ([]Sentence, error) {
	var all []Sentence
	var s Sentence
	doc, line := "", 0
	rangeEnd, rangeSpace := 0, true
	flush := func() error {
		if len(s.Words) == 0 {
			s = Sentence{}
			return nil
		}
		for i, h := range s.Heads {
			if h >= len(s.Words) {
				return fmt.Errorf("line %d: head of word %d lies outside the sentence", line, i+1)
			}
		}
		s.Doc = doc
		all = append(all, s)
		s = Sentence{}
		rangeEnd = 0
		return nil
	}
	scan := bufio.NewScanner(r)
	scan.Buffer(nil, 1<<20)
	for scan.Scan() {
		line++
		text := scan.Text()
		if strings.TrimSpace(text) == "" {
			if err := flush(); err != nil {
				return nil, err
			}
			continue
		}
		if comment, ok := strings.CutPrefix(text, "# "); ok {
			name, value, _ := strings.Cut(comment, " = ")
			switch name {
			case "newdoc id":
				doc = value
			case "sent_id":
				s.ID = value
			case "text":
				s.Text = value
			}
			if strings.HasPrefix(name, "newpar") || strings.HasPrefix(name, "newdoc") {
				s.Par = true
			}
			continue
		}
		if strings.HasPrefix(text, "#") {
			continue
		}
		f := strings.Split(text, "\t")
		if len(f) != 10 {
			return nil, fmt.Errorf("line %d: %d columns, want 10", line, len(f))
		}
		space := !strings.Contains(f[9], "SpaceAfter=No")
		if _, end, ok := strings.Cut(f[0], "-"); ok {
			rangeEnd, _ = strconv.Atoi(end)
			rangeSpace = space
			continue
		}
		if strings.Contains(f[0], ".") {
			continue
		}
		head, err := strconv.Atoi(f[6])
		if err != nil {
			return nil, fmt.Errorf("line %d: head: %w", line, err)
		}
		if n := len(s.Words) + 1; n <= rangeEnd {
			space = n == rangeEnd && rangeSpace
		}
		s.Words = append(s.Words, f[1])
		s.Lemmas = append(s.Lemmas, f[2])
		s.Tags = append(s.Tags, f[4])
		s.Heads = append(s.Heads, head-1)
		s.Rels = append(s.Rels, f[7])
		s.Misc = append(s.Misc, f[9])
		s.Space = append(s.Space, space)
	}
	if err := scan.Err(); err != nil {
		return nil, err
	}
	return all, flush()
}

// Names is a sentence whose words carry labels of names: B-PER, I-PER, O ...
type Names struct {
	Doc    string
	Words  []string
	Labels []string
}

// ReadNames reads lines of number, word and label between tabs, an empty line
// after each sentence.
func ReadNames(r io.Reader) ([]Names, error) {
	var all []Names
	var s Names
	doc, line := "", 0
	flush := func() {
		if len(s.Words) > 0 {
			s.Doc = doc
			all = append(all, s)
		}
		s = Names{}
	}
	scan := bufio.NewScanner(r)
	scan.Buffer(nil, 1<<20)
	for scan.Scan() {
		line++
		text := scan.Text()
		if strings.TrimSpace(text) == "" {
			flush()
			continue
		}
		if id, ok := strings.CutPrefix(text, "# newdoc id = "); ok {
			doc = id
		}
		f := strings.Split(text, "\t")
		if strings.HasPrefix(text, "# ") || len(f) == 1 {
			continue
		}
		if len(f) < 3 {
			return nil, fmt.Errorf("line %d: %d columns, want at least 3", line, len(f))
		}
		s.Words = append(s.Words, f[1])
		s.Labels = append(s.Labels, f[2])
	}
	flush()
	return all, scan.Err()
}
