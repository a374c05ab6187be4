package nlp

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// splitSentences cuts the tokens of one paragraph into sentences and gives
// the token after the last of each.
//
// Full stops, question marks, exclamation marks and ellipses end a sentence,
// together with the quotation marks and brackets that close after them, when
// what follows can open one. So a quotation of several sentences is several
// sentences, and `"Why?" she asked.` is one.
func splitSentences(tokens []Token) []int {
	var cuts []int
	first := 0
	for i := 0; i < len(tokens); i++ {
		if i-first >= maxSentence {
			cut := longCut(tokens, first, i)
			cuts = append(cuts, cut)
			first = cut
			continue
		}
		if n := insetEnd(tokens, first, i); n > 0 {
			if i > first {
				cuts = append(cuts, i)
				first = i
			}
			if n < len(tokens) && isUpperWord(tokens[n].Text) && isDateLine(tokens, i) > 0 {
				cuts = append(cuts, n)
				first, i = n, n-1
			}
			continue
		}
		end := terminator(tokens, i)
		if end == noEnd {
			continue
		}
		next, closed := closers(tokens, i+1)
		if next >= len(tokens) {
			break
		}
		if !opens(tokens, first, i, next, closed, end) {
			continue
		}
		cuts = append(cuts, next)
		first = next
		i = next - 1
	}
	if first < len(tokens) {
		cuts = append(cuts, len(tokens))
	}
	return cuts
}

// insetEnd reports, by the token after it, a line set between others that
// lost its line break: a full date on its own, a picture credit.
func insetEnd(tokens []Token, first, i int) int {
	if n := isDateLine(tokens, i); n > 0 {
		if i > first && !isUpperWord(tokens[i-1].Text) && !isDigit(tokens[i-1].Text[0]) && terminator(tokens, i-1) == noEnd {
			r, _ := utf8.DecodeRuneInString(tokens[i-1].Text)
			if !unicode.IsLower(r) && !isQuoteMark(tokens[i-1].Text) || isPreposition(tokens[i-1].Text) {
				return 0
			}
		}
		if n < len(tokens) && !isUpperWord(tokens[n].Text) {
			return 0
		}
		return n
	}
	if i > first && i+1 < len(tokens) && tokens[i+1].Text == ":" {
		switch tokens[i].Text {
		case "Image", "Photo", "Photograph", "Picture", "Credit":
			if r, _ := utf8.DecodeLastRuneInString(tokens[i-1].Text); unicode.IsLetter(r) || unicode.IsDigit(r) {
				return i + 2
			}
		}
	}
	return 0
}

// isDateLine gives the token after "Tuesday, September 1, 2015" at tokens[i],
// 0 when no such date stands there.
func isDateLine(tokens []Token, i int) int {
	if i+5 >= len(tokens) || !isDayName(tokens[i].Text) || tokens[i+1].Text != "," || tokens[i+4].Text != "," {
		return 0
	}
	if _, ok := monthOf(tokens[i+2].Text); !ok || digits(tokens[i+3].Text) == 0 || digits(tokens[i+5].Text) != 4 {
		return 0
	}
	return i + 6
}

func isPreposition(word string) bool {
	switch word {
	case "on", "of", "by", "from", "since", "until", "for", "till", "to", "and", "or", "before", "after", "through", "at", "the", "dated", "between", "than", "was", "is", "in", "as":
		return true
	}
	return false
}

func isUpperWord(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}

// longCut finds where to cut a sentence that is too long: after its last
// semicolon, comma or dash, if it has one in its second half.
func longCut(tokens []Token, first, i int) int {
	for j := i - 1; j > first+maxSentence/2; j-- {
		switch tokens[j].Text {
		case ";", ",", "—", "–", "--", "•":
			return j + 1
		}
	}
	return i
}

// How a token may end a sentence.
type ending int

const (
	noEnd      ending = iota
	stop              // "."
	mark              // "?", "!"
	dots              // "...", "…"
	abbreviate        // an abbreviation with its dot
)

func terminator(tokens []Token, i int) ending {
	s := tokens[i].Text
	switch s[0] {
	case '.':
		if len(s) == 1 {
			return stop
		}
		return dots
	case '?', '!':
		return mark
	}
	switch s {
	case "…", "….":
		return dots
	case "。", "．":
		return stop
	case "？", "！", "؟", "‽":
		return mark
	}
	if len(s) > 1 && s[len(s)-1] == '.' {
		return abbreviate
	}
	return noEnd
}

