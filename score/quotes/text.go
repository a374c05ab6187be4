package quotes

import (
	"cmp"
	"regexp"
	"slices"
	"sort"
	"strings"

	"onrecord/score"
)

// text is an article with its word and token grids, so that spans become sets
// of word numbers. All offsets are code points.
type text struct {
	runes  []rune
	words  []span
	tokens []span // words and single marks
	quoted []bool // by code point: inside quotation marks
}

type span struct{ start, end int }

func newText(s string) *text {
	t := &text{runes: []rune(s)}
	for i := 0; i < len(t.runes); {
		r := t.runes[i]
		switch {
		case score.IsWord(r):
			end := t.wordEnd(i)
			t.words = append(t.words, span{i, end})
			t.tokens = append(t.tokens, span{i, end})
			i = end
			continue
		case !score.IsSpace(r):
			t.tokens = append(t.tokens, span{i, i + 1})
		}
		i++
	}
	t.quoted = quoted(t.runes)
	return t
}

// wordEnd gives the end of the word that begins at i. A word may have
// apostrophes and hyphens inside: "don't", "well-known".
func (t *text) wordEnd(i int) int {
	n := len(t.runes)
	for i < n {
		switch r := t.runes[i]; {
		case score.IsWord(r):
		case (r == '’' || r == '\'' || r == '-') && i+1 < n && score.IsWord(t.runes[i+1]):
		default:
			return i
		}
		i++
	}
	return n
}

// set is a set of numbers in ascending order.
type set []int

func cover(grid []span, spans []span) set {
	var ids set
	for _, s := range spans {
		i := sort.Search(len(grid), func(i int) bool { return grid[i].start >= s.start })
		if i > 0 && grid[i-1].end > s.start {
			i--
		}
		for ; i < len(grid) && grid[i].start < s.end; i++ {
			ids = append(ids, i)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func (t *text) wordIDs(spans ...span) set  { return cover(t.words, spans) }
func (t *text) tokenIDs(spans ...span) set { return cover(t.tokens, spans) }

// common is the size of the intersection.
func (s set) common(o set) int {
	n := 0
	for i, j := 0, 0; i < len(s) && j < len(o); {
		switch {
		case s[i] < o[j]:
			i++
		case s[i] > o[j]:
			j++
		default:
			n++
			i++
			j++
		}
	}
	return n
}

// iou is intersection over union.
func (s set) iou(o set) float64 {
	n := s.common(o)
	return score.Ratio(float64(n), float64(len(s)+len(o)-n))
}

// union puts sets together.
func union(sets []set) set {
	u := slices.Concat(sets...)
	slices.Sort(u)
	return slices.Compact(u)
}

// distinct drops empty sets and repetitions.
func distinct(sets []set) []set {
	sets = slices.DeleteFunc(sets, func(s set) bool { return len(s) == 0 })
	slices.SortFunc(sets, func(a, b set) int { return slices.Compare(a, b) })
	return slices.CompactFunc(sets, func(a, b set) bool { return slices.Equal(a, b) })
}

// lower gives the words with these numbers in lower case.
func (t *text) lower(ids set) []string {
	var out []string
	for _, i := range ids {
		out = append(out, score.Lower(string(t.runes[t.words[i].start:t.words[i].end])))
	}
	return out
}

// typeOf reads the type of a quotation off the quotation marks.
func (t *text) typeOf(content []span) string {
	inside := 0
	var outside set
	for _, i := range t.wordIDs(content...) {
		if t.quoted[t.words[i].start] {
			inside++
		} else {
			outside = append(outside, i)
		}
	}
	switch {
	case inside == 0:
		return indirect
	case len(outside) == 0 || len(outside) == 1 && t.lower(outside)[0] == "that":
		return direct
	}
	return mixed
}

// quoted marks every code point inside quotation marks. A mark left open runs
// to the end of its paragraph.
func quoted(runes []rune) []bool {
	in := make([]bool, len(runes))
	for start := 0; start < len(runes); {
		end := start
		for end < len(runes) && runes[end] != '\n' {
			end++
		}
		quotedLine(runes[start:end], in[start:end])
		start = end + 1
	}
	return in
}

func quotedLine(line []rune, in []bool) {
	at := func(i int) rune {
		if i < len(line) {
			return line[i]
		}
		return 0
	}
	fill := func(from, to int) {
		for k := from; k < min(to, len(line)); k++ {
			in[k] = true
		}
	}
	const doubled = -1 // closes “ written as two single marks: ''
	closing, opened := rune(0), 0
	for i := 0; i < len(line); i++ {
		c := line[i]
		if closing != 0 {
			two := closing == doubled && c == '\'' && at(i+1) == '\''
			if c == closing || closing == '”' && c == '"' || closing == '"' && c == '”' || two {
				fill(opened, i+1)
				closing = 0
			}
			continue
		}
		switch {
		case c == '“':
			closing, opened = '”', i
		case c == '„':
			closing, opened = '“', i
		case c == '«':
			closing, opened = '»', i
		case c == '"' && i+1 < len(line) && !score.IsSpace(at(i+1)):
			closing, opened = '"', i
		case c == '`' && at(i+1) == '`':
			closing, opened = doubled, i
			i++
		case c == '‘' && alphanumeric(at(i+1)):
			end := i + 1
			for end < len(line) && (line[end] != '’' || alphanumeric(at(end+1))) {
				end++
			}
			if end < len(line) && end-i > 3 {
				fill(i, end+1)
				i = end
			}
		}
	}
	if closing != 0 {
		fill(opened, len(line))
	}
}

func alphanumeric(r rune) bool { return r != '_' && r != 0 && score.IsWord(r) }

// headCut is where the first noun phrase of a source ends.
var headCut = regexp.MustCompile(`(?i)[,(;:—–]|` + space + `-` + space + `|` + space +
	`(?:who|which|that|whose|whom|of|in|at|for|from|with|on|as|by|to)` + space)

const space = `[\s\v\x{85}\p{Z}\x{1c}-\x{1f}]`

// headWord is the last word of the first noun phrase of a source.
func (t *text) headWord(source []span) string {
	if len(source) == 0 {
		return ""
	}
	first := slices.MinFunc(source, func(a, b span) int { return cmp.Or(a.start-b.start, a.end-b.end) })
	whole := t.runes[first.start:first.end]
	head := string(whole)
	if cut := headCut.FindStringIndex(string(whole[1:])); cut != nil {
		head = string(whole[:1]) + string(whole[1:])[:cut[0]]
	}
	words := wordsOf(head)
	if len(words) == 0 {
		words = wordsOf(string(whole))
	}
	if len(words) == 0 {
		return ""
	}
	last := score.Lower(words[len(words)-1])
	return strings.TrimSuffix(strings.TrimSuffix(last, "’s"), "'s")
}

func wordsOf(s string) []string {
	var out []string
	t := &text{runes: []rune(s)}
	for i := 0; i < len(t.runes); {
		if !score.IsWord(t.runes[i]) {
			i++
			continue
		}
		end := t.wordEnd(i)
		out = append(out, string(t.runes[i:end]))
		i = end
	}
	return out
}

var stopWords = wordSet(`the a an of in at on for from with to and or by as his her their its our my your this that these those
	who which whom whose is was are were be been has have had`)

var honorifics = wordSet(`mr mrs ms miss dr prof professor sir dame lord lady sen senator rep representative gov governor president
	vice prime minister secretary judge justice gen general col lt capt sgt rev hon jr sr ii iii iv phd md esq`)

func wordSet(list string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		set[w] = true
	}
	return set
}

var parenthesis = regexp.MustCompile(`\(.*?\)`)

// nameTokens gives the words of a name that tell it from others.
func nameTokens(name string) []string {
	name = withoutPossessive(score.Lower(parenthesis.ReplaceAllString(name, " ")))
	words := slices.DeleteFunc(score.Words(name), func(w string) bool { return stopWords[w] })
	telling := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return honorifics[w] || len([]rune(w)) < 2 })
	if len(telling) == 0 {
		return words
	}
	return telling
}

