package main

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"onrecord/factcheck"
	"onrecord/nlp"
	"onrecord/quote"
	"onrecord/score/claims"
)

// sentenceIn is one line of input of 'bot batch --sentences'.
type sentenceIn struct {
	ID       id         `json:"id"`
	Text     string     `json:"text"`
	Document claims.Key `json:"doc_id"` // neighbours with the same one are each other's context
	Before   []string   `json:"context_before"`
	After    []string   `json:"context_after"`
	Title    string     `json:"title"`
	Date     string     `json:"date"`

	err error // why the line cannot be used
}

// sentenceOut is one line of output.
type sentenceOut struct {
	ID         id               `json:"id"`
	Score      float64          `json:"score"`
	Label      int              `json:"label"`     // 1: worth checking
	Checkable  bool             `json:"checkable"` // evidence could settle it
	Kinds      []factcheck.Kind `json:"kinds"`
	Standalone string           `json:"standalone"`
	Settled    float64          `json:"checkability"` // the probability that evidence could settle it
	Dates      []sentenceDate   `json:"dates"`
	Unclear    string           `json:"unclear"` // why the wording could not be completed
}

// sentenceDate is a time expression of the sentence and the days it means,
// YYYY-MM-DD, both empty when it cannot be dated.
type sentenceDate struct {
	Text string `json:"text"`
	Date string `json:"date"`
	End  string `json:"end"`
}

// What is analysed at once: a document has its sentences in order, and a
// longer one is cut.
const (
	maxGroupLines = 2000
	maxGroupBytes = 512 << 10
)

// sentenceGroups reads lines and gives those together that are each other's
// context: neighbours of one document without a context of their own.
func sentenceGroups(ctx context.Context, lines *lineReader) func() ([]sentenceIn, error) {
	var held *sentenceIn
	return func() ([]sentenceIn, error) {
		var group []sentenceIn
		bytes := 0
		for {
			var in sentenceIn
			switch {
			case ctx.Err() != nil:
				return nil, ctx.Err()
			case held != nil:
				in, held = *held, nil
			default:
				ln, err := lines.next()
				if errors.Is(err, io.EOF) && len(group) > 0 {
					return group, nil
				}
				if err != nil {
					return nil, err
				}
				in = decodeSentence(ln)
			}
			bytes += len(in.Text)
			if len(group) > 0 && (!together(group[0], in) || len(group) == maxGroupLines || bytes > maxGroupBytes) {
				held = &in
				return group, nil
			}
			group = append(group, in)
			if !together(in, in) {
				return group, nil
			}
		}
	}
}

// together reports whether two neighbouring lines are one document's.
func together(a, b sentenceIn) bool {
	alone := func(s sentenceIn) bool {
		return s.err != nil || s.Document == "" || len(s.Before) > 0 || len(s.After) > 0
	}
	return !alone(a) && !alone(b) && a.Document == b.Document && a.Date == b.Date
}

func decodeSentence(ln line) sentenceIn {
	var in sentenceIn
	of, err := decodeLine(ln, &in)
	if err == nil && len(in.Text)+size(in.Before)+size(in.After) > maxGroupBytes {
		err = errors.New("the sentence with its context is longer than 512 KB: leave some of it out")
	}
	if err == nil && strings.TrimSpace(in.Text) == "" {
		err = errors.New("the sentence has no text")
	}
	if err == nil && in.Date != "" {
		_, err = parseDay(in.Date)
	}
	in.ID, in.err = of, err
	return in
}

func size(texts []string) int {
	n := 0
	for _, t := range texts {
		n += len(t)
	}
	return n
}

// analyseSentences rates a group of sentences.
func analyseSentences(group []sentenceIn) []byte {
	var out []byte
	if len(group) == 1 && group[0].err != nil {
		return errorLine(group[0].ID, group[0].err)
	}
	for _, s := range rateSentences(group) {
		out = append(out, jsonLine(s)...)
	}
	return out
}

func rateSentences(group []sentenceIn) []sentenceOut {
	var text factcheck.Passage
	spans := make([]nlp.Span, len(group))
	var published time.Time
	for i, s := range group {
		for _, b := range s.Before {
			text.Add(b)
		}
		spans[i] = text.Add(s.Text)
		for _, b := range s.After {
			text.Add(b)
		}
		if day, err := parseDay(s.Date); err == nil {
			published = day
		}
	}
	doc := nlp.Parse(text.Text())
	quotes := quote.Find(doc)
	rated := factcheck.Rate(doc, quotes, published, spans)
	words := factcheck.Wordings(doc, quotes, published)
	out := make([]sentenceOut, len(group))
	for i, s := range group {
		r := rated[i]
		out[i] = sentenceOut{
			ID: s.ID, Score: r.Score, Checkable: r.Checkable, Settled: r.Settled,
			Kinds: append([]factcheck.Kind{}, r.Best.Kinds...), Dates: []sentenceDate{},
		}
		out[i].word(doc, words, spans[i])
		if r.Worth {
			out[i].Label = 1
		}
	}
	return out
}

// word puts together the wordings of the sentences that a line of input holds,
// one as a rule.
func (o *sentenceOut) word(doc *nlp.Document, words []factcheck.Wording, span nlp.Span) {
	var texts, unclear []string
	for i, sent := range doc.Sentences {
		if !sent.Overlaps(span) {
			continue
		}
		texts = append(texts, words[i].Text)
		if words[i].Unclear != "" {
			unclear = append(unclear, words[i].Unclear)
		}
		for _, d := range words[i].Dates {
			date := sentenceDate{Text: d.Span.Text(doc.Text)}
			if !d.Dates.Start.IsZero() {
				date.Date, date.End = d.Dates.Start.Format(time.DateOnly), d.Dates.End.Format(time.DateOnly)
			}
			o.Dates = append(o.Dates, date)
		}
	}
	o.Standalone, o.Unclear = strings.Join(texts, " "), strings.Join(unclear, "; ")
	if len(texts) == 0 {
		o.Standalone = span.Text(doc.Text)
	}
}
