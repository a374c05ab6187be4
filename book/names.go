package book

import (
	"slices"
	"strings"

	"onrecord/quote"
)

// SpeakerKey is what two articles' names must have in common for a store to
// keep them as one: see Name.Key.
func SpeakerKey(name, sort string) string {
	return sort + ":" + strings.Join(foldedWords(name), " ")
}

// NameWords are the words that a name is found by. An organisation of several
// words is also found by its initials.
func NameWords(name, sort string) []string {
	t := terms{seen: map[string]bool{}}
	n := nameOf(name)
	for _, w := range slices.Concat(n.titles, n.words) {
		t.add(term(w))
		if sort != string(quote.Named) && sort != string(quote.Body) {
			t.add(term(stem(w)))
		}
	}
	if i := initials(name); sort == string(quote.Body) && i != "" {
		t.add(term(i))
	}
	return t.all[:min(len(t.all), 24)]
}

// name is a name taken apart.
type name struct {
	titles []string // "president"
	words  []string // "donald", "trump"
}

// titles stand before names and are no part of them.
var titles = func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(`mr mrs ms miss dr prof professor sir dame lord lady judge justice president vice former acting
		senator sen representative rep congressman congresswoman governor gov mayor minister secretary chancellor premier prime
		king queen prince princess pope bishop archbishop cardinal father rev reverend rabbi imam captain capt colonel col general gen
		major maj lieutenant lt sergeant sgt officer chief sheriff deputy detective inspector ambassador director chairman chairwoman
		councillor councilman councilwoman us the`) {
		m[w] = true
	}
	return m
}()

// suffixes stand behind names.
var suffixes = map[string]bool{"jr": true, "sr": true, "ii": true, "iii": true, "iv": true}

func nameOf(s string) name {
	words := foldedWords(s)
	var n name
	for len(words) > 1 && titles[words[0]] {
		if words[0] != "the" {
			n.titles = append(n.titles, words[0])
		}
		words = words[1:]
	}
	for len(words) > 2 && suffixes[words[len(words)-1]] {
		words = words[:len(words)-1]
	}
	n.words = words
	return n
}

// initials are those of an organisation's name, "wola" of "Washington Office on
// Latin America"; empty where there are fewer than three.
func initials(s string) string {
	var b strings.Builder
	for _, w := range foldedWords(s) {
		if !small[stem(w)] && w != "the" {
			b.WriteString(string([]rune(w)[:1]))
		}
	}
	if n := len([]rune(b.String())); n < 3 || n > 8 {
		return ""
	}
	return b.String()
}

// isAcronym reports whether an organisation's name is one word of capitals.
func isAcronym(s string) bool {
	s = strings.TrimPrefix(s, "the ")
	return len(s) >= 3 && len(s) <= 8 && strings.ToUpper(s) == s && !strings.Contains(s, " ")
}

// People tells which of the names are of one person or organisation: for each
// name the number of its group, from 0 in the order of the names. All names that
// share a surname with any of them must be among them, or a surname could seem
// to belong to one person only.
//
// Names are one where their words are. Besides, of people: a surname, with a
// title or alone, belongs to the full name with that surname, and "M. Meyer" to
// "Maureen Meyer", where only one such person is known and the roles do not
// speak against it. Of organisations: an acronym belongs to the name with these
// initials where only one has them. Speakers without a name ("an official") are
// never known to be the same.
func People(names []Name) []int {
	p := people{of: make([]int, len(names)), parsed: make([]name, len(names)), names: names}
	for i := range names {
		p.of[i] = i
		p.parsed[i] = nameOf(names[i].Name)
	}
	p.equal()
	for i := range names {
		switch names[i].Sort {
		case string(quote.Named):
			p.surname(i)
		case string(quote.Body):
			p.acronym(i)
		}
	}
	number := map[int]int{}
	groups := make([]int, len(names))
	for i := range names {
		root := p.root(i)
		if _, ok := number[root]; !ok {
			number[root] = len(number)
		}
		groups[i] = number[root]
	}
	return groups
}

type people struct {
	names  []Name
	parsed []name
	of     []int // union-find
}

func (p *people) root(i int) int {
	for p.of[i] != i {
		i = p.of[i]
	}
	return i
}

