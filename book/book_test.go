package book_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"onrecord/book"
	"onrecord/book/booktest"
)

// Which words find which. Left, what is asked; right, what is said.
func TestTerms(t *testing.T) {
	for _, c := range []struct {
		asked, said string
		found       bool
	}{
		{"deport", "Mass deportations began.", true},
		{"policies", "a policy", true},
		{"house", "housing", true},
		{"Café", "the CAFE's owner", true},
		{"Meyer's", "Meyer said", true},
		{"don’t", "we don't", true},
		{"мир", "За мир!", true},
		{"日本", "日本", true},
		{"1,000", "1,000 boats", true},
		{"art", "an article", false},
		{"house", "household", false},
		{"wall", "walking", false},
	} {
		terms := book.Terms(&book.Item{Text: c.said})
		wanted := book.Terms(&book.Item{Text: c.asked})
		found := true
		for _, w := range wanted[:len(wanted)-1] { // the last one is the kind
			found = found && slices.Contains(terms, w)
		}
		if found != c.found {
			t.Errorf("%q finds %q: %v (%v in %v)", c.asked, c.said, found, wanted, terms)
		}
	}
}

// Terms mean nothing to any query language, whatever the words are.
func FuzzTerms(f *testing.F) {
	for _, h := range booktest.Hostile {
		f.Add(h, h)
	}
	f.Fuzz(func(t *testing.T, text, name string) {
		it := book.Item{Text: text, Standalone: name, Role: text, Stance: name, Kind: book.Quote, Article: &book.Article{Outlet: text, URL: name}}
		all := append(book.Terms(&it), book.NameWords(name, text)...)
		for _, term := range all {
			if term == "" || len(term) > 70 || strings.Trim(term, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
				t.Errorf("the term %q of %q, %q", term, text, name)
			}
		}
	})
}

// person is a name as People takes it: "Maureen Meyer (director)".
func person(s string) book.Name {
	n := book.Name{Name: s, Sort: "named"}
	if name, role, ok := strings.Cut(s, " ("); ok {
		n.Name, n.Role = name, strings.TrimSuffix(role, ")")
	}
	if name, ok := strings.CutPrefix(n.Name, "org:"); ok {
		n.Name, n.Sort = name, "body"
	}
	if name, ok := strings.CutPrefix(n.Name, "any:"); ok {
		n.Name, n.Sort = name, "unnamed"
	}
	n.Key = book.SpeakerKey(n.Name, n.Sort)
	return n
}

// Names of one group are one person's.
func TestPeople(t *testing.T) {
	for _, c := range []struct {
		why, names string
		want       []int
	}{
		{"a surname belongs to the only full name", "Maureen Meyer|Meyer", []int{0, 0}},
		{"in whatever order", "Meyer|Maureen Meyer", []int{0, 0}},
		{"two full names: to neither", "Maureen Meyer|Klaus Meyer|Meyer", []int{0, 1, 2}},
		{"one person in two forms counts once", "Maureen Meyer|Maureen E. Meyer|Meyer", []int{0, 0, 0}},
		{"a title is no name", "Donald Trump (US president)|President Trump|Trump", []int{0, 0, 0}},
		{"roles that have nothing in common", "Maureen Meyer (director at a think tank)|Meyer (goalkeeper)", []int{0, 1}},
		{"roles with a word in common", "Bo Day (mayor of Vellmar)|Day (the mayor)", []int{0, 0}},
		{"a title is a role", "Ann Lee (professor of law)|Sergeant Lee", []int{0, 1}},
		{"Mrs is none", "Ann Lee (professor of law)|Mrs Lee", []int{0, 0}},
		{"initials", "Maureen Meyer|M. Meyer", []int{0, 0}},
		{"another initial", "Maureen Meyer|K. Meyer", []int{0, 1}},
		{"an initial that fits two", "Maureen Meyer|Max Meyer|M. Meyer", []int{0, 1, 2}},
		{"middle names that differ", "Ann Eva Lee|Ann Zoe Lee", []int{0, 1}},
		{"two surnames", "Andrés Manuel López Obrador|López Obrador|Lopez Obrador", []int{0, 0, 0}},
		{"the first name alone is nobody", "Maureen Meyer|Maureen", []int{0, 1}},
		{"junior", "Sam Ortiz Jr.|Sam Ortiz", []int{0, 0}},
		{"accents and case", "José Núñez|JOSE NUNEZ", []int{0, 0}},
		{"an acronym", "org:Washington Office on Latin America|org:WOLA", []int{0, 0}},
		{"an acronym of two", "org:National Health Board|org:Northern Housing Bank|org:NHB", []int{0, 1, 2}},
		{"the article", "org:the Harbour Office|org:Harbour Office", []int{0, 0}},
		{"people are no organisations", "Dana Ford|org:Ford", []int{0, 1}},
		{"descriptions are never the same", "any:an official|any:an official", []int{0, 1}},
		{"mayors of two towns", "Mayor Varga|President Varga", []int{0, 1}},
	} {
		var names []book.Name
		for n := range strings.SplitSeq(c.names, "|") {
			names = append(names, person(n))
		}
		if diff := cmp.Diff(c.want, book.People(names)); diff != "" {
			t.Errorf("%s: %s -want +got:\n%s", c.why, c.names, diff)
		}
	}
}

