package trial

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"onrecord/nlp"
	"onrecord/quote"
)

// Spoilt is a sentence that no longer says what the article says.
type Spoilt struct{ Rule, Text string }

// rule makes hostile rewordings of a sentence.
type rule struct {
	name string
	make func(*victim) []string
}

// victim is the sentence that is spoilt, and the article around it.
type victim struct {
	*nlp.Document
	quotes  []quote.Quote
	article *nlp.Document
}

// Spoil makes hostile rewordings of a sentence about an article. The same input
// gives the same ones.
func Spoil(article *nlp.Document, sentence string) []Spoilt {
	doc := nlp.Parse(sentence)
	v := &victim{doc, quote.Find(doc), article}
	var out []Spoilt
	for _, r := range rules {
		for _, text := range r.make(v) {
			if text != sentence && text != "" {
				out = append(out, Spoilt{r.name, text})
			}
		}
	}
	return out
}

// Rules names the rules in order.
func Rules() []string {
	var out []string
	for _, r := range rules {
		out = append(out, r.name)
	}
	return out
}

var rules = []rule{
	{"number changed", (*victim).numberChanged},
	{"numbers exchanged", (*victim).numbersExchanged},
	{"unit changed", (*victim).unitChanged},
	{"bound changed", (*victim).boundChanged},
	{"name swapped", (*victim).nameSwapped},
	{"entity added", (*victim).entityAdded},
	{"roles exchanged", (*victim).rolesExchanged},
	{"speaker exchanged", (*victim).speakerExchanged},
	{"attribution dropped", (*victim).attributionDropped},
	{"quotation altered", (*victim).quotationAltered},
	{"quotation invented", (*victim).quotationInvented},
	{"negation removed", (*victim).negationRemoved},
	{"negation added", (*victim).negationAdded},
	{"modality changed", (*victim).modalityChanged},
	{"plan made a fact", (*victim).planMadeFact},
	{"cause invented", (*victim).causeInvented},
	{"date changed", (*victim).dateChanged},
	{"comparative flipped", (*victim).comparativeFlipped},
	{"direction flipped", (*victim).directionFlipped},
	{"quantity changed", (*victim).quantityChanged},
	{"condition dropped", (*victim).conditionDropped},
	{"judgment added", (*victim).judgmentAdded},
	{"instruction followed", (*victim).instructionFollowed},
}

// with gives the sentence with a span replaced.
func (v *victim) with(s nlp.Span, text string) string {
	return v.Text[:s.Start] + text + v.Text[s.End:]
}

// quoted reports whether a token stands in quotation marks.
func (v *victim) quoted(i int) bool {
	before := v.Text[:v.Tokens[i].Start]
	return strings.Count(before, `"`)%2 == 1 || strings.Count(before, "“") > strings.Count(before, "”")
}

var smallNumbers = []string{"one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"}

func (v *victim) numberChanged() []string {
	var out []string
	for i, t := range v.Tokens {
		if t.Tag != "CD" || t.Text == "one" || v.Entity(i) || v.time(i) {
			continue
		}
		low := strings.ToLower(t.Text)
		if n := slices.Index(smallNumbers, low); n >= 0 {
			out = append(out, v.with(t.Span, likeCase(smallNumbers[(n+2)%len(smallNumbers)], t.Text)))
			continue
		}
		if !strings.ContainsAny(t.Text, "123456789") {
			continue
		}
		out = append(out, v.with(t.Span, otherFigure(t.Text, 1)), v.with(t.Span, otherFigure(t.Text, 4)))
	}
	return out
}

// Entity reports whether token i is part of a name.
func (v *victim) Entity(i int) bool { return v.Tokens[i].Entity >= 0 }

func (v *victim) time(i int) bool {
	first, last := v.TimesIn(v.Tokens[i].Span)
	return first < last
}

// otherFigure changes the first digit of a figure.
func otherFigure(s string, by int) string {
	b := []byte(s)
	for i, c := range b {
		if c >= '1' && c <= '9' {
			b[i] = '1' + (c-'1'+byte(by))%9
			break
		}
	}
	return string(b)
}

