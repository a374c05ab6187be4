package book

import (
	"strings"
	"time"

	"onrecord/nlp"
)

// Days reads the words that say since or until when: "March", "last week",
// "2020-01-01", "3 days ago". Now is the asker's clock, in the asker's zone. It
// reports false for words that name no days.
func Days(words string, now time.Time) (nlp.Dates, bool) {
	words = strings.Join(strings.Fields(words), " ")
	if words == "" || len(words) > 60 {
		return nlp.Dates{}, false
	}
	if t, err := time.Parse(time.DateOnly, words); err == nil {
		return nlp.Dates{Start: t, End: t}, true
	}
	if t, err := time.Parse("2006-01", words); err == nil {
		return nlp.Dates{Start: t, End: t.AddDate(0, 1, -1)}, true
	}
	// The words alone may be no sentence, and what "March" is depends on what
	// stands before it. People type days and months in small letters.
	capital := strings.ToUpper(words[:1]) + words[1:]
	for _, frame := range []string{"It was so in %.", "It happened %.", "It happened on %.", "It happened last %."} {
		for _, w := range []string{words, capital} {
			doc := nlp.Parse(strings.Replace(frame, "%", w, 1))
			for _, t := range doc.Times {
				if !strings.HasSuffix(t.Text(doc.Text), w) {
					continue // only some of the words
				}
				if d, ok := t.Resolve(now); ok && !d.Start.IsZero() {
					return d, true
				}
			}
		}
	}
	return nlp.Dates{}, false
}