// closers skips the quotation marks and brackets that close after a
// terminator, and further terminators glued to it.
func closers(tokens []Token, i int) (next int, quoted bool) {
	for i < len(tokens) {
		glued := tokens[i].Start == tokens[i-1].End
		switch tokens[i].Text {
		case "”", "’", "»", "''":
			quoted = true
		case `"`, "'":
			if !glued {
				return i, quoted
			}
			if i+1 < len(tokens) && tokens[i+1].Start == tokens[i].End && !isClosing(tokens[i+1].Text) {
				return i, quoted // glued on both sides: it opens
			}
			quoted = true
		case ")", "]", "}":
			if !glued {
				return i, quoted
			}
		case ".", "?", "!", "…", "...":
			if !glued {
				return i, quoted
			}
		default:
			if n, ok := emoticon(tokens[i].Text); !ok || n < len(tokens[i].Text) {
				return i, quoted
			}
		}
		i++
	}
	return i, quoted
}

func isClosing(s string) bool {
	switch s {
	case "”", "’", "»", "''", `"`, "'", ")", "]", "}", ".", ",", "?", "!", ";", ":", "…", "...":
		return true
	}
	return false
}

// opens decides whether a sentence ends with the terminator tokens[i] and a
// new one opens at tokens[next].
func opens(tokens []Token, first, i, next int, quoted bool, end ending) bool {
	// The word that would open the next sentence, behind its opening marks.
	w := next
	for w < len(tokens) && isOpening(tokens[w].Text) {
		w++
	}
	if w >= len(tokens) {
		return false
	}
	word := tokens[w].Text
	r, _ := utf8.DecodeRuneInString(word)
	upper := unicode.IsUpper(r) || unicode.IsTitle(r)
	lower := unicode.IsLower(r)
	if lower && strings.IndexFunc(word, unicode.IsUpper) > 0 {
		upper, lower = true, false // "eBay", "iPhone"
	}
	spaced := tokens[next].Start > tokens[next-1].End
	opened := w > next
	if !spaced && !opened && !upper {
		return false
	}
	if isClosing(word) || word == "-" {
		return false // punctuation goes on with the sentence: "Yahoo!, ..."
	}
	if i == first || i == first+1 && isItem(tokens[first].Text) && end != mark {
		return false // the number of a list item, or a stray mark
	}
	if isDash(tokens[next].Text) && upper && len(tokens)-w <= 6 {
		return false // the source of a motto: "... all the way." - Ana Pereira
	}
	switch end {
	case stop:
		if lower {
			return spaced && (opened || !quoted && longWord(tokens[i-1].Text) && plainWord(word))
		}
		if tokens[next].Text == "(" && !upper {
			return !isReference(tokens, next)
		}
		return true
	case mark:
		if lower || !spaced && !quoted {
			return false
		}
		if quoted && attributes(tokens, w) {
			return false
		}
		if !quoted && inName(tokens, i, w) {
			return false
		}
		return true
	case dots:
		if lower || isDash(word) {
			return false
		}
		if quoted && attributes(tokens, w) {
			return false
		}
		return upper && (spaced || quoted) || opened
	}
	return opensAfterAbbreviation(tokens, first, i, w, quoted, upper, opened)
}

// opensAfterAbbreviation decides about the abbreviation tokens[i]: "U.S.
// President" goes on, "in the U.S. The" does not.
func opensAfterAbbreviation(tokens []Token, first, i, w int, quoted, upper, opened bool) bool {
	word := tokens[w].Text
	if !upper {
		return quoted && opened
	}
	if quoted {
		return !attributes(tokens, w)
	}
	abbreviation := strings.TrimSuffix(tokens[i].Text, ".")
	class := abbreviations()[strings.ToLower(abbreviation)]
	switch class {
	case inner, beforeFigure:
		return false
	case capitalised, dateName:
		return isStarter(word)
	case ends:
		if abbreviation == "etc" {
			return true
		}
		return isStarter(word) || opened
	}
	switch low := strings.ToLower(abbreviation); low {
	case "a.m", "p.m":
		return !isZone(word) && !isDayName(word)
	case "e.g", "i.e", "a.k.a":
		return false
	}
	if utf8.RuneCountInString(abbreviation) == 1 { // an initial
		return isStarter(word) && i > first && (!isName(tokens[i-1].Text) || !isSurnameStarter(word))
	}
	return isStarter(word)
}

// isSurnameStarter reports whether a word that opens sentences could be a
// family name after an initial all the same: "Winston K. So".
func isSurnameStarter(word string) bool {
	switch word {
	case "An", "So", "No", "Will", "Do", "My", "Can", "Yet", "Most", "Still", "Such", "Now", "Here", "Day", "Well", "Police", "Her", "You", "Who", "How", "Hers", "Also", "More":
		return true
	}
	return false
}

// attributes reports whether the tokens from w on tell who spoke the words
// just closed: `"Why?" Ana Pereira asked`, `"Why?" the mayor asked`.
func attributes(tokens []Token, w int) bool {
	for j := w; j < min(w+5, len(tokens)); j++ {
		word := tokens[j].Text
		if j > w {
			if isSpeechForm(word) {
				// "asked her what": a clause of its own would name what it is about.
				return true
			}
			if r, _ := utf8.DecodeRuneInString(word); !unicode.IsUpper(r) && word != "," && !particles()[word] {
				return false
			}
			continue
		}
		if isStarter(word) && !isPronounSubject(word) {
			return false
		}
	}
	return false
}