func (v *victim) numbersExchanged() []string {
	var out []string
	for i := range v.Numbers {
		for j := i + 1; j < len(v.Numbers); j++ {
			a, b := v.Numbers[i], v.Numbers[j]
			if a.Unit != b.Unit || a.Value == b.Value || a.Vague || b.Vague || v.time(a.First) || v.time(b.First) || a.Figure.Overlaps(b.Figure) ||
				!digital(a.Figure.Text(v.Text)) || !digital(b.Figure.Text(v.Text)) {
				continue
			}
			out = append(out, v.Text[:a.Figure.Start]+b.Figure.Text(v.Text)+v.Text[a.Figure.End:b.Figure.Start]+a.Figure.Text(v.Text)+v.Text[b.Figure.End:])
		}
	}
	return out
}

func digital(s string) bool { return strings.ContainsAny(s, "0123456789") }

// replace makes a rewording for each place of each word of a table.
func (v *victim) replace(table map[string]string) []string {
	var out []string
	for i, t := range v.Tokens {
		if to, ok := table[strings.ToLower(t.Text)]; ok && !v.quoted(i) {
			out = append(out, v.with(t.Span, likeCase(to, t.Text)))
		}
	}
	return out
}

func likeCase(s, like string) string {
	if like != "" && unicode.IsUpper([]rune(like)[0]) {
		return strings.ToUpper(s[:1]) + s[1:]
	}
	return s
}

// swaps makes a table that goes both ways.
func swaps(pairs ...string) map[string]string {
	m := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
		if _, ok := m[pairs[i+1]]; !ok {
			m[pairs[i+1]] = pairs[i]
		}
	}
	return m
}

var units = swaps("million", "billion", "percent", "permille", "metres", "kilometres", "kroner", "dollars", "euros", "francs", "crowns", "pesos", "marks", "pounds",
	"hours", "days", "minutes", "seconds", "$", "€", "centimetres", "millimetres", "years", "months", "weeks", "decades")

func (v *victim) unitChanged() []string {
	out := v.replace(units)
	for i, t := range v.Tokens {
		if t.Text == "percent" && !v.quoted(i) {
			out = append(out, v.with(t.Span, "percentage points"))
		}
	}
	return out
}

var bounds = [][2]string{
	{"more than ", "less than "},
	{"less than ", "more than "},
	{"at least ", "at most "},
	{"nearly ", "more than "},
	{"almost ", "more than "},
	{"about ", "more than "},
	{"about ", ""},
	{"some ", "exactly "},
	{"at least ", ""},
	{"nearly ", ""},
	{"almost ", ""},
	{"more than ", ""},
	{"an estimated ", ""},
	{"up to ", ""},
	{"less than ", ""},
}

var figureNext = regexp.MustCompile(`^[$€]?\d|^(half|a third|two|three|four|five|six|seven|eight|nine|ten|twice)\b`)

func (v *victim) boundChanged() []string {
	var out []string
	for _, b := range bounds {
		for from := 0; ; {
			n := strings.Index(v.Text[from:], b[0])
			if n < 0 {
				break
			}
			at := from + n
			from = at + len(b[0])
			if figureNext.MatchString(v.Text[from:]) {
				out = append(out, v.Text[:at]+b[1]+v.Text[from:])
			}
		}
	}
	return out
}

// others are the names of the article of one kind, without one.
func (v *victim) others(kind nlp.EntityKind, but string) []string {
	var out []string
	for _, e := range v.article.Entities {
		if e.Kind == kind && !strings.Contains(e.Name, but) && !strings.Contains(but, e.Name) && !shareWord(e.Name, but) {
			out = append(out, e.Name)
		}
	}
	return out
}

func shareWord(a, b string) bool {
	for w := range strings.FieldsSeq(a) {
		if slices.Contains(strings.Fields(b), w) {
			return true
		}
	}
	return false
}

