package brief

import (
	"slices"
	"strings"

	"onrecord/nlp"
)

// voice is somebody whom an article names.
type voice struct {
	name   string
	role   string
	person bool
	quoted bool
	spans  []nlp.Span
}

// findVoices lists who is named in the article: people with a full name or a
// title, and bodies that speak. Who speaks without a name is compared with
// nobody.
func (s *side) findVoices() {
	d := s.doc
	speaks := map[int]string{}
	for _, q := range s.Analysis.Quotes {
		if e := q.Speaker.Entity; speech(q) && e >= 0 && e < len(d.Entities) {
			speaks[e] = q.Speaker.Role
		}
	}
	for i, e := range d.Entities {
		role, quoted := speaks[i]
		full := strings.Contains(e.Name, " ") || len(e.Titles) > 0
		if len(s.voices) == 200 || e.Kind == nlp.Place || !quoted && !full || slices.Contains(s.Article.Byline, e.Name) || sameName(e.Name, s.Article.Publisher) || sameName(e.Name, s.Article.Dateline.Agency) {
			continue
		}
		s.voices = append(s.voices, voice{name: e.Name, role: role, person: e.Kind == nlp.Person, quoted: quoted, spans: mentions(d, i)})
	}
	for _, q := range s.Analysis.Quotes {
		if q.Speaker.Entity < 0 && q.Speaker.Name != "" && speech(q) && len(s.voices) < 200 {
			s.voices = append(s.voices, voice{name: q.Speaker.Name, quoted: true, spans: q.Speaker.Spans})
		}
	}
}

// sameCalled reports whether two names can be of one: all words of the shorter
// stand in the longer, its last word among them.
func sameCalled(a, b string) bool {
	x, y := nameWords(a), nameWords(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) == 0 || x[len(x)-1] != y[len(y)-1] && len(x) > 1 {
		return false
	}
	for _, w := range x {
		if !slices.Contains(y, w) {
			return false
		}
	}
	return true
}

// nameWords are the words of a name without articles, initials and titles.
func nameWords(name string) []string {
	return kept(foldedWords(name), func(w string) bool {
		return len(w) > 1 && w != "the" && w != "of" && w != "for" && w != "and" && w != "mr" && w != "mrs" && w != "ms" && w != "dr" && w != "jr" && w != "sr"
	})
}

// oneSlip reports whether two names of people differ by a slip of the pen: two
// letters at most in one of two words or more.
func oneSlip(a, b string) bool {
	x, y := nameWords(a), nameWords(b)
	if len(x) != len(y) || len(x) < 2 {
		return false
	}
	slips := 0
	for i := range x {
		if x[i] == y[i] {
			continue
		}
		if slips++; slips > 1 || len(x[i]) < 4 || len(y[i]) < 4 || letters(x[i], y[i]) > 2 || letters(x[i], y[i]) > 1 && min(len(x[i]), len(y[i])) < 6 {
			return false
		}
	}
	return slips == 1
}

// letters is how many letters must be added, dropped or changed to make b of a.
func letters(a, b string) int {
	s, t := []rune(a), []rune(b)
	row := make([]int, len(t)+1)
	for j := range row {
		row[j] = j
	}
	for i := range s {
		diagonal := row[0]
		row[0] = i + 1
		for j := range t {
			cost := 1
			if s[i] == t[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j]+1, row[j+1]+1, diagonal+cost)
		}
	}
	return row[len(t)]
}

