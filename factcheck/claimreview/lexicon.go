package claimreview

import "strings"

// negations are words that turn a statement round, with how many content words
// behind them they reach.
var negations = func() map[string]int {
	set := map[string]int{}
	for w := range strings.FieldsSeq(`not never cannot cant dont doesnt didnt wont isnt wasnt arent werent hasnt havent
		hadnt wouldnt couldnt shouldnt aint nobody neither nor without hardly`) {
		set[w] = 1
	}
	for w := range strings.FieldsSeq("no none nothing") {
		set[w] = 1
	}
	for w := range strings.FieldsSeq("deny denies denied denying") {
		set[w] = 2
	}
	return set
}()

// opposites are stems of which one says what the other denies.
var opposites = func() map[string]string {
	set := map[string]string{}
	for pair := range strings.FieldsSeq(`
rise/fall rise/drop increase/decrease increase/drop increase/decline grow/shrink gain/lose win/lose more/fewer more/less
higher/lower highest/lowest largest/smallest most/least best/worst up/down support/oppose favor/oppose favour/oppose
allow/ban allow/forbid allow/prohibit legal/illegal lawful/unlawful open/close opened/closed before/after
accept/reject approve/reject pass/fail raise/cut raise/lower raised/lowered hire/fire guilty/innocent alive/dead
first/last safe/dangerous safe/unsafe true/false
`) {
		a, b, _ := strings.Cut(pair, "/")
		a, b = stem(a), stem(b)
		set[a] += " " + b
		set[b] += " " + a
	}
	return set
}()

// opposite reports whether two stems exclude each other.
func opposite(a, b string) bool {
	for w := range strings.FieldsSeq(opposites[a]) {
		if w == b {
			return true
		}
	}
	return false
}

// notNames are words with a capital that name nobody in particular.
var notNames = func() map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(`
january february march april may june july august september october november december
jan feb mar apr jun jul aug sept sep oct nov dec
monday tuesday wednesday thursday friday saturday sunday
mr mrs ms dr prof sir lady lord president vice senator sen representative rep congressman congresswoman governor gov mayor
secretary minister prime chairman chancellor king queen prince princess judge justice gen general attorney
u.s us america american americans united states state country nation national federal
republican republicans democrat democrats democratic gop party
facebook twitter instagram youtube tiktok reddit internet web snopes politifact
god christmas tv ok rt says said photo video watch breaking
`) {
		set[w] = true
	}
	return set
}()

// months name the months.
var months = func() map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(`january february march april may june july august september october november december
		jan feb mar apr jun jul aug sept sep oct nov dec`) {
		set[w] = true
	}
	return set
}()

// pronouns stand for somebody whom a text need not name.
var pronouns = func() map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq("i me my we us our you your he him his she her hers they them their it its this these") {
		set[w] = true
	}
	return set
}()

// offices stand for somebody whom a text need not name either: "the president",
// with no name behind it.
var offices = func() map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(`president senator governor mayor minister secretary congressman congresswoman chancellor king queen pope
		judge sheriff candidate campaign administration government`) {
		set[w] = true
	}
	return set
}()

// units follow a number; those above one multiply it.
var units = map[string]float64{
	"percent": 1, "per": 1, "percentage": 1, "points": 1, "dollars": 1, "euros": 1, "pounds": 1, "people": 1, "miles": 1, "jobs": 1,
	"hundred": 1e2, "thousand": 1e3, "million": 1e6, "millions": 1e6, "billion": 1e9, "billions": 1e9, "trillion": 1e12, "trillions": 1e12,
}

// numerals are numbers in letters. "One" is left out: it is a pronoun as often.
var numerals = map[string]float64{
	"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
	"dozen": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
	"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100,
	"half": 0.5, "twice": 2, "double": 2, "triple": 3,
}

// irregular are forms of frequent verbs that no stemmer knows.
var irregular = func() map[string]string {
	set := map[string]string{}
	for forms := range strings.FieldsSeq(`
win/won lose/lost pay/paid buy/bought sell/sold give/gave/given take/took/taken make/made get/got/gotten go/went/gone
come/came become/became begin/began/begun break/broke/broken bring/brought build/built catch/caught choose/chose/chosen
draw/drew/drawn drive/drove/driven eat/ate/eaten fall/fell/fallen feed/fed fight/fought find/found fly/flew/flown
forbid/forbade/forbidden forget/forgot/forgotten grow/grew/grown hear/heard hide/hid/hidden hold/held keep/kept know/knew/known
lead/led leave/left lend/lent lie/lied meet/met rise/rose/risen run/ran see/saw/seen seek/sought send/sent shoot/shot
speak/spoke/spoken spend/spent stand/stood steal/stole/stolen strike/struck swear/swore/sworn teach/taught tell/told think/thought
throw/threw/thrown understand/understood wear/wore/worn write/wrote/written man/men woman/women child/children
shrink/shrank/shrunk hit/hits die/died/dying dead/death
`) {
		base, others, _ := strings.Cut(forms, "/")
		for form := range strings.SplitSeq(others, "/") {
			set[form] = base
		}
	}
	return set
}()