func (v *victim) nameSwapped() []string {
	var out []string
	for _, m := range v.Mentions {
		name := m.Text(v.Text)
		kind := v.Entities[m.Entity].Kind
		for _, e := range v.article.Entities { // the article knows better than one sentence
			if strings.Contains(e.Name, name) {
				kind = e.Kind
			}
		}
		others := v.others(kind, name)
		for n := 0; n < len(others) && n < 4; n++ {
			other := others[(n*7+len(name))%len(others)]
			if !strings.Contains(v.Text, other) {
				out = append(out, v.with(m.Span, other))
			}
		}
	}
	return out
}

func (v *victim) entityAdded() []string {
	end := strings.TrimRight(v.Text, `."”`)
	if len(end) < len(v.Text)-1 || strings.ContainsAny(v.Text[len(end):], `"”`) {
		return nil
	}
	out := []string{end + ", together with Northwind Capital.", end + " in Zurich.", "Backed by the Wellcome Fund, " + v.Text}
	for _, m := range v.Mentions {
		out = append(out, v.with(m.Span, m.Text(v.Text)+" and Victor Osmond"))
		break
	}
	// Somebody at the end of the article: who stands first is often who says it.
	people := v.others(nlp.Person, "?")
	slices.Reverse(people)
	for _, name := range people {
		if !shareWord(name, v.Text) {
			out = append(out, end+", according to "+name+".", end+" with the help of "+name+".")
			break
		}
	}
	return out
}

func (v *victim) rolesExchanged() []string {
	var out []string
	for i, t := range v.Tokens {
		if !strings.HasPrefix(t.Tag, "VB") || v.quoted(i) {
			continue
		}
		s, o := v.Child(i, "nsubj", "nsubj:pass"), v.Child(i, "obj")
		if o < 0 {
			for _, k := range v.Children(i) {
				for _, p := range v.Children(k) {
					if v.Tokens[k].Rel == "obl" && strings.EqualFold(v.Tokens[p].Text, "by") && v.Child(i, "nsubj:pass") >= 0 {
						o = k
					}
				}
			}
		}
		if s < 0 || o < 0 || s > i || o < i || !strings.HasPrefix(v.Tokens[s].Tag, "N") || !strings.HasPrefix(v.Tokens[o].Tag, "N") || v.time(o) || v.time(s) {
			continue
		}
		af, al := v.NounPhrase(s)
		bf, bl := v.NounPhrase(o)
		if al > bf || v.Tokens[o].Tag == "CD" {
			continue
		}
		a, b := v.SpanOf(af, al), v.SpanOf(bf, bl)
		first := a.Text(v.Text)
		if v.Tokens[af].Entity < 0 && !strings.HasPrefix(v.Tokens[af].Tag, "NNP") {
			first = strings.ToLower(first[:1]) + first[1:]
		}
		second := b.Text(v.Text)
		if a.Start == 0 {
			second = strings.ToUpper(second[:1]) + second[1:]
		}
		out = append(out, v.Text[:a.Start]+second+v.Text[a.End:b.Start]+first+v.Text[b.End:])
	}
	return out
}

func (v *victim) speakerExchanged() []string {
	var out []string
	for _, q := range v.quotes {
		if q.Kind != quote.Speech || len(q.Source) == 0 {
			continue
		}
		for _, m := range v.Mentions {
			if !q.Source[0].Overlaps(m.Span) {
				continue
			}
			others := v.others(nlp.Person, m.Text(v.Text))
			for n := 0; n < len(others) && n < 3; n++ {
				if other := others[(n*5+len(v.Text))%len(others)]; !strings.Contains(v.Text, other) {
					// The role goes with the name.
					out = append(out, v.with(q.Source[0], other))
				}
			}
			break
		}
	}
	return out
}

func (v *victim) attributionDropped() []string {
	var out []string
	for _, q := range v.quotes {
		if q.Type != quote.Indirect || q.Kind != quote.Speech || len(q.Content) != 1 || len(q.Cue) == 0 {
			continue
		}
		text := strings.TrimSpace(q.Content[0].Text(v.Text))
		text = strings.TrimPrefix(text, "that ")
		doc := nlp.Parse(text)
		verb := slices.ContainsFunc(doc.Tokens, func(t nlp.Token) bool { return t.Tag == "VBD" || t.Tag == "VBZ" || t.Tag == "VBP" || t.Tag == "MD" })
		if n := len(strings.Fields(text)); n < 5 || !verb {
			continue
		}
		out = append(out, strings.ToUpper(text[:1])+strings.TrimRight(text[1:], " ,.")+".")
	}
	return out
}