// withoutPossessive takes "'s" off the end of words.
func withoutPossessive(s string) string {
	runes := []rune(s)
	out := runes[:0:0]
	for i := 0; i < len(runes); i++ {
		if (runes[i] == '’' || runes[i] == '\'') && i+1 < len(runes) && runes[i+1] == 's' && (i+2 == len(runes) || !score.IsWord(runes[i+2])) {
			i++
			continue
		}
		out = append(out, runes[i])
	}
	return string(out)
}

// nameMatch compares a name with the gold: loose shares the last name or half
// of the words, full has every word of the gold.
func nameMatch(gold, pred string) (loose, full bool) {
	g, p := nameTokens(gold), nameTokens(pred)
	if len(g) == 0 || len(p) == 0 {
		return false, false
	}
	gs, ps := uniq(g), uniq(p)
	both := 0
	for _, w := range gs {
		if slices.Contains(ps, w) {
			both++
		}
	}
	full = both == len(gs)
	half := float64(both)/float64(len(gs)+len(ps)-both) >= 0.5
	return full || slices.Contains(p, g[len(g)-1]) || both == len(ps) || half, full
}

func uniq(words []string) []string {
	words = slices.Clone(words)
	slices.Sort(words)
	return slices.Compact(words)
}

func roleTokens(role string) []string {
	return uniq(slices.DeleteFunc(score.Words(score.Lower(role)), func(w string) bool { return stopWords[w] }))
}

// roleMatch reports whether pred has half of the words of the gold role.
func roleMatch(gold, pred string) bool {
	g, p := roleTokens(gold), roleTokens(pred)
	both := 0
	for _, w := range g {
		if slices.Contains(p, w) {
			both++
		}
	}
	return len(g) > 0 && float64(both)/float64(len(g)) >= 0.5
}