// people compares who is quoted where, and how names are spelled.
func (w *world) people(c *Comparison) {
	type row struct {
		name   string
		person bool
		in     map[int]voice
	}
	var rows []row
	for _, i := range w.together {
		for _, v := range w.sides[i].voices {
			at := slices.IndexFunc(rows, func(r row) bool {
				if v.person != r.person {
					return false
				}
				return sameCalled(r.name, v.name)
			})
			if at < 0 && v.person {
				at = slices.IndexFunc(rows, func(r row) bool { _, has := r.in[i]; return !has && r.person && oneSlip(r.name, v.name) })
			}
			if at < 0 {
				rows = append(rows, row{name: v.name, person: v.person, in: map[int]voice{i: v}})
				continue
			}
			if had, has := rows[at].in[i]; !has || v.quoted && !had.quoted {
				rows[at].in[i] = v
			}
		}
	}
	for _, r := range rows {
		w.spelling(c, r.in)
		f := Finding{Kind: QuotedWhere}
		quoted, all := 0, 0
		for _, i := range w.together {
			all++
			v, has := r.in[i]
			if !has {
				continue
			}
			side := Side{Article: i, Text: v.name, Spans: v.spans, Status: "named"}
			if v.quoted {
				side.Status = "quoted"
				quoted++
			}
			f.Sides = append(f.Sides, side)
		}
		named := slices.ContainsFunc(f.Sides, func(s Side) bool { return s.Spans != nil })
		if quoted == 0 || quoted == all || !named || (!r.person || len(nameWords(r.name)) == 1) && w.spokenFor(r.name, f) {
			continue
		}
		f.Text = r.name + " is quoted " + lowerFirst(inOnly(quotedIn(f)))
		f.score = float64(quoted)
		c.Findings = append(c.Findings, f)
	}
}

func quotedIn(f Finding) []int {
	var in []int
	for _, s := range f.Sides {
		if s.Status == "quoted" {
			in = append(in, s.Article)
		}
	}
	return in
}

// spokenFor reports whether a body that some articles quote by its name speaks
// under another one in all of the rest ("the ministry"), or is not a body with a
// name at all, so that nothing can be said about it.
func (w *world) spokenFor(name string, f Finding) bool {
	for _, side := range f.Sides {
		s := w.sides[side.Article]
		if side.Status == "quoted" && !slices.ContainsFunc(s.doc.Entities, func(e nlp.Entity) bool { return e.Name == name }) {
			return true
		}
	}
	words := nameWords(name)
	for _, i := range w.together {
		if slices.ContainsFunc(f.Sides, func(s Side) bool { return s.Article == i && s.Status == "quoted" }) {
			continue
		}
		if w.sides[i].speaksUnnamed(name) {
			return true
		}
		if slices.ContainsFunc(w.sides[i].voices, func(v voice) bool {
			return v.quoted && slices.ContainsFunc(nameWords(v.name+" "+v.role), func(x string) bool { return slices.Contains(words, x) })
		}) {
			return true
		}
	}
	return false
}

// speaksUnnamed reports whether the article names a body, and has "it" or "the
// company" as the subject of a verb of saying, which may well be that body.
func (s *side) speaksUnnamed(name string) bool {
	d := s.doc
	words := nameWords(name)
	if len(words) == 0 || !slices.ContainsFunc(d.Tokens, func(t nlp.Token) bool { return strings.EqualFold(t.Text, words[len(words)-1]) }) {
		return false
	}
	for i := range d.Tokens {
		if _, ok := d.ReportingVerb(i); !ok {
			continue
		}
		k := d.Child(i, "nsubj")
		if k < 0 {
			continue
		}
		low := strings.ToLower(d.Tokens[k].Text)
		if low == "it" || low == "they" || d.Tokens[k].Tag == "NN" && k > 0 && strings.EqualFold(d.Tokens[k-1].Text, "the") {
			return true
		}
	}
	return false
}

// spelling notes that articles write a name in different ways.
func (w *world) spelling(c *Comparison, in map[int]voice) {
	f := Finding{Kind: OtherName, Text: "One name, spelled differently"}
	spellings := map[string]bool{}
	last := ""
	differs := false
	for _, i := range w.together {
		v, has := in[i]
		if !has || !v.person || len(nameWords(v.name)) < 2 {
			continue
		}
		differs = differs || last != "" && oneSlip(last, v.name)
		last = v.name
		spellings[v.name] = true
		f.Sides = append(f.Sides, Side{Article: i, Text: v.name, Spans: v.spans})
	}
	if differs {
		c.Findings = append(c.Findings, f)
	}
}