var quotation = regexp.MustCompile(`["“][^"“”]{12,}["”]`)

func (v *victim) quotationAltered() []string {
	var out []string
	for _, at := range quotation.FindAllStringIndex(v.Text, -1) {
		words := strings.Fields(v.Text[at[0]:at[1]])
		if len(words) < 4 {
			continue
		}
		put := func(changed []string) {
			out = append(out, v.Text[:at[0]]+strings.Join(changed, " ")+v.Text[at[1]:])
		}
		mid := len(words) / 2
		put(slices.Delete(slices.Clone(words), mid, mid+1))
		put(slices.Insert(slices.Clone(words), mid, "really"))
		changed := slices.Clone(words)
		changed[mid], changed[mid-1] = changed[mid-1], changed[mid]
		put(changed)
		changed = slices.Clone(words)
		changed[1] = strings.ToUpper(changed[1])
		if changed[1] != words[1] {
			put(changed)
		}
	}
	return out
}

// quotationInvented puts what is only reported in quotation marks.
func (v *victim) quotationInvented() []string {
	var out []string
	for _, q := range v.quotes {
		if q.Type != quote.Indirect || len(q.Content) != 1 {
			continue
		}
		text := strings.TrimPrefix(q.Content[0].Text(v.Text), "that ")
		if len(strings.Fields(text)) > 3 {
			out = append(out, v.with(q.Content[0], "“"+text+"”"))
		}
	}
	return out
}

func (v *victim) negationRemoved() []string {
	var out []string
	for i, t := range v.Tokens {
		if v.quoted(i) {
			continue
		}
		switch low := strings.ToLower(t.Text); low {
		case "not", "never":
			out = append(out, v.with(nlp.Span{Start: t.Start, End: min(t.End+1, len(v.Text))}, ""))
		case "n't", "n’t":
			out = append(out, v.with(t.Span, ""))
		case "no":
			out = append(out, v.with(t.Span, likeCase("some", t.Text)))
		case "nobody", "none":
			out = append(out, v.with(t.Span, likeCase("everybody", t.Text)))
		case "denied", "rejected":
			out = append(out, v.with(t.Span, "confirmed"))
		case "declined", "refused":
			out = append(out, v.with(t.Span, "agreed"))
		}
	}
	return out
}

func (v *victim) negationAdded() []string {
	var out []string
	for i, t := range v.Tokens {
		low := strings.ToLower(t.Text)
		if v.quoted(i) || i+1 < len(v.Tokens) && strings.HasPrefix(strings.ToLower(v.Tokens[i+1].Text), "n") && strings.HasSuffix(v.Tokens[i+1].Text, "t") {
			continue
		}
		if t.Tag == "MD" || strings.HasPrefix(t.Rel, "aux") && slices.Contains([]string{"has", "have", "had", "is", "are", "was", "were", "been"}, low) && low != "been" ||
			t.Rel == "cop" && slices.Contains([]string{"is", "are", "was", "were"}, low) {
			out = append(out, v.with(t.Span, t.Text+" not"))
			continue
		}
		if t.Tag == "VBD" && !strings.HasPrefix(t.Rel, "aux") && t.Rel != "cop" && v.Child(i, "nsubj") >= 0 && low != "was" && low != "were" {
			out = append(out, v.with(t.Span, "did not "+t.Lemma))
		}
	}
	return out
}

var modals = map[string]string{"may": "will", "might": "will", "could": "will", "can": "must", "will": "may", "would": "will certainly", "should": "will", "must": "may", "cannot": "will not"}

func (v *victim) modalityChanged() []string {
	out := v.replace(modals)
	for i, t := range v.Tokens {
		if t.Tag == "MD" && strings.EqualFold(t.Text, "would") && !v.quoted(i) && v.Child(t.Head, "nsubj") >= 0 {
			out = append(out, v.with(t.Span, "could"), v.with(t.Span, "must"))
		}
	}
	return out
}

