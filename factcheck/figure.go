package factcheck

import (
	"slices"
	"strings"
	"unicode"

	"onrecord/nlp"
)

// Counts reports whether number n of doc counts or measures something. A number
// that tells one thing from others of its sort ("Article 37 of the charter", "a
// Model 8 camera", "an 1885 survey"), belongs to what a thing is called ("a
// six-pack"), is an age ("Broni, now 28, left") or a way of speaking ("two
// realities of life", "half a brain") does not.
func Counts(doc *nlp.Document, n nlp.Number) bool {
	return n.Unit != "" || !inTitle(doc, n.First) && !labels(doc, n) && !year(doc, n) && !inThing(doc, n) && !age(doc, n) && !wayOfSpeaking(doc, n)
}

// labels reports whether n tells one thing from others of its sort: it stands
// behind a word for what is numbered, or between a name and the noun that the
// name describes.
func labels(doc *nlp.Document, n nlp.Number) bool {
	if n.Bound != "" || n.First <= doc.Sentences[n.Sentence].First {
		return false
	}
	before := doc.Tokens[n.First-1]
	low := strings.ToLower(before.Text)
	if n.Of.Empty() && (before.Lemma == "call" || before.Lemma == "dial") && n.Value > 99 {
		return true // "call 911"
	}
	capital := before.Text != low
	if numbered.single[low] || capital && capitalNumbered.single[low] {
		return true
	}
	if isAcronym(before.Text) && !countries.single[low] && (n.Of.Empty() || doc.Text[n.Of.Start] <= 'Z') {
		return true // "SPF 50"
	}
	if n.Of.Empty() || n.First+1 >= n.Last || n.First-1 == doc.Sentences[n.Sentence].First {
		return false
	}
	of := doc.Tokens[n.First+1]
	return before.Tag == "NNP" && unicode.IsUpper([]rune(before.Text)[0]) && of.Tag == "NN" && n.Value > 1 && n.Of.Start == of.Start
}

// isAcronym reports whether a word is set in two to five capitals.
func isAcronym(word string) bool {
	return len(word) >= 2 && len(word) <= 5 && strings.IndexFunc(word, func(r rune) bool { return r < 'A' || r > 'Z' }) < 0
}

// numbered are words for what is numbered, capitalNumbered such as are so only
// with a capital: "Title 42 rules", not "won the title 42 years ago".
var (
	numbered = newWordSet([]string{
		"article", "articles", "section", "sections", "chapter", "chapters", "paragraph", "paragraphs", "page", "pages", "room", "route", "flight",
		"channel", "grade", "grades", "level", "phase", "tier", "category", "type", "season", "episode", "volume", "verse",
	})
	capitalNumbered = newWordSet([]string{
		"title", "amendment", "rule", "rules", "line", "platform", "gate", "highway", "interstate", "exit", "pier", "terminal", "bay", "dock", "district",
		"ward", "precinct", "zone", "area", "sector", "unit", "block", "lot", "floor", "suite", "apartment", "issue", "series", "round", "game", "week", "day",
		"stage", "step", "class", "model", "mark", "version", "figure", "table", "item", "annex", "schedule", "appendix", "resolution", "decree", "order",
		"proposition", "measure", "bill", "law", "act", "part", "scene", "clause", "psalm", "group", "division", "battalion", "squadron", "local", "store",
		"studio", "track", "cell", "building", "station", "school", "regulation", "directive", "form", "schedules", "question",
	})
)

// inThing reports whether n and the noun that a hyphen joins to it are what a
// thing is called: "a six-pack", "the two-seater", not "a 12-member panel".
func inThing(doc *nlp.Document, n nlp.Number) bool {
	i, last := doc.TokensIn(n.Figure)
	if n.Value > 12 || last+1 >= doc.Sentences[n.Sentence].Last || i >= last || doc.Tokens[last].Text != "-" {
		return false
	}
	noun := doc.Tokens[last+1]
	if !strings.HasPrefix(noun.Tag, "NN") {
		return false
	}
	switch noun.Rel {
	case "compound", "amod", "nummod", "nmod":
		return noun.Head <= last+1
	}
	return last+2 >= len(doc.Tokens) || !strings.HasPrefix(doc.Tokens[last+2].Tag, "NN")
}

