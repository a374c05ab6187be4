package quote

import (
	"cmp"
	"slices"
	"strings"

	"onrecord/nlp"
)

// A Voice is one speaker of an article and how much the article lets that
// speaker say.
type Voice struct {
	Speaker
	Sort   VoiceSort
	Quotes int     // quotations of kind Speech
	Words  int     // words in their contents
	Share  float64 // of the words of all quotations of the article, 0 to 1
}

// VoiceSort says how a speaker is identified.
type VoiceSort string

// The sorts of voice.
const (
	Named      VoiceSort = "named"      // a person with a name
	Body       VoiceSort = "body"       // an organisation with a name
	Unnamed    VoiceSort = "unnamed"    // "an official", "the government"
	Collective VoiceSort = "collective" // "hundreds of migrants"
	Unknown    VoiceSort = "unknown"    // the text does not say, or not clearly
)

// Speakers lists who speaks in an article, the weightiest first: by words, then
// by number of quotations, then in text order. Only Speech counts.
func Speakers(quotes []Quote, doc *nlp.Document) []Voice {
	var voices []Voice
	at := map[string]int{}
	total := 0
	for i := range quotes {
		q := &quotes[i]
		if q.Kind != Speech {
			continue
		}
		key := voiceKey(q)
		k, ok := at[key]
		if !ok {
			k = len(voices)
			at[key] = k
			voices = append(voices, Voice{Speaker: q.Speaker, Sort: voiceSort(q, doc)})
		}
		n := q.Words(doc)
		voices[k].Quotes++
		voices[k].Words += n
		total += n
	}
	for i := range voices {
		if total > 0 {
			voices[i].Share = float64(voices[i].Words) / float64(total)
		}
	}
	slices.SortStableFunc(voices, func(a, b Voice) int {
		return cmp.Or(cmp.Compare(b.Words, a.Words), cmp.Compare(b.Quotes, a.Quotes))
	})
	return voices
}

// Inline gives a speaker's name as it stands within a sentence: "the ministry"
// for "The ministry".
func Inline(name string) string {
	word, _, _ := strings.Cut(name, " ")
	switch word {
	case "The", "A", "An", "His", "Her", "Its", "Their", "Our", "My", "Some", "Many", "Several", "Most", "Both", "This", "That", "These", "Those",
		"Officials", "Authorities", "Police", "Prosecutors", "Investigators", "Scientists", "Researchers", "Experts", "Critics", "Activists", "Residents", "Witnesses",
		"One", "Two", "Three", "Four", "Five":
		return strings.ToLower(word) + name[len(word):]
	}
	return name
}

// Words counts the words of the quotation's content.
func (q *Quote) Words(doc *nlp.Document) int {
	n := 0
	for _, s := range q.Content {
		n += len(strings.FieldsFunc(s.Text(doc.Text), func(r rune) bool { return !wordRune(r) && !strings.ContainsRune("'’-", r) }))
	}
	return n
}

// Text gives the words of the quotation as the article has them; what was left
// out between two parts shows as " … ".
func (q *Quote) Text(doc *nlp.Document) string {
	parts := make([]string, len(q.Content))
	for i, s := range q.Content {
		parts[i] = s.Text(doc.Text)
	}
	return strings.Join(parts, " … ")
}

func voiceKey(q *Quote) string {
	if q.Speaker.Entity >= 0 {
		return q.Speaker.Name
	}
	return "~" + strings.ToLower(q.Speaker.Name)
}

// plurals are words that make a description one of many people.
var plurals = []string{"hundreds", "thousands", "dozens", "many", "some", "several", "few", "others", "most", "people", "scores", "crowd", "crowds", "protesters", "demonstrators", "critics", "residents", "witnesses"}

func voiceSort(q *Quote, doc *nlp.Document) VoiceSort {
	switch {
	case q.Speaker.Name == "":
		return Unknown
	case q.Speaker.Entity >= 0 && doc.Entities[q.Speaker.Entity].Kind == nlp.Person:
		return Named
	case q.Speaker.Entity >= 0:
		return Body
	case q.labelledByName(doc.Text):
		return Named
	}
	for w := range strings.FieldsSeq(strings.ToLower(q.Speaker.Name)) {
		if slices.Contains(plurals, w) {
			return Collective
		}
	}
	return Unnamed
}