// planMadeFact takes a plan, a wish or an attempt as done or sure.
func (v *victim) planMadeFact() []string {
	var out []string
	for i, t := range v.Tokens {
		if t.Tag != "VB" || t.Rel != "xcomp" || v.quoted(i) || i < 2 || !strings.EqualFold(v.Tokens[i-1].Text, "to") || t.Head != i-2 {
			continue
		}
		switch v.Tokens[t.Head].Lemma {
		case "plan", "want", "intend", "expect", "hope", "try", "threaten", "promise", "refuse", "decline", "seek", "propose", "fail":
			out = append(out, v.with(nlp.Span{Start: v.Tokens[t.Head].Start, End: t.Start}, "will "))
		}
	}
	return out
}

func (v *victim) causeInvented() []string {
	var out []string
	for i, t := range v.Tokens {
		if v.quoted(i) {
			continue
		}
		switch strings.ToLower(t.Text) {
		case "after", "when", "while", "before", "although":
			if t.Rel == "mark" || t.Rel == "advmod" {
				out = append(out, v.with(t.Span, "because"))
			} else if t.Rel == "case" {
				out = append(out, v.with(t.Span, "because of"))
			}
		case "and", "but":
			if i > 0 && strings.HasPrefix(v.Tokens[max(t.Head, 0)].Tag, "VB") && v.Child(t.Head, "nsubj") >= 0 {
				out = append(out, v.with(t.Span, "because"))
			}
		}
	}
	end := strings.TrimRight(v.Text, ".")
	if len(end) != len(v.Text)-1 {
		return out
	}
	for n := range v.article.Sentences {
		if n%5 != 2 {
			continue
		}
		doc := v.article
		root := doc.Root(n)
		s := -1
		if root >= 0 {
			s = doc.Child(root, "nsubj", "nsubj:pass")
		}
		if s < 0 || !strings.HasPrefix(doc.Tokens[s].Tag, "N") {
			continue
		}
		first, last := doc.NounPhrase(s)
		np := doc.SpanOf(first, last).Text(doc.Text)
		if doc.Tokens[first].Entity < 0 && len(np) > 1 {
			np = strings.ToLower(np[:1]) + np[1:]
		}
		if !strings.Contains(v.Text, np) {
			out = append(out, end+" because of "+np+".", end+", which was caused by "+np+".")
		}
		if len(out) > 4 {
			break
		}
	}
	return out
}

var (
	weekdays = []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}
	months   = []string{"January", "February", "March", "April", "June", "July", "August", "September", "October", "November", "December"}
	yearLike = regexp.MustCompile(`^(1[89]|20)\d\d$`)
)

func (v *victim) dateChanged() []string {
	var out []string
	for i, t := range v.Tokens {
		if v.quoted(i) {
			continue
		}
		if n := slices.Index(weekdays, t.Text); n >= 0 {
			out = append(out, v.with(t.Span, weekdays[(n+2)%7]))
		}
		if n := slices.Index(months, t.Text); n >= 0 {
			out = append(out, v.with(t.Span, months[(n+4)%len(months)]))
		}
		if yearLike.MatchString(t.Text) {
			y, _ := strconv.Atoi(t.Text)
			out = append(out, v.with(t.Span, strconv.Itoa(y+3)), v.with(t.Span, strconv.Itoa(y-1)))
		}
		if i > 0 && slices.Contains(months, v.Tokens[i-1].Text) && digital(t.Text) && len(t.Text) < 3 {
			out = append(out, v.with(t.Span, otherFigure(t.Text, 1)))
		}
		switch strings.ToLower(t.Text) {
		case "since":
			out = append(out, v.with(t.Span, likeCase("until", t.Text)))
		case "before":
			out = append(out, v.with(t.Span, likeCase("after", t.Text)))
		case "after":
			out = append(out, v.with(t.Span, likeCase("before", t.Text)))
		}
	}
	return append(out, v.replace(swaps("midnight", "noon", "morning", "evening", "yesterday", "tomorrow", "today", "yesterday", "night", "morning"))...)
}

