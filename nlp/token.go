package nlp

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits that keep the cost of hostile text linear.
const (
	maxWord     = 512 // bytes of one token; a longer run of letters is several tokens
	maxSentence = 400 // tokens of one sentence; a longer one is cut
)

// A tokenizer cuts a stretch of text into tokens the way the English Universal
// Dependencies treebanks do.
type tokenizer struct {
	text   string
	tokens []Token
}

// tokenize appends the tokens of span to tokens. Only Span and Text are set.
func tokenize(text string, span Span, tokens []Token) []Token {
	t := tokenizer{text: text, tokens: tokens}
	for at := span.Start; at < span.End; {
		r, size := utf8.DecodeRuneInString(text[at:span.End])
		if isBlank(r) {
			at += size
			continue
		}
		end := at + size
		for end < span.End {
			r, size = utf8.DecodeRuneInString(text[end:span.End])
			if isBlank(r) {
				break
			}
			end += size
		}
		t.chunk(at, end, span)
		at = end
	}
	return t.tokens
}

// isBlank reports whether r parts words: white space, control characters, and
// the invisible marks that text copied from web pages is full of.
func isBlank(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return r <= ' ' || r == 0x7f
	case r == 0x85 || r == 0xa0 || r == 0x200b || r == 0xfeff || r == 0x2060:
		return true
	case r >= 0x200e && r <= 0x200f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069:
		return true // marks of writing direction
	}
	return r >= 0x1680 && unicode.IsSpace(r)
}

func (t *tokenizer) add(start, end int) {
	if start < end {
		t.tokens = append(t.tokens, Token{Span: Span{start, end}, Text: t.text[start:end], Head: -1, Entity: -1})
	}
}

// chunk cuts what stands between two blanks, text[start:end].
func (t *tokenizer) chunk(start, end int, paragraph Span) {
	if s, e, ok := address(t.text, start, end); ok {
		t.pieces(start, s, paragraph)
		t.long(s, e)
		t.pieces(e, end, paragraph)
		return
	}
	if e, ok := emoticon(t.text[start:end]); ok {
		t.add(start, start+e)
		t.pieces(start+e, end, paragraph)
		return
	}
	t.pieces(start, end, paragraph)
}

// long adds one token, or several when it is longer than a word may be.
func (t *tokenizer) long(start, end int) {
	for end-start > maxWord {
		cut := start + maxWord
		for cut > start+1 && !utf8.RuneStart(t.text[cut]) {
			cut--
		}
		t.add(start, cut)
		start = cut
	}
	t.add(start, end)
}

// address finds a web or e-mail address, an @name or a #tag in the chunk, less
// the brackets and quotation marks around it and the punctuation after it.
func address(text string, start, end int) (s, e int, ok bool) {
	chunk := text[start:end]
	if !strings.ContainsAny(chunk, "@#/.") || len(chunk) < 4 {
		return 0, 0, false
	}
	s = start
	for s < end && strings.IndexByte(`("'<[{`, text[s]) >= 0 {
		s++
	}
	for _, mark := range []string{"“", "‘", "«"} {
		if strings.HasPrefix(text[s:end], mark) {
			s += len(mark)
		}
	}
	e = end
	for e > s {
		r, size := utf8.DecodeLastRuneInString(text[s:e])
		if !strings.ContainsRune(`.,;:!?"')>]}”’»…`, r) {
			break
		}
		if r == ')' && e-s < maxWord && strings.IndexByte(text[s:e], '(') > 0 {
			break // a page name such as Foo_(film)
		}
		e -= size
	}
	core := text[s:e]
	for _, scheme := range []string{"http://", "https://", "ftp://", "www.", "mailto:", "doi:"} {
		if len(core) > len(scheme) && strings.EqualFold(core[:len(scheme)], scheme) {
			return s, e, true
		}
	}
	if core == "" {
		return 0, 0, false
	}
	if core[0] == '@' || core[0] == '#' {
		name := core[1:]
		for i := range len(name) {
			if !isWordByte(name[i]) && name[i] != '_' {
				return 0, 0, false
			}
		}
		if name == "" || core[0] == '#' && isDigit(name[0]) {
			return 0, 0, false
		}
		return s, e, true
	}
	if at := strings.IndexByte(core, '@'); at > 0 && strings.IndexByte(core[at:], '.') > 0 && !strings.ContainsAny(core, "\"<>,;") {
		return s, e, true
	}
	if slash := strings.IndexByte(core, '/'); slash > 0 {
		if host := core[:slash]; hasDomain(host) {
			return s, e, true
		}
		return 0, 0, false
	}
	if hasDomain(core) && strings.Count(core, ".") <= 4 {
		return s, e, true
	}
	return 0, 0, false
}