// age reports whether n is how old somebody is: "Broni, now 28, left", "She was 89",
// "just 17 when he moved", "4 years old". A number between commas that is none of a
// list is an age.
func age(doc *nlp.Document, n nlp.Number) bool {
	s := doc.Sentences[n.Sentence]
	word := func(i int) string {
		if i < s.First || i >= s.Last {
			return ""
		}
		return strings.ToLower(doc.Tokens[i].Text)
	}
	if n.Value >= 130 || n.To != 0 {
		return false
	}
	if word(n.Last) == "old" {
		return true
	}
	if !n.Of.Empty() {
		return false
	}
	i := n.First - 1
	for i > s.First && doc.Tokens[i].Tag == "RB" {
		i--
	}
	switch {
	case word(i) == "," && word(n.Last) == ",":
		return i > s.First && doc.Tokens[i-1].Tag != "CD" && (n.Last+1 >= s.Last || doc.Tokens[n.Last+1].Tag != "CD")
	case word(n.Last) == "when":
		return isHe(word(n.Last + 1))
	case i > s.First && (doc.Tokens[i].Lemma == "be" || doc.Tokens[i].Lemma == "turn"):
		e := doc.Tokens[i-1].Entity
		return isHe(word(i-1)) || e >= 0 && doc.Entities[e].Kind == nlp.Person
	}
	return false
}

func isHe(word string) bool { return word == "he" || word == "she" || word == "i" }

// year reports whether n is a year: with its era, by itself, or in front of a
// single thing ("an 1885 survey").
func year(doc *nlp.Document, n nlp.Number) bool {
	figure := n.Figure.Text(doc.Text)
	_, last := doc.TokensIn(n.Figure)
	if last < len(doc.Tokens) && eras.single[strings.ToLower(strings.ReplaceAll(doc.Tokens[last].Text, ".", ""))] {
		return true
	}
	if len(figure) != 4 || n.Value < 1500 || n.Value >= 2100 || n.To != 0 || n.Bound != "" && n.Bound != "~" || n.Vague {
		return false
	}
	if n.Of.Empty() {
		return true
	}
	_, end := doc.TokensIn(n.Of)
	return doc.Tokens[end-1].Tag == "NN"
}

// wayOfSpeaking reports whether nobody would count what n counts: "two realities
// of life", "for three reasons", "half a brain".
func wayOfSpeaking(doc *nlp.Document, n nlp.Number) bool {
	_, last := doc.TokensIn(n.Figure)
	if strings.EqualFold(n.Figure.Text(doc.Text), "half") && last+1 < len(doc.Tokens) {
		switch strings.ToLower(doc.Tokens[last].Text) {
		case "a", "an":
			return n.Of.Empty() || !measures.single[doc.Tokens[last+1].Lemma]
		}
	}
	if n.Value == 1 && last < n.Last && doc.Tokens[last].Tag == "NNS" {
		return true // "a record, but one scientists fear"
	}
	return n.Value <= 10 && !n.Vague && slices.ContainsFunc(doc.Tokens[last:max(last, n.Last)], func(t nlp.Token) bool { return uncounted.single[t.Lemma] })
}

var (
	// measures are what half of is a measure.
	measures = newWordSet([]string{
		"dozen", "hundred", "thousand", "million", "billion", "trillion", "mile", "kilometre", "kilometer", "metre", "meter", "inch", "foot", "acre", "hectare",
		"litre", "liter", "gallon", "pint", "ton", "tonne", "pound", "kilo", "kilogram", "gram", "ounce", "degree", "point", "percentage", "percent", "cent",
		"hour", "minute", "second", "day", "week", "month", "year", "decade", "century", "population",
	})
	eras      = newWordSet([]string{"bc", "ad", "bce", "ce"})
	countries = newWordSet([]string{"us", "uk", "un", "eu", "nato", "uae"})
	// uncounted are nouns with which a small number is a way of speaking.
	uncounted = newWordSet([]string{"reality", "thing", "way", "reason", "truth", "certainty", "fact", "lesson", "word", "sense", "mind", "evil", "extreme", "sort", "kind"})
)