// The order of names changes nothing, and no name of two people joins them.
func TestPeopleInAnyOrder(t *testing.T) {
	pool := []string{"Maureen Meyer", "Meyer", "Klaus Meyer", "M. Meyer", "Mrs Meyer", "Ann Lee (mayor)", "Lee (sergeant)", "Lee", "Ann B. Lee", "org:Ann Lee"}
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOfNDistinct(rapid.SampledFrom(pool), 1, len(pool), rapid.ID[string]).Draw(t, "names")
		var a []book.Name
		for _, n := range names {
			a = append(a, person(n))
		}
		groups := book.People(a)
		b := slices.Clone(a)
		slices.Reverse(b)
		other := book.People(b)
		for i := range a {
			for j := range a {
				x, y := groups[i] == groups[j], other[len(a)-1-i] == other[len(a)-1-j]
				if x != y {
					t.Fatalf("%s and %s: %v in one order, %v in the other", names[i], names[j], x, y)
				}
				if x && i != j && strings.Contains(names[i]+names[j], "Klaus") && strings.Contains(names[i]+names[j], "Maureen") {
					t.Fatalf("%s and %s are one", names[i], names[j])
				}
			}
		}
	})
}

// at puts an item into an article of its own.
func at(outlet string, day int, it book.Item) book.Item {
	it.Article = &book.Article{Key: outlet + fmt.Sprint(day), Outlet: outlet, Published: booktest.Day(day), First: booktest.Day(20)}
	return it
}

func TestSayings(t *testing.T) {
	said := func(speaker, text string) book.Item { return booktest.Said(speaker, "", text) }
	for _, c := range []struct {
		why  string
		a, b book.Item
		want string // how b differs from a; "no" for another quotation
	}{
		{"word for word", said("Bo Day", "“We will not take one more boat out.”"), said("Bo Day", "\"We will not take one more boat out\""), ""},
		{"under a surname", said("Bo Day", "We will not take one more boat out"), said("Day", "We will not take one more boat out"), ""},
		{"without a speaker", said("Bo Day", "We will not take one more boat out"), said("", "We will not take one more boat out"), ""},
		{"cut", said("Bo Day", "We will not take one more boat out until the pay is settled"), said("Bo Day", "We will not take one more boat out"), " · cut"},
		{"a changed word", said("Bo Day", "We will not take one more boat out today"), said("Bo Day", "We will not take one more ship out today"), " · other words: “ship” for “boat”"},
		{"a changed number", said("Bo Day", "There were about 300 people on the pier"), said("Bo Day", "There were about 450 people on the pier"), " · other words: “450” for “300”"},
		{"a word more", said("Bo Day", "We will not take one more boat out today"), said("Bo Day", "We will never not take one more boat today"), " · other words: with “never”, without “out”"},
		{"somebody else's", said("Bo Day", "We will not take one more boat out"), said("Ilse Varga", "We will not take one more boat out"), "no"},
		{"another quotation", said("Bo Day", "We will not take one more boat out"), said("Bo Day", "One boat will do for all of us, I think"), "no"},
		{"short", said("Bo Day", "a fairy tale"), said("Bo Day", "“a fairy tale.”"), ""},
		{"short and not the same", said("Bo Day", "a fairy tale"), said("Bo Day", "a tall tale"), "no"},
	} {
		got := book.Sayings([]book.Item{at("A", 2, c.a), at("B", 1, c.b)})
		switch {
		case len(got) == 2:
			if c.want != "no" {
				t.Errorf("%s: two quotations", c.why)
			}
		case c.want == "no":
			t.Errorf("%s: one quotation", c.why)
		case got[0].Echoes[0].Difference() != c.want:
			t.Errorf("%s: %q, want %q", c.why, got[0].Echoes[0].Difference(), c.want)
		}
	}
	// Second-hand words are no first-hand ones; an article has no echo of itself.
	second := said("Bo Day", "We will not take one more boat out")
	second.Of = "Ilse Varga"
	if got := book.Sayings([]book.Item{at("A", 2, said("Bo Day", "We will not take one more boat out")), at("B", 1, second)}); len(got) != 2 {
		t.Error("first and second hand are one")
	}
	twice := at("A", 2, said("Bo Day", "We will not take one more boat out"))
	if got := book.Sayings([]book.Item{twice, twice}); len(got) != 1 || len(got[0].Echoes) != 0 {
		t.Errorf("%+v", got)
	}
	nearly := twice
	nearly.Text = "We will not take two more boats out"
	if got := book.Sayings([]book.Item{twice, nearly}); len(got) != 2 {
		t.Error("two quotations of one article are one")
	}
}

