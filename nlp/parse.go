package nlp

import (
	"fmt"
	"hash/crc32"
	"strings"
	"sync"
	"unicode/utf8"

	"onrecord/nlp/internal/depparse"
	"onrecord/nlp/internal/ner"
	"onrecord/nlp/internal/tagger"
	"onrecord/nlp/internal/wordform"
)

// Parse reads text.
func Parse(text string) *Document { return ParseFrom(text, 0) }

// ParseFrom reads text from the byte body on; what stands before it, such as a
// dateline, has no sentences. Spans count from the beginning of text all the
// same.
func ParseFrom(text string, body int) *Document {
	body = min(max(body, 0), len(text))
	for body < len(text) && !utf8.RuneStart(text[body]) {
		body++
	}
	d := &Document{Text: text, Body: body}
	d.Paragraphs = paragraphs(text, body)
	d.Tokens = make([]Token, 0, (len(text)-body)/5+8)
	d.split()
	labels := d.analyse()
	d.link()
	d.findTimes()
	d.findNames(labels)
	d.findNumbers()
	return d
}

// split fills in tokens and sentences.
func (d *Document) split() {
	kept := d.Paragraphs[:0]
	for _, p := range d.Paragraphs {
		first := len(d.Tokens)
		d.Tokens = tokenize(d.Text, p, d.Tokens)
		if len(d.Tokens) == first {
			continue // nothing but invisible marks
		}
		for _, cut := range splitSentences(d.Tokens[first:]) {
			begin := first
			if n := len(d.Sentences); n > 0 {
				begin = d.Sentences[n-1].Last
			}
			d.Sentences = append(d.Sentences, Sentence{Span: d.SpanOf(begin, first+cut), First: begin, Last: first + cut, Paragraph: len(kept)})
			for i := begin; i < first+cut; i++ {
				d.Tokens[i].Sentence = len(d.Sentences) - 1
			}
		}
		kept = append(kept, p)
	}
	d.Paragraphs = kept
}

// Load decodes the embedded models, which the first Parse does otherwise: a
// process that has something else to do before it parses can begin with it. It
// may be called from any goroutine, more than once.
func Load() { decode() }

// decode decodes the embedded models side by side: they are most of what a
// short-lived process waits for.
var decode = sync.OnceFunc(func() {
	var wg sync.WaitGroup
	wg.Go(func() { depparse.Default() })
	wg.Go(func() { tagger.Default() })
	wg.Go(func() { ner.Default() })
	wg.Wait()
})

// Models names the embedded models, by a checksum of their files: two programs
// whose models have the same name read a text alike.
func Models() string { return models() }

var models = sync.OnceValue(func() string {
	var sum uint32
	for _, model := range [][]byte{tagger.Embedded(), depparse.Embedded(), ner.Embedded(), wordform.Embedded()} {
		sum = crc32.Update(sum, crc32.MakeTable(crc32.Castagnoli), model)
	}
	return fmt.Sprintf("en-%08x", sum)
})

// analyse fills in tags, lemmas and the tree, sentence by sentence, and gives
// the label of each token that the name finder assigned.
func (d *Document) analyse() []string {
	decode()
	labels := make([]string, 0, len(d.Tokens))
	var (
		words, tags, rels []string
		heads             []int
	)
	for _, s := range d.Sentences {
		words = words[:0]
		for i := s.First; i < s.Last; i++ {
			words = append(words, normal(d.Tokens[i].Text))
		}
		tags = tagger.Append(tags[:0], words)
		mendTags(words, tags)
		heads, rels = depparse.Append(heads[:0], rels[:0], words, tags)
		labels = ner.Append(labels, words, tags)
		for i := range words {
			t := &d.Tokens[s.First+i]
			t.Tag = tags[i]
			t.Lemma = lemma(words[i], tags[i])
			t.Rel = rels[i]
			t.Head = -1
			if heads[i] >= 0 {
				t.Head = s.First + heads[i]
			}
		}
	}
	return labels
}

// normal is the form of a word that the models know: straight apostrophes, no
// soft hyphens.
func normal(word string) string {
	if isASCII(word) {
		return word
	}
	return normaliser.Replace(word)
}

var normaliser = strings.NewReplacer("’", "'", "\u00ad", "", "\u2011", "-")

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
