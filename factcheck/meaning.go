package factcheck

import (
	"slices"
	"strings"

	"onrecord/nlp"
)

// This file decides whether a word of the lists means there what its list is
// for. What words of the law mean is in rules.go.

// meant gives which of the classes that the word at token i can be of it is of
// there.
func meant(doc *nlp.Document, i int, k class) class {
	t := doc.Tokens[i]
	if inTitle(doc, i) {
		return 0 // "Money Never Sleeps"
	}
	if inName(doc, i) {
		k &= ofNames(doc, i, k)
	}
	if k&cause != 0 && !links(doc, i) {
		k &^= cause
	}
	if k&denial != 0 && !contradicts(doc, i) {
		k &^= denial
	}
	if k&law != 0 && !ofLaw(doc, i) {
		k &^= law
	}
	if k&commitment != 0 && t.Lemma == "commit" && does(doc, i) {
		k &^= commitment
	}
	if k&harm != 0 && !hurts(doc, i) {
		k &^= harm
	}
	if k&comparison != 0 && !changes(doc, i) {
		k &^= comparison
	}
	if k&allegation != 0 && !blames(doc, i) {
		k &^= allegation
	}
	if k&absolute != 0 && !sweeping(doc, i) {
		k &^= absolute
	}
	if doc.Child(i, "cop") < 0 {
		k &^= vague // what matters is "is poor", not "the poor man"
	}
	return k
}

// inName reports whether token i is a word of a name.
func inName(doc *nlp.Document, i int) bool {
	t := doc.Tokens[i]
	return strings.HasPrefix(t.Tag, "NNP") && (t.Entity >= 0 || isNamed(doc, i-1, t.Sentence) || isNamed(doc, i+1, t.Sentence))
}

func isNamed(doc *nlp.Document, i, sentence int) bool {
	return i >= 0 && i < len(doc.Tokens) && doc.Tokens[i].Sentence == sentence && strings.HasPrefix(doc.Tokens[i].Tag, "NNP")
}

// ofNames are the classes of k that a word of a name, at token i, can be of: what
// it means is not what the sentence says ("the British Invasion came and went"), but
// the Harbour Police is a body and the Clean Water Act a law.
func ofNames(doc *nlp.Document, i int, k class) class {
	t := doc.Tokens[i]
	kept := institution | official
	switch {
	case t.Entity >= 0 && doc.Entities[t.Entity].Kind == nlp.Person:
		return kept
	case k&institution != 0:
		kept |= force
	}
	if !isNamed(doc, i+1, t.Sentence) {
		kept |= law | finding
	}
	return kept
}

// hurts reports whether the word of harm at token i says that somebody or
// something came to some: not "talks collapsed", "an explosion of popularity", "is
// missing some parts".
func hurts(doc *nlp.Document, i int) bool {
	switch t := doc.Tokens[i]; {
	case t.Lemma == "collapse":
		return !talks(doc, i)
	case t.Lemma == "explosion":
		return !spreads(doc, i)
	case strings.EqualFold(t.Text, "missing"):
		return doc.Child(i, "obj") < i
	}
	return true
}

// links reports whether the word of cause and effect at token i says why.
// "A bridge leading to the island", "is due to open", "money for the cause" and
// "responsible for inspecting ships" do not.
func links(doc *nlp.Document, i int) bool {
	t := doc.Tokens[i]
	at := func(k int) nlp.Token {
		if k < len(doc.Tokens) {
			return doc.Tokens[k]
		}
		return nlp.Token{}
	}
	switch t.Lemma {
	case "due":
		// The parser may take the verb for a noun: "due to resume Thursday".
		if from, to := doc.TimesIn(at(i + 3).Span); at(i+2).Tag == "VB" || at(i+2).Tag == "NN" && to > from {
			return false
		}
	case "cause":
		by := doc.Child(i, "case")
		return !strings.HasPrefix(t.Tag, "NN") || by < 0 || doc.Tokens[by].Lemma != "for"
	case "responsible":
		return at(i+2).Tag != "VBG"
	}
	return t.Tag != "VBG" || t.Rel != "acl"
}

// contradicts reports whether the word of denial at token i denies something: not
// "he was denied asylum", "without contesting it", "the disputed islands",
// "rejected the motion".
func contradicts(doc *nlp.Document, i int) bool {
	t := doc.Tokens[i]
	switch {
	case t.Tag == "VBG", t.Tag == "VB", t.Tag == "VBN" && (t.Rel == "amod" || doc.Child(i, "aux:pass") >= 0):
		return false
	case t.Lemma == "reject":
		o := doc.Child(i, "obj")
		return o < 0 || !putToVote.single[doc.Tokens[o].Lemma]
	}
	return true
}

// putToVote are what is rejected without a denial.
var putToVote = newWordSet([]string{"measure", "bill", "motion", "plan", "proposal", "offer", "appeal", "request", "application", "deal", "amendment", "budget", "bid", "petition", "treaty", "constitution"})