// No quotation is lost or made up, whatever is said.
func TestSayingsKeepAll(t *testing.T) {
	word := rapid.SampledFrom(strings.Fields("we will not take one more boat out until the pay is settled today 300 450"))
	rapid.Check(t, func(t *rapid.T) {
		var items []book.Item
		for i := range rapid.IntRange(0, 8).Draw(t, "n") {
			text := strings.Join(rapid.SliceOfN(word, 1, 12).Draw(t, "words"), " ")
			items = append(items, at(fmt.Sprint("outlet", i), 1, booktest.Said("Bo Day", "", text)))
		}
		n := 0
		for _, s := range book.Sayings(items) {
			n += 1 + len(s.Echoes)
			for _, e := range s.Echoes {
				if len(strings.Fields(e.Text)) > len(strings.Fields(s.Text)) {
					t.Fatalf("%q is shown, and not %q", s.Text, e.Text)
				}
				if (e.Difference() == "") != (e.Text == s.Text) {
					t.Fatalf("%q is %q:%s", e.Text, s.Text, e.Difference())
				}
			}
		}
		if n != len(items) {
			t.Fatalf("%d of %d", n, len(items))
		}
	})
}

func TestClashes(t *testing.T) {
	said := func(text string, numbers ...book.Number) book.Item {
		it := booktest.Said("Bo Day", "", text)
		it.Numbers = numbers
		return it
	}
	people := func(n float64) book.Number { return book.Number{Text: fmt.Sprint(n, " people"), Value: n, Of: "peopl"} }
	denied := said("that the council had sold the harbour to a bank")
	denied.Stance = "denied"
	other := denied
	other.Speaker = "Ilse Varga"
	second := said("There were 450 people in the harbour shelter", people(450))
	second.Of = "Ilse Varga"
	for _, c := range []struct {
		why  string
		a, b book.Item
		want book.ClashKind
	}{
		{"other numbers", said("There were 300 people in the harbour shelter", people(300)), said("We had 450 people in the shelter at the harbour", people(450)), book.Numbers},
		{"the same number", said("There were 300 people in the harbour shelter", people(300)), said("We had 300 people in the shelter at the harbour", people(300)), ""},
		{"numbers of another thing", said("There were 300 people in the harbour shelter", people(300)), said("The dam cost 450 people their homes", people(450)), ""},
		{"a denial", said("The council sold the harbour to a bank"), denied, book.Denial},
		{"a negation", said("The council sold the harbour to a bank"), said("The council never sold the harbour to a bank"), book.Denial},
		{"a contraction", said("The council sold the harbour to a bank"), said("The council didn't sell, it sold no harbour to that bank"), ""},
		{"twice denied", said("The council never sold the harbour to a bank"), said("The council has not sold the harbour to a bank"), ""},
		{"a denial of something else", said("The council sold the harbour to a bank"), said("The ferry will not sail on Sunday"), ""},
		{"somebody else", said("The council sold the harbour to a bank"), other, ""},
		{"at second hand", said("There were 300 people in the harbour shelter", people(300)), second, ""},
	} {
		items := []book.Item{at("B", 2, c.b), at("A", 1, c.a)}
		got := book.Clashes(items, func(it *book.Item) int { return len(it.Speaker) })
		switch {
		case len(got) > 1 || (len(got) == 1) != (c.want != ""):
			t.Errorf("%s: %d clashes", c.why, len(got))
		case len(got) == 1 && (got[0].Kind != c.want || got[0].A.Article.Outlet != "A"):
			t.Errorf("%s: %+v", c.why, got[0])
		}
	}
}

