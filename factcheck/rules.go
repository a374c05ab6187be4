package factcheck

import (
	"slices"
	"strings"
	"unicode"

	"onrecord/nlp"
)

// ofLaw reports whether a word of the law at token i speaks of the law there. A
// permit that somebody holds, the weather that does not permit a landing, the
// bill for electricity and what a minister rules out are no rules.
func ofLaw(doc *nlp.Document, i int) bool {
	t := doc.Tokens[i]
	verb := strings.HasPrefix(t.Tag, "VB")
	next := ""
	if i+1 < len(doc.Tokens) {
		next = strings.ToLower(doc.Tokens[i+1].Text)
	}
	switch t.Lemma {
	case "law":
		return i == 0 || doc.Tokens[i-1].Text != "-" // "his brother-in-law"
	case "illegal", "unlawful", "legal":
		return t.Rel != "amod" // "illegal waste", "a legal expert" say nothing of the law
	case "require":
		return !verb || demands(doc, i)
	case "rule":
		return !verb && !(i > 1 && strings.EqualFold(doc.Tokens[i-2].Text, "as")) || verb && next != "out" // "as a rule"
	case "entitle":
		return grants(doc, i)
	case "permit":
		return verb && allows(doc, i) || !verb && needed(doc, i)
	case "licence", "license", "visa":
		return verb || needed(doc, i)
	case "bill":
		return t.Tag == "NN" && !payable(doc, i)
	}
	return !strings.Contains(t.Lemma, "-in-law")
}

// grants reports whether the "entitle" at token i gives a right: "entitled to a
// pension", "entitles pupils to a seat", not a book "entitled “The Pier”" or
// "entitled Roads to Orle".
func grants(doc *nlp.Document, i int) bool {
	last := doc.Sentences[doc.Tokens[i].Sentence].Last
	for j := i + 1; j < min(last, i+12); j++ {
		t := doc.Tokens[j]
		switch {
		case strings.EqualFold(t.Text, "to"):
			return true
		case isMark(t.Text), doc.Tokens[i].Tag == "VBN" && unicode.IsUpper([]rune(t.Text)[0]) && doc.Child(i, "aux:pass") < 0:
			return false
		}
	}
	return false
}

// does reports whether the verb "commit" at token i tells of a deed: "commit a
// crime", "the frauds committed by the firm". Nothing is promised there.
func does(doc *nlp.Document, i int) bool {
	deed := func(j int) bool {
		return j >= 0 && (deeds[doc.Tokens[j].Lemma] || inClass(doc.Tokens[j].Lemma, allegation))
	}
	of := func(j int) bool { // "a series of crimes", "acts of fraud"
		return deed(j) || j >= 0 && slices.ContainsFunc(doc.Children(j), func(k int) bool { return deed(k) })
	}
	if of(doc.Child(i, "obj")) || of(doc.Child(i, "nsubj:pass")) || of(doc.Child(i, "compound", "obl:npmod")) {
		return true
	}
	t := doc.Tokens[i]
	switch t.Rel {
	case "acl", "acl:relcl", "amod":
		return of(t.Head)
	case "conj":
		return doc.Child(i, "obj") < 0 && of(doc.Child(t.Head, "obj"))
	}
	// The parse may have lost the object right behind the verb.
	for j := i + 1; j < min(i+4, len(doc.Tokens)); j++ {
		if deed(j) {
			return true
		}
		if tag := doc.Tokens[j].Tag; tag != "DT" && !strings.HasPrefix(tag, "JJ") && !strings.HasPrefix(tag, "NN") && tag != "CD" {
			return false
		}
	}
	return false
}

// deeds are what is committed, beside what the list of allegations has.
var deeds = set("crime", "offence", "offense", "fraud", "murder", "suicide", "error", "mistake", "blunder", "foul", "sin", "adultery", "treason", "perjury",
	"robbery", "theft", "burglary", "arson", "rape", "assault", "violence", "abuse", "genocide", "massacre", "atrocity", "felony", "misdemeanor", "misdemeanour",
	"violation", "breach", "act", "terrorism", "killing", "attack", "injustice", "infraction", "homicide", "manslaughter", "larceny", "heresy", "wrongdoing")