// blames reports whether the word of wrongdoing at token i speaks of some: what
// it only describes may be the work against it ("a criminal investigation", "the
// fraud office", "crime rates"), and what is "de facto" so is wrong only with a
// word for what is done to people.
func blames(doc *nlp.Document, i int) bool {
	t := doc.Tokens[i]
	switch {
	case t.Rel == "compound" && strings.HasPrefix(t.Tag, "NN"):
		return false
	case t.Lemma == "criminal" && t.Rel == "amod" && t.Head > i:
		return !proceedings.single[doc.Tokens[t.Head].Lemma]
	case t.Lemma == "de":
		return slices.ContainsFunc(doc.Tokens[min(i+2, len(doc.Tokens)):min(i+4, len(doc.Tokens))], func(t nlp.Token) bool {
			return inClass(t.Lemma, justice|harm|hardship|force|allegation)
		})
	}
	return true
}

// proceedings are what is criminal without doing wrong.
var proceedings = newWordSet([]string{"investigation", "inquiry", "probe", "court", "justice", "law", "code", "lawyer", "prosecutor", "division", "proceeding", "case", "trial", "record", "offence", "offense", "penalty", "liability"})

// spreads reports whether the explosion at token i is one of growth: "an
// explosion of popularity", not "of a gas tank".
func spreads(doc *nlp.Document, i int) bool {
	if i+2 >= len(doc.Tokens) {
		return false
	}
	preposition, noun := doc.Tokens[i+1], doc.Tokens[i+2]
	return (preposition.Lemma == "of" || preposition.Lemma == "in" && noun.Tag == "NN") && strings.HasPrefix(noun.Tag, "NN") && !strings.HasPrefix(noun.Tag, "NNP") && noun.Lemma != "gas"
}

// sweeping reports whether the absolute word at token i leaves nothing out:
// not "every Saturday", "every 90 days", "almost nobody".
func sweeping(doc *nlp.Document, i int) bool {
	if nearly(doc, i) {
		return false
	}
	if doc.Tokens[i].Lemma != "every" || i+1 >= len(doc.Tokens) {
		return true
	}
	next := doc.Tokens[i+1]
	from, to := doc.TimesIn(next.Span)
	return next.Tag != "CD" && from == to && !spells.single[next.Lemma]
}

// nearly reports whether "almost" or the like stands before token i.
func nearly(doc *nlp.Document, i int) bool {
	if i == 0 {
		return false
	}
	switch strings.ToLower(doc.Tokens[i-1].Text) {
	case "almost", "nearly", "virtually", "practically", "hardly", "not":
		return true
	}
	return false
}

// spells are stretches of time that come again.
var spells = newWordSet([]string{"second", "minute", "hour", "day", "night", "morning", "evening", "week", "weekend", "month", "year", "decade", "century", "time", "few"})

// talks reports whether the subject of the verb at token i is something that
// people negotiate.
func talks(doc *nlp.Document, i int) bool {
	for k := i - 1; k >= 0 && k > i-8; k-- {
		if doc.Tokens[k].Lemma == "talk" || doc.Tokens[k].Lemma == "negotiation" {
			return true
		}
	}
	s := doc.Child(i, "nsubj")
	if s < 0 {
		return false
	}
	switch doc.Tokens[s].Lemma {
	case "talk", "negotiation", "deal", "coalition", "government", "agreement", "ceasefire", "truce", "effort", "bid", "trial", "price", "bank", "company", "firm", "market", "share", "currency", "profit":
		return true
	}
	return false
}

// falls reports whether the verb at token i tells where something fell: "a tree fell
// on his car".
func falls(doc *nlp.Document, i int) bool {
	switch doc.Tokens[i].Lemma {
	case "fall", "drop", "slip":
	default:
		return false
	}
	if i+2 >= len(doc.Tokens) || doc.Tokens[i+2].Tag == "CD" {
		return false
	}
	switch strings.ToLower(doc.Tokens[i+1].Text) {
	case "on", "onto", "into", "off", "through", "over", "down", "out", "overboard", "asleep", "apart":
		return true
	}
	return false
}

// changes reports whether a word of change at token i is one here: people
// climb and fall too, and records are kept in archives.
func changes(doc *nlp.Document, i int) bool {
	t := doc.Tokens[i]
	switch t.Lemma {
	case "record":
		return t.Tag == "NN" && (t.Rel == "compound" || t.Rel == "amod") || t.Tag == "JJ"
	case "fall", "rise", "drop", "climb", "slip", "grow", "worse", "better", "decline", "shrink":
		if !strings.HasPrefix(t.Tag, "VB") {
			return true
		}
		from, to := doc.NumbersIn(doc.Sentences[t.Sentence].Span)
		s := doc.Child(i, "nsubj")
		if s < 0 && t.Rel == "conj" {
			s = doc.Child(t.Head, "nsubj")
		}
		if s >= 0 && quantity(doc, s) {
			return true
		}
		if falls(doc, i) {
			return false
		}
		return to > from && (s < 0 || doc.Tokens[s].Tag != "PRP" && doc.Tokens[s].Entity < 0)
	}
	return true
}

// quantity reports whether token i is something that has a size: "the market
// share", "attendance".
func quantity(doc *nlp.Document, i int) bool {
	switch doc.Tokens[i].Lemma {
	case "share", "price", "rate", "number", "level", "cost", "sale", "profit", "revenue", "population", "output", "traffic", "temperature",
		"turnout", "demand", "supply", "income", "wage", "salary", "yield", "crime", "unemployment", "inflation", "spending", "debt", "deficit",
		"attendance", "membership", "production", "consumption", "emission", "pollution", "poverty", "rent", "value", "amount", "volume",
		"budget", "tax", "enrolment", "enrollment", "mortality", "rainfall", "support", "approval", "growth":
		return true
	}
	return false
}