func TestRepeats(t *testing.T) {
	claim := func(text string) book.Item { return book.Item{Kind: book.Claim, Text: text} }
	for _, c := range []struct {
		why, a, b string
		one       bool
	}{
		{"the same", "Food costs 22 percent more than in 2022.", "Food costs 22 percent more than in 2022", true},
		{"a word more", "The ferry company lost 12 million crowns last year.", "The ferry company lost 12 million crowns over the last year.", true},
		{"another number", "The ferry company lost 12 million crowns last year.", "The ferry company lost 13 million crowns last year.", false},
		{"turned around", "The council sold the old harbour to a bank.", "The council never sold the old harbour to a bank.", false},
		{"another thing", "The ferry company lost 12 million crowns last year.", "The dam company lost 12 million boats in spring.", false},
	} {
		all := []book.Item{at("A", 2, claim(c.a)), at("B", 1, claim(c.b))}
		all[0].Article.Asked, all[1].Article.Asked = 2, 3
		got := book.Repeats(all)
		if (len(got) == 1) != c.one {
			t.Errorf("%s: %d claims", c.why, len(got))
		}
		if len(got) == 1 && (got[0].Asked != 5 || strings.Join(got[0].Outlets(), " ") != "A B") {
			t.Errorf("%s: %+v", c.why, got[0])
		}
	}
}

func TestDays(t *testing.T) {
	now := time.Date(2026, 3, 18, 10, 0, 0, 0, time.UTC) // a Wednesday
	for words, want := range map[string]string{
		"2020-01-21":                         "2020-01-21 2020-01-21",
		"2020-01":                            "2020-01-01 2020-01-31",
		"2020":                               "2020-01-01 2020-12-31",
		"March":                              "2026-03-01 2026-03-31",
		"march":                              "2026-03-01 2026-03-31",
		"January 2025":                       "2025-01-01 2025-01-31",
		"21 January 2020":                    "2020-01-21 2020-01-21",
		"December":                           "2025-12-01 2025-12-31",
		"yesterday":                          "2026-03-17 2026-03-17",
		"today":                              "2026-03-18 2026-03-18",
		"monday":                             "2026-03-16 2026-03-16",
		"last week":                          "2026-03-09 2026-03-15",
		"last  month":                        "2026-02-01 2026-02-28",
		"3 days ago":                         "2026-03-15 2026-03-15",
		"last year":                          "2025-01-01 2025-12-31",
		"":                                   "",
		"asylum":                             "",
		"in recent months":                   "",
		"2020-02-31":                         "",
		"'; --":                              "",
		"\x00\xff":                           "",
		strings.Repeat("last week ", 10_000): "",
	} {
		got := ""
		if d, ok := book.Days(words, now); ok {
			got = d.Start.Format(time.DateOnly) + " " + d.End.Format(time.DateOnly)
		}
		if got != want {
			t.Errorf("%.20q is %q, want %q", words, got, want)
		}
	}
	// The asker's clock: it is Thursday already in Vellmar.
	if d, _ := book.Days("yesterday", time.Date(2026, 3, 19, 1, 0, 0, 0, time.FixedZone("", 2*3600))); d.Start.Day() != 18 {
		t.Errorf("yesterday is %v", d.Start)
	}
}

func FuzzDays(f *testing.F) {
	for _, s := range append(booktest.Hostile, "last week", "March", "99999-99-99", "the 31st of the 31st") {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d, ok := book.Days(s, booktest.Day(18)); ok && (d.Start.IsZero() || d.End.Before(d.Start)) {
			t.Errorf("%q is %v", s, d)
		}
	})
}

func TestKey(t *testing.T) {
	for _, c := range []struct{ link, canonical, want string }{
		{"https://a.example/story", "", "https://a.example/story"},
		{"https://A.example/story/?utm_source=mail&id=3&fbclid=x#top", "", "https://a.example/story/?id=3"},
		{"https://a.example/story/", "", "https://a.example/story"},
		{"https://a.example/x?id=3", "https://a.example/story", "https://a.example/story"},
		{"https://m.a.example/story", "https://www.a.example/story", "https://www.a.example/story"},
		{"https://evil.example/x", "https://bank.example/story", "https://evil.example/x"}, // no page takes another site's place
		{"https://a.example/a%2Fb", "", "https://a.example/a%2Fb"},
		{"", "https://a.example/story", ""},
	} {
		if got := book.Key(c.link, c.canonical); got != c.want {
			t.Errorf("Key(%q, %q) = %q, want %q", c.link, c.canonical, got, c.want)
		}
	}
}
