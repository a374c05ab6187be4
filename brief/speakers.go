package brief

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"onrecord/nlp"
	"onrecord/quote"
)

// A Speaker is who said something, with all of it.
type Speaker struct {
	Name, Role string        // empty when not known, or when the article gives none
	Quotes     []quote.Quote // of kind Speech, in text order
	Words      int
	Share      float64 // of all words quoted as speech, whatever was kept; 0 to 1
}

// BySpeaker groups what was said by who said it, the weightiest first: by
// words, then in text order; what nobody clear said comes last. Keep lets
// quotations through; nil lets all.
func BySpeaker(text string, quotes []quote.Quote, keep func(quote.Quote) bool) []Speaker {
	var groups []Speaker
	at := map[string]int{}
	total := 0
	for _, q := range quotes {
		if q.Kind == quote.Other {
			continue
		}
		words := q.Words(&nlp.Document{Text: text})
		total += words
		if keep != nil && !keep(q) {
			continue
		}
		key := strings.ToLower(q.Speaker.Name)
		i, known := at[key]
		if !known {
			i = len(groups)
			at[key] = i
			groups = append(groups, Speaker{Name: q.Speaker.Name})
		}
		g := &groups[i]
		g.Quotes = append(g.Quotes, q)
		g.Words += words
		g.Role = cmp.Or(g.Role, q.Speaker.Role)
	}
	for i := range groups {
		if total > 0 {
			groups[i].Share = float64(groups[i].Words) / float64(total)
		}
	}
	slices.SortStableFunc(groups, func(a, b Speaker) int {
		if (a.Name == "") != (b.Name == "") {
			return cmp.Compare(len(b.Name), len(a.Name))
		}
		return cmp.Compare(b.Words, a.Words)
	})
	return groups
}

// Weight says how much it is: "2 quotations, 39 words (25 %)".
func (s *Speaker) Weight() string {
	return fmt.Sprintf("%s, %s (%s)", number(len(s.Quotes), "quotation"), number(s.Words, "word"), percent(s.Share))
}

// Speaking lists who speaks: who has a name in the order of the article, then
// offices and crowds, who says most first.
func Speaking(text string, quotes []quote.Quote) []string {
	var named, others []string
	for _, q := range quotes {
		if q.Kind != quote.Other && q.Speaker.Entity >= 0 && q.Speaker.Name != "" && !slices.Contains(named, q.Speaker.Name) {
			named = append(named, q.Speaker.Name)
		}
	}
	for _, s := range BySpeaker(text, quotes, nil) {
		if s.Name != "" && !slices.Contains(named, s.Name) {
			others = append(others, s.Name)
		}
	}
	return append(named, others...)
}

// VerbAndStance is the verb of a quotation with its stance where the verb does
// not say it itself: "vowed (promised)", but "denied", and "said" for what is
// put neutrally. It is empty for a quotation without a verb.
func VerbAndStance(q quote.Quote) string {
	if q.Verb == "" || q.Kind == quote.Other || q.Stance == quote.Said || q.Stance == "" ||
		slices.ContainsFunc(foldedWords(q.Verb), func(v string) bool { return sameWord(v, string(q.Stance)) }) {
		return q.Verb
	}
	return q.Verb + " (" + string(q.Stance) + ")"
}

// number is a count with its noun, in figures.
func number(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// percent writes a share from 0 to 1.
func percent(share float64) string { return fmt.Sprintf("%.0f %%", 100*share) }