func isPronounSubject(word string) bool {
	switch word {
	case "He", "She", "They", "I", "We":
		return true
	}
	return false
}

// isSpeechForm reports whether word is a form of one of the verbs that
// attribute words to their speaker in running text.
func isSpeechForm(word string) bool {
	switch word {
	case "said", "says", "asked", "asks", "added", "replied", "wrote", "told", "shouted", "cried", "wondered", "exclaimed", "yelled",
		"demanded", "quipped", "joked", "recalled", "answered", "responded", "tweeted", "continued", "explained", "insisted", "screamed", "chanted", "declared", "inquired":
		return true
	}
	return false
}

// inName tells a mark inside a name or title ("Yahoo! Inc.", "Jeopardy! host")
// from one that ends a sentence.
func inName(tokens []Token, i, w int) bool {
	next := tokens[w].Text
	switch strings.TrimSuffix(next, ".") {
	case "Inc", "Corp", "Ltd", "News", "Answers", "Mail":
		return tokens[i].Text == "!"
	}
	return false
}

// isItem reports whether s is the number or letter of a list item.
func isItem(s string) bool {
	if len(s) <= 3 && digits(s) == len(s) {
		return true
	}
	return len(s) == 1 && isLetterByte(s[0]) && s != "I"
}

func isOpening(s string) bool {
	switch s {
	case "“", "‘", "«", `"`, "'", "``", "(", "[", "{", "-", "—", "–", "--", "¿", "¡", "•", "*":
		return true
	}
	return false
}

func isDash(s string) bool {
	switch s {
	case "—", "–", "--", "-", "---":
		return true
	}
	return false
}

// plainWord reports whether s is an ordinary word of small letters.
func plainWord(s string) bool {
	if len(s) < 2 {
		return s == "i" || s == "a"
	}
	for _, r := range s {
		if !unicode.IsLower(r) {
			return false
		}
	}
	return true
}

// longWord reports whether a full stop after s hardly belongs to an
// abbreviation.
func longWord(s string) bool {
	return plainWord(s) || utf8.RuneCountInString(s) > 5 && strings.IndexFunc(s, unicode.IsLetter) >= 0 || isDigit(s[0]) || isClosing(s)
}

// isReference reports whether the bracket at tokens[i] holds only a figure,
// such as the year of a source.
func isReference(tokens []Token, i int) bool {
	return i+2 < len(tokens) && isDigit(tokens[i+1].Text[0]) && tokens[i+2].Text == ")"
}

// isName reports whether s could be a name: a capital, then small letters.
func isName(s string) bool {
	r, size := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r) && (size < len(s))
}

// isZone reports whether word names a time zone.
func isZone(word string) bool {
	switch word {
	case "ET", "EST", "EDT", "CT", "CST", "CDT", "MT", "MST", "MDT", "PT", "PST", "PDT", "GMT", "BST", "CET", "CEST", "UTC", "Eastern", "Central", "Pacific", "Mountain", "IST", "JST", "AEST", "AEDT", "AST", "HST", "AKST", "Z":
		return true
	}
	return false
}

// isStarter reports whether a capitalised word is one of the small words that
// open sentences and hardly ever stand inside a name.
func isStarter(word string) bool {
	switch word {
	case "The", "A", "An", "This", "That", "These", "Those", "It", "He", "She", "They", "We", "You", "I", "His", "Her", "Their", "Its", "Our", "My", "Your",
		"In", "On", "At", "By", "For", "From", "With", "To", "After", "Before", "During", "Since", "Until", "Under", "Over", "Between", "Among", "Through", "Without", "Within", "Despite", "As", "Of", "About", "Against", "Upon",
		"And", "But", "Or", "Nor", "So", "Yet", "If", "When", "While", "Where", "Because", "Although", "Though", "Unless", "Whether", "Once", "However", "Therefore", "Moreover", "Meanwhile", "Also", "Then", "Now", "Here", "There", "Still", "Instead", "Earlier", "Later", "Recently", "Today", "Yesterday",
		"What", "Who", "Why", "How", "Which", "Is", "Are", "Was", "Were", "Do", "Does", "Did", "Has", "Have", "Had", "Will", "Would", "Can", "Could", "Should", "Not", "No", "Some", "Many", "Most", "Several", "All", "Both", "Each", "Every", "Another", "Other", "Others", "Such", "Even", "Only", "Just", "More", "According", "Asked", "Let", "Nobody", "Everyone", "Nothing", "Please", "Thanks", "Yes", "Well", "Mr.", "Ms.", "Mrs.", "Dr.", "Officials", "Police", "People", "Critics", "Experts", "Researchers", "Residents", "Authorities", "Two", "Three", "Four", "Five":
		return true
	}
	return false
}

func isDayName(word string) bool {
	_, ok := weekdayOf(word)
	return ok
}