// allows reports whether the verb at token i tells what a rule or somebody with
// the power to do so allows: its subject is one of these, or it is passive.
func allows(doc *nlp.Document, i int) bool {
	if doc.Child(i, "nsubj:pass", "aux:pass") >= 0 {
		return true
	}
	s := doc.Child(i, "nsubj")
	if s < 0 || doc.Child(i, "obj", "xcomp") < i {
		return false // "40 building permits" may be taken for a verb
	}
	t := doc.Tokens[s]
	return t.Entity >= 0 || strings.HasPrefix(t.Tag, "PRP") || inClass(t.Lemma, law|institution|official) || permitters[t.Lemma] || referenceLists().people[t.Lemma]
}

// permitters are what allows things, beside laws, bodies and people.
var permitters = set("contract", "agreement", "deal", "order", "ruling", "clause", "article", "section", "code", "charter", "zoning", "plan", "judgment", "verdict", "government", "state", "country")

// demands reports whether the "require" at token i tells what a rule or a body
// demands: not "she will require rest", "the job requires skill".
func demands(doc *nlp.Document, i int) bool {
	if doc.Child(i, "nsubj:pass", "aux:pass") >= 0 {
		return true
	}
	s := doc.Child(i, "nsubj")
	for h := i; s < 0 && doc.Tokens[h].Rel == "conj" && doc.Tokens[h].Head >= 0; s = doc.Child(h, "nsubj") {
		h = doc.Tokens[h].Head
	}
	if s < 0 {
		return true
	}
	t := doc.Tokens[s]
	if t.Entity >= 0 {
		return doc.Entities[t.Entity].Kind != nlp.Person
	}
	return strings.HasPrefix(t.Tag, "W") || inClass(t.Lemma, law|institution|official) || permitters[t.Lemma]
}

// demanded are verbs by which a paper is asked for, or kept from somebody.
var demanded = set("need", "require", "renew", "deny", "refuse", "revoke", "withdraw")

// needed reports whether the paper at token i is one that must be had: "every
// boat must carry a permit", "without a visa", "was refused a licence", not one
// that somebody holds.
func needed(doc *nlp.Document, i int) bool {
	for hops, j := 0, i; hops < 4 && j >= 0; hops, j = hops+1, doc.Tokens[j].Head {
		switch t := doc.Tokens[j]; {
		case demanded[t.Lemma]:
			return true
		case j == i && doc.Child(j, "case") >= 0 && strings.EqualFold(doc.Tokens[doc.Child(j, "case")].Text, "without"):
			return true
		case doc.Child(j, "aux") >= 0 && strings.EqualFold(doc.Tokens[doc.Child(j, "aux")].Text, "must"):
			return true
		}
	}
	return false
}

// payable reports whether the bill at token i is one to be paid, not one that a
// parliament has before it.
func payable(doc *nlp.Document, i int) bool {
	if doc.Child(i, "nmod:poss") >= 0 {
		return true // "our bill", "a family's bill"
	}
	for j := i - 1; j >= 0 && doc.Tokens[j].Head == i; j-- {
		if payables[doc.Tokens[j].Lemma] {
			return true
		}
	}
	h := doc.Tokens[i].Head
	if h < 0 {
		return false
	}
	switch doc.Tokens[h].Lemma {
	case "pay", "foot", "settle", "run", "double", "rise", "fall":
		return true
	}
	return false
}

// payables are what bills are for.
var payables = set("electricity", "energy", "power", "water", "gas", "fuel", "heating", "utility", "phone", "pension", "wage", "medical", "hospital", "grocery", "food", "restaurant", "repair", "legal", "shopping", "total", "annual", "monthly")