func (p *people) join(i, j int) {
	a, b := p.root(i), p.root(j)
	p.of[max(a, b)] = min(a, b)
}

func named(n Name) bool { return n.Sort == string(quote.Named) || n.Sort == string(quote.Body) }

func (p *people) equal() {
	first := map[string]int{}
	for i, n := range p.names {
		key := n.Sort + "\x00" + strings.Join(p.parsed[i].words, " ")
		if j, ok := first[key]; ok && named(n) && len(p.parsed[i].words) > 1 {
			p.join(i, j)
		} else if !ok {
			first[key] = i
		} else if named(n) && !p.clash(i, j) {
			p.join(i, j) // "Varga" and "President Varga"
		}
	}
}

// surname joins a shorter form of a person's name with the one longer form.
func (p *people) surname(i int) {
	short := p.parsed[i].words
	var found []int
	for j, n := range p.names {
		if n.Sort == p.names[i].Sort && shortens(short, p.parsed[j].words) {
			found = append(found, j)
		}
	}
	// All of them must be able to be one person.
	for k, a := range found {
		for _, b := range found[k+1:] {
			if p.root(a) != p.root(b) && !agree(p.parsed[a].words, p.parsed[b].words) || p.clash(a, b) {
				return
			}
		}
	}
	for _, j := range found {
		if p.clash(i, j) {
			return
		}
	}
	for _, j := range found {
		p.join(i, j)
	}
}

// shortens reports whether short is a shorter form of a full name: its last
// words, or the same with initials or without middle names.
func shortens(short, long []string) bool {
	if len(short) == 0 || len(long) < 2 || slices.Equal(short, long) {
		return false
	}
	if len(short) < len(long) && slices.Equal(short, long[len(long)-len(short):]) {
		return true
	}
	first := len(short) >= 2 && (short[0] == long[0] || len(short[0]) == 1 && strings.HasPrefix(long[0], short[0]))
	return first && len(short) <= len(long) && agree(short, long)
}

// agree reports whether two full names may be of one person: the same surname
// and a first name that is the same or the other's initial.
func agree(a, b []string) bool {
	if len(a) < 2 || len(b) < 2 || a[len(a)-1] != b[len(b)-1] {
		return false
	}
	x, y := a[0], b[0]
	if x != y && !(len(x) == 1 && strings.HasPrefix(y, x)) && !(len(y) == 1 && strings.HasPrefix(x, y)) {
		return false
	}
	// Middle names: where both have one, the same or an initial.
	if len(a) > 2 && len(b) > 2 {
		x, y = a[1], b[1]
		return strings.HasPrefix(x, y) || strings.HasPrefix(y, x)
	}
	return true
}

// clash reports whether what is known of two names speaks against one person.
func (p *people) clash(i, j int) bool {
	return RolesClash(p.role(i), p.role(j))
}

func (p *people) role(i int) string {
	return p.names[i].Role + " " + strings.Join(p.parsed[i].titles, " ")
}

// RolesClash reports whether two roles are known and have no word in common.
func RolesClash(a, b string) bool {
	x, y := roleWords(a), roleWords(b)
	if len(x) == 0 || len(y) == 0 {
		return false
	}
	for w := range x {
		if y[w] {
			return false
		}
	}
	return true
}

// roleWords are the words of a role that tell something. Manners of address
// tell nothing.
func roleWords(role string) map[string]bool {
	m := map[string]bool{}
	for _, w := range foldedWords(role) {
		switch w {
		case "mr", "mrs", "ms", "miss", "sir", "dame", "former", "acting", "the":
			continue
		}
		if s := stem(w); !small[s] {
			m[s] = true
		}
	}
	return m
}

// acronym joins an acronym with the one organisation that has these initials.
func (p *people) acronym(i int) {
	if !isAcronym(p.names[i].Name) {
		return
	}
	short := strings.Join(p.parsed[i].words, "")
	var found []int
	for j, n := range p.names {
		if n.Sort == p.names[i].Sort && initials(n.Name) == short && !slices.ContainsFunc(found, func(k int) bool { return p.root(k) == p.root(j) }) {
			found = append(found, j)
		}
	}
	if len(found) == 1 {
		p.join(i, found[0])
	}
}