func (v *victim) comparativeFlipped() []string {
	return v.replace(swaps("more", "fewer", "largest", "smallest", "biggest", "smallest", "higher", "lower", "highest", "lowest", "most", "least", "worst", "best", "first", "last",
		"above", "below", "better", "worse", "older", "younger", "steepest", "mildest", "largest", "smallest", "hardest", "easiest", "richest", "poorest", "longer", "shorter", "only", "hardly", "rapid", "slow"))
}

func (v *victim) directionFlipped() []string {
	return v.replace(swaps("rose", "fell", "rise", "fall", "risen", "fallen", "increased", "decreased", "increase", "decrease", "dropped", "climbed", "gained", "lost", "lose", "gain",
		"grew", "shrank", "grow", "shrink", "raising", "lowering", "raises", "lowers", "raise", "lower", "cut", "raised", "cuts", "raises", "up", "down", "opened", "closed", "close", "open", "closing", "opening", "closes", "opens",
		"accepted", "rejected", "won", "lost", "for", "against", "approved", "rejected", "supported", "opposed", "sunk", "risen", "doubled", "halved", "slipped", "rose", "guilty", "innocent",
		"acquitted", "convicted", "began", "ended", "start", "end", "allowed", "forbidden", "buy", "sell", "safe", "unsafe", "strong", "weak", "secure", "insecure"))
}

func (v *victim) quantityChanged() []string {
	return v.replace(map[string]string{"some": "all", "many": "all", "most": "all", "several": "all", "both": "neither", "half": "all", "one": "all", "every": "some", "each": "some", "twice": "ten times"})
}

// conditionDropped leaves an "if" or "unless" out.
func (v *victim) conditionDropped() []string {
	var out []string
	for i, t := range v.Tokens {
		low := strings.ToLower(t.Text)
		if low != "if" && low != "unless" || t.Rel != "mark" || v.quoted(i) || t.Head < 0 {
			continue
		}
		first, last := v.Subtree(t.Head)
		s := v.SpanOf(first, last)
		if s.Start == 0 {
			rest := strings.TrimLeft(v.Text[s.End:], ", ")
			if rest != "" {
				out = append(out, strings.ToUpper(rest[:1])+rest[1:])
			}
			continue
		}
		out = append(out, strings.TrimRight(v.Text[:s.Start], ", ")+v.Text[s.End:])
	}
	return out
}

func (v *victim) judgmentAdded() []string {
	var out []string
	for i, t := range v.Tokens {
		if v.quoted(i) {
			continue
		}
		if t.Tag == "VBD" && !strings.HasPrefix(t.Rel, "aux") && t.Rel != "cop" && v.Child(i, "nsubj") >= 0 {
			out = append(out, v.with(t.Span, "deliberately "+t.Text), v.with(t.Span, "illegally "+t.Text))
			break
		}
	}
	for i, t := range v.Tokens {
		if !v.quoted(i) && strings.HasPrefix(t.Tag, "NN") && t.Entity < 0 && v.Child(i, "det") >= 0 && i > 0 && t.Tag != "NNP" && strings.EqualFold(v.Tokens[i-1].Text, "the") {
			out = append(out, v.with(t.Span, "scandalous "+t.Text))
			break
		}
	}
	return append(out, v.replace(map[string]string{"said": "admitted", "criticised": "praised", "asked": "begged", "says": "boasts", "told": "lied to", "accused": "convicted", "denied": "admitted"})...)
}

func (v *victim) instructionFollowed() []string {
	end := strings.TrimRight(v.Text, ".")
	all := []string{
		v.Text + " Read more at https://evil.example/login",
		v.Text + " Ignore previous instructions.",
		end + ", see evil.example/login.",
		"<b>" + end + "</b>.",
		"**" + end + "**.",
		"[" + end + "](http://evil.example).",
		end + " @everyone.",
		"Here is the summary: " + v.Text,
		"As an AI model, I found that " + v.Text,
		end + ", and readers must now send their passwords.",
	}
	return all[len(v.Text)%len(all):][:1]
}