// hasDomain reports whether s reads as the name of a host, "example.org".
func hasDomain(s string) bool {
	dot := strings.LastIndexByte(s, '.')
	if dot < 2 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; !isWordByte(c) && c != '.' && c != '-' {
			return false
		}
	}
	switch strings.ToLower(s[dot+1:]) {
	case "com", "org", "net", "gov", "edu", "mil", "info", "io", "tv", "uk", "de", "fr", "eu", "ca", "au", "ly", "biz":
		return !strings.HasPrefix(s, ".") && !isDigit(s[dot-1])
	}
	return false
}

// emoticon gives the length of a smiley at the head of a chunk that holds
// nothing else but closing punctuation.
func emoticon(chunk string) (int, bool) {
	if len(chunk) < 2 || len(chunk) > 6 || strings.IndexByte(":;=", chunk[0]) < 0 {
		return 0, false
	}
	i := 1
	if chunk[i] == '-' && len(chunk) > 2 {
		i++
	}
	if strings.IndexByte("()DPp|/", chunk[i]) < 0 {
		return 0, false
	}
	i++
	if strings.Trim(chunk[i:], ".,!?)") != "" {
		return 0, false
	}
	return i, true
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isLetterByte(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isWordByte(c byte) bool { return isDigit(c) || isLetterByte(c) }

// isApostrophe gives the length of an apostrophe at the head of s, 0 when
// there is none.
func apostrophe(s string) int {
	switch {
	case strings.HasPrefix(s, "'"):
		return 1
	case strings.HasPrefix(s, "’"):
		return len("’")
	}
	return 0
}

// pieces cuts text[start:end], which has no blanks.
func (t *tokenizer) pieces(start, end int, paragraph Span) {
	text := t.text
	for at := start; at < end; {
		r, size := utf8.DecodeRuneInString(text[at:end])
		switch {
		case r == '.':
			to := at + run(text[at:end], '.')
			t.add(at, to)
			at = to
		case r == '!' || r == '?':
			to := at
			for to < end && (text[to] == '!' || text[to] == '?') {
				to++
			}
			t.add(at, to)
			at = to
		case r == '-' || r == '+' || r == '$' || r == '=' || r == '*' || r == '_' || r == '~' || r == '#' || r == '>' || r == '<':
			to := at + run(text[at:end], byte(r))
			t.add(at, to)
			at = to
		case r == '\'' || r == '’':
			at = t.apostrophe(at, end, size)
		case r == '`' && strings.HasPrefix(text[at:end], "``"):
			t.add(at, at+2)
			at += 2
		case isDigitRune(r):
			at = t.number(at, end)
		case isLetter(r):
			at = t.word(at, end, paragraph)
		case r == utf8.RuneError && size <= 1:
			to := at + 1 // bytes that are no UTF-8: one token for the run
			for to < end && to-at < maxWord {
				if r, size := utf8.DecodeRuneInString(text[to:end]); r != utf8.RuneError || size > 1 {
					break
				}
				to++
			}
			t.add(at, to)
			at = to
		case unicode.IsSymbol(r) && r > 0x2000 && !unicode.Is(unicode.Sc, r):
			to := at + size
			for to < end && to-at < maxWord { // a picture made of several runes
				r, size := utf8.DecodeRuneInString(text[to:end])
				if r == 0x200d {
					_, next := utf8.DecodeRuneInString(text[to+size:])
					size += next
				} else if !unicode.Is(unicode.M, r) && (r < 0x1f3fb || r > 0x1f3ff) && (r < 0xe0020 || r > 0xe007f) {
					break
				}
				to = min(to+size, end)
			}
			t.add(at, to)
			at = to
		default:
			to := at + size
			if n := run(text[at:end], text[at]); n > 3 {
				to = at + n // a row of marks is one token
			}
			t.add(at, to)
			at = to
		}
	}
}

func run(s string, c byte) int {
	n := 0
	for n < len(s) && s[n] == c && n < maxWord {
		n++
	}
	return n
}

func isDigitRune(r rune) bool { return '0' <= r && r <= '9' }

// isLetter reports whether r can be part of a word.
func isLetter(r rune) bool {
	if r < utf8.RuneSelf {
		return isLetterByte(byte(r))
	}
	return unicode.IsLetter(r) || unicode.Is(unicode.M, r) || r == 0xad || r == 0x200c || r == 0x200d || unicode.Is(unicode.N, r)
}

// apostrophe cuts what begins with an apostrophe: "'s" after a quotation mark
// or bracket, "'90s", "'em", or a quotation mark.
func (t *tokenizer) apostrophe(at, end, size int) int {
	text := t.text
	rest := text[at+size : end]
	if strings.HasPrefix(text[at:end], "''") {
		t.add(at, at+2)
		return at + 2
	}
	n := 0
	for n < len(rest) && isWordByte(rest[n]) {
		n++
	}
	word := strings.ToLower(rest[:n])
	glued := len(t.tokens) > 0 && t.tokens[len(t.tokens)-1].End == at
	switch {
	case glued && isClitic(word):
		t.add(at, at+size+n)
		return at + size + n
	case !glued && n >= 2 && isDigit(rest[0]) && isDigit(rest[1]) && (n == 2 || n == 3 && rest[2] == 's'):
		t.add(at, at+size+n)
		return at + size + n
	case !glued && word == "n" && apostrophe(rest[n:]) > 0:
		n += apostrophe(rest[n:]) // rock 'n' roll
		t.add(at, at+size+n)
		return at + size + n
	case !glued && (word == "em" || word == "til" || word == "tis" || word == "twas" || word == "cause" || word == "n"):
		t.add(at, at+size+n)
		return at + size + n
	case !glued && word == "s" && n == len(rest):
		t.add(at, at+size+n)
		return at + size + n
	}
	t.add(at, at+size)
	return at + size
}

func isClitic(word string) bool {
	switch word {
	case "s", "m", "re", "ve", "ll", "d", "t":
		return true
	}
	return false
}

// number cuts what begins with a digit.
func (t *tokenizer) number(at, end int) int {
	text := t.text
	to := at
	for to < end && to-at < maxWord {
		c := text[to]
		if isDigit(c) {
			to++
			continue
		}
		if to+1 < end && isDigit(text[to+1]) {
			if c == '.' || c == ':' || c == '/' {
				to++
				continue
			}
			if c == ',' {
				if digits(text[to+1:end]) == 3 {
					to++
					continue
				}
				break
			}
			if c == '-' && joinedNumber(text[at:end], to-at) {
				to++
				continue
			}
		}
		break
	}
	// What is glued to the digits.
	tail := to
	for tail < end && tail-at < maxWord && isWordByte(text[tail]) {
		tail++
	}
	if suffix := text[to:tail]; suffix != "" {
		if isUnit(suffix) {
			t.add(at, to)
			return t.unit(to, tail, end)
		}
		to = tail
	}
	if n := apostrophe(text[to:end]); n > 0 && to+n < end && text[to+n] == 's' && (to+n+1 == end || !isWordByte(text[to+n+1])) {
		figure := text[at:to]
		if (len(figure) == 2 || len(figure) == 4) && figure[len(figure)-1] == '0' && digits(figure) == len(figure) {
			to += n + 1 // a decade: "60's"
		}
	}
	t.add(at, to)
	return to
}

// unit adds the unit that was glued to a number, "5pm", with the dots of
// "5p.m.".
func (t *tokenizer) unit(at, to, end int) int {
	if s := t.text[at:end]; len(s) >= 4 && (strings.EqualFold(s[:4], "a.m.") || strings.EqualFold(s[:4], "p.m.")) {
		to = at + 4
	}
	t.add(at, to)
	return to
}

// joinedNumber reports whether the hyphen at s[i] belongs to one figure: a
// telephone number or an ISO date, not a range.
func joinedNumber(s string, i int) bool {
	left := 0
	for left < i && isDigit(s[i-left-1]) {
		left++
	}
	right := digits(s[i+1:])
	rest := s[i+1+right:]
	switch {
	case left == 4 && right == 2 && strings.HasPrefix(rest, "-") && digits(rest[1:]) == 2:
		return true // 2019-03-04, first hyphen
	case left == 2 && right == 2 && i >= 7 && s[i-3] == '-':
		return true // second hyphen
	case left == 3 && (right == 4 || right == 3 && strings.HasPrefix(rest, "-")):
		return true // 555-0199
	case left <= 3 && right == 3 && strings.HasPrefix(rest, "-") && digits(rest[1:]) >= 3:
		return true // 1-800-555-0199
	case left <= 2 && right <= 2 && strings.HasPrefix(rest, "-") && digits(rest[1:]) >= 2:
		return true // 11-20-2000
	case left <= 2 && right >= 2 && i >= 3 && s[i-left-1] == '-':
		return true
	}
	return false
}

func digits(s string) int {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return n
}

// isUnit reports whether letters glued to digits are a unit of their own.
func isUnit(s string) bool {
	switch s {
	case "k", "K", "m", "M", "b", "B", "bn", "tn", "mn", "mm", "cm", "km", "kg", "g", "mg", "ft", "lb", "lbs", "oz", "mph", "kph", "kmh",
		"am", "pm", "AM", "PM", "a", "p", "hrs", "hr", "min", "mins", "sec", "mi", "in", "yrs", "pt", "pts", "px", "GB", "MB", "TB", "kW", "MW", "GW", "MWh", "kWh", "Hz", "kHz", "MHz", "GHz", "C", "F", "pc":
		return true
	}
	return false
}

// word cuts what begins with a letter.
func (t *tokenizer) word(at, end int, paragraph Span) int {
	text := t.text
	to := at
scan:
	for to < end && to-at < maxWord {
		r, size := utf8.DecodeRuneInString(text[to:end])
		switch {
		case isLetter(r) || isDigitRune(r):
			to += size
		case r == '_' || r == '&' || r == '+' || r == '*':
			if to+1 >= end || !isWordByte(text[to+1]) {
				if r == '*' || r == '+' || r == '&' {
					break scan
				}
			}
			to++
		case r == '\'' || r == '’':
			next, _ := utf8.DecodeRuneInString(text[to+size : end])
			if to+size >= end || !isLetter(next) {
				break scan
			}
			to += size
		case r == '.':
			if !innerDot(text, at, to, end) {
				break scan
			}
			to++
		case r == '-' && to+1 == end && to > at && to-at <= 3:
			to++ // broken off: "th-"
			break scan
		case r == '-' || r == '‑':
			next, _ := utf8.DecodeRuneInString(text[to+size : end])
			if to+size >= end || !isLetter(next) || !isPrefix(text[at:to], text[to+size:end]) {
				break scan
			}
			to += size
		case r == '$' && (text[at:to] == "US" || text[at:to] == "A" || text[at:to] == "C" || text[at:to] == "NZ" || text[at:to] == "HK" || text[at:to] == "S"):
			to++
			break scan
		default:
			break scan
		}
	}
	if to+1 < end && text[to] == '/' {
		switch strings.ToLower(text[at : to+2]) {
		case "b/c", "w/o", "w/i", "a/c", "n/a", "c/o":
			if to+2 == end || !isWordByte(text[to+2]) {
				to += 2
			}
		}
	}
	if to < end && text[to] == '.' && run(text[to:end], '.') == 1 && t.keepsDot(at, to, end, paragraph) {
		t.clitics(at, to+1)
		return to + 1
	}
	t.clitics(at, to)
	return to
}

// innerDot reports whether the dot at text[i], inside a chunk, joins what
// stands around it: "U.S", "a.m", "file.doc", not "end.The".
func innerDot(text string, at, i, end int) bool {
	if i+1 >= end {
		return false
	}
	next, _ := utf8.DecodeRuneInString(text[i+1 : end])
	if isDigitRune(next) {
		return true
	}
	if !isLetter(next) {
		return false
	}
	before := i - at
	if last := strings.LastIndexByte(text[at:i], '.'); last >= 0 {
		before = i - at - last - 1
	}
	if before == 1 || before == 2 && text[at] == 'P' && text[at+1] == 'h' {
		// An initialism goes on with another single letter; "J.Smith" does not.
		after := 0
		for j := i + 1; j < end && isLetterByte(text[j]); j++ {
			after++
		}
		return after <= 1 || !unicode.IsUpper(next) || before == 2
	}
	return !unicode.IsUpper(next) && before > 2
}

// keepsDot reports whether the single dot at text[to] belongs to the word
// before it: abbreviations, initials, "U.S.".
func (t *tokenizer) keepsDot(at, to, end int, paragraph Span) bool {
	text := t.text
	word := text[at:to]
	// What follows the dot, over blanks.
	after := strings.TrimLeftFunc(text[to+1:paragraph.End], isBlank)
	glued := to+1 < end
	r, size := utf8.DecodeRuneInString(word)
	if size == len(word) {
		if word == "I" {
			return initialI(text[paragraph.Start:at], after)
		}
		if word == "c" {
			return digits(after) >= 3 // circa
		}
		// An initial: "J. Smith", "J.", "J.R.". A single small letter heads a list.
		return unicode.IsUpper(r) && after != "" && !strings.HasPrefix(text[to+1:end], `"`) && !strings.HasPrefix(text[to+1:end], `”`)
	}
	if dots := strings.Count(word, "."); dots > 0 {
		// U.S., a.m., Ph.D.: every part short.
		for part := range strings.SplitSeq(word, ".") {
			if len(part) > 2 {
				return false
			}
		}
		return true
	}
	a, ok := abbreviations()[strings.ToLower(word)]
	if !ok || (word == "IE" || word == "EG") {
		return false
	}
	if glued && isWordByte(text[to+1]) {
		return false
	}
	switch a {
	case beforeFigure:
		return after != "" && isDigit(after[0])
	case capitalised:
		return unicode.IsUpper(r) && after != ""
	case dateName:
		return unicode.IsUpper(r) && after != "" && (isDigit(after[0]) || after[0] == ',' || !unicode.IsUpper(firstRune(after)))
	}
	return true
}

// initialI tells the initial "I." from the pronoun that ends a sentence.
func initialI(before, after string) bool {
	next := firstRune(after)
	if !unicode.IsUpper(next) {
		return false
	}
	before = strings.TrimRightFunc(before[max(0, len(before)-64):], isBlank)
	last := before[strings.LastIndexFunc(before, isBlank)+1:]
	return last != "" && unicode.IsUpper(firstRune(last))
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// isPrefix reports whether a hyphen after left does not part words: "re-elected",
// "e-mail", while "well-known" is three tokens.
func isPrefix(left, right string) bool {
	if len(left) > 8 {
		return false
	}
	low := strings.ToLower(left)
	if low == "e" {
		return !strings.HasPrefix(right, "e")
	}
	return prefixes()[low]
}

// clitics adds the word text[start:end], cut before "n't", "'s" and their kin.
func (t *tokenizer) clitics(start, end int) {
	word := t.text[start:end]
	n := len(word)
	for i := n - 1; i >= max(1, n-6); i-- {
		size := apostrophe(word[i:])
		if size == 0 {
			continue
		}
		tail := strings.ToLower(word[i+size:])
		if tail == "t" && i >= 2 && word[i-1]|0x20 == 'n' {
			t.clitics(start, start+i-1)
			t.add(start+i-1, end)
			return
		}
		if tail != "t" && isClitic(tail) {
			t.clitics(start, start+i)
			t.add(start+i, end)
			return
		}
		break
	}
	if n <= 7 {
		if cut := contracted(strings.ToLower(word)); cut > 0 {
			t.add(start, start+cut)
			t.add(start+cut, end)
			return
		}
	}
	t.add(start, end)
}

// contracted tells where words that run together without an apostrophe part.
func contracted(low string) int {
	switch low {
	case "cannot", "gonna", "gotta", "wanna", "lemme", "gimme":
		return 3
	case "dont", "cant", "didnt", "isnt", "wasnt", "hasnt", "havent", "arent", "doesnt", "wouldnt", "couldnt", "werent":
		return len(low) - 2
	case "thats", "ive":
		return len(low) - len("s") - strings.Count(low, "ive")
	case "im":
		return 1
	}
	return 0
}
