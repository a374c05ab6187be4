// Package booktest is the conformance test of a book.Store ([Store]), with
// entries made by hand ([Entry]) for the tests of others.
package booktest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"onrecord/book"
)

// Store runs the conformance test. Open makes an empty store.
func Store(t *testing.T, open func(t *testing.T) book.Store) {
	s := suite{open}
	t.Run("Finds", s.finds)
	t.Run("Names", s.names)
	t.Run("ReplacesAndDoesNotDouble", s.replaces)
	t.Run("CountsWhoAsked", s.asked)
	t.Run("KeepsShelvesApart", s.apart)
	t.Run("ForgetsArticles", s.forgets)
	t.Run("ForgetsPeople", s.forgetsPeople)
	t.Run("Retention", s.retention)
	t.Run("IsOverItsTime", s.expires)
	t.Run("HostileValues", s.hostile)
	t.Run("AnyOrder", s.model)
}

type suite struct {
	open func(t *testing.T) book.Store
}

// Gazette is a shelf.
var Gazette = book.Shelf{Platform: "slack", Workspace: "T1"}

// Day is a day of January 2026.
func Day(n int) time.Time { return time.Date(2026, 1, n, 0, 0, 0, 0, time.UTC) }

// Said is a quotation.
func Said(speaker, role, text string) book.Item {
	return book.Item{Kind: book.Quote, Text: text, Speaker: speaker, Sort: "named", Role: role, Verb: "said", Stance: "said", Type: "direct"}
}

// Entry is an article that was published on a day of January 2026, with what is
// said in it.
func Entry(key string, day int, items ...book.Item) book.Entry {
	var text strings.Builder
	for _, it := range items {
		text.WriteString(it.Text + "\n\n")
	}
	return book.Entry{
		Article: book.Article{
			Key: key, Alias: key, URL: key, Title: "Title of " + key, Outlet: "The Vellmar Gazette", Published: Day(day),
			First: Day(20), Read: Day(20), Versions: 1, SHA256: text.String(), Engine: "1",
		},
		Text: text.String(), Items: items, Member: "ada",
	}
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func find(t testing.TB, s book.Store, shelf book.Shelf, q book.Search) string {
	t.Helper()
	if q.Most == 0 {
		q.Most = 100
	}
	items, err := s.Find(context.Background(), []book.Shelf{shelf}, q)
	ok(t, err)
	return texts(items)
}

func texts(items []book.Item) string {
	var all []string
	for _, it := range items {
		all = append(all, it.Text)
	}
	return strings.Join(all, " | ")
}

func (s suite) finds(t *testing.T) {
	st, ctx := s.open(t), t.Context()
	denied := Said("Ilse Varga", "union head", "No asylum seekers waited here.")
	denied.Stance = "denied"
	claim := book.Item{Kind: book.Claim, Text: "Asylum requests doubled.", Score: .5}
	full := Said("Bo Day", "mayor", "The house is full … and asylum takes years.")
	full.Pieces, full.Unclear, full.Numbers = []string{"a", "b"}, []string{"x"}, []book.Number{{Text: "two", Value: 2, Of: "boat"}}
	full.SaidOn, full.Link, full.Of = "2026-01-02", "https://a.example/#x", "Harrow Lines"
	for _, e := range []book.Entry{
		Entry("https://a.example/1", 5, Said("Ilse Varga", "union head", "Asylum is a right."), claim),
		Entry("https://a.example/2", 9, full, denied),
		Entry("https://a.example/3", 7, Said("Bo Day", "mayor", "Ferries run again.")),
	} {
		ok(t, st.Put(ctx, Gazette, e))
	}
	const right, years, none, ferries, doubled = "Asylum is a right.", "The house is full … and asylum takes years.", "No asylum seekers waited here.", "Ferries run again.", "Asylum requests doubled."
	quotes := []book.Kind{book.Quote}
	for name, c := range map[string]struct {
		q    book.Search
		want []string
	}{
		"everything, newest first": {book.Search{}, []string{none, years, ferries, doubled, right}},
		"a word in any form":       {book.Search{Terms: []string{"asylum"}, Kinds: quotes}, []string{none, years, right}},
		"two words":                {book.Search{Terms: []string{"asylum", "year"}}, []string{years}},
		"claims":                   {book.Search{Kinds: []book.Kind{book.Claim}}, []string{doubled}},
		"two kinds":                {book.Search{Kinds: []book.Kind{book.Claim, book.Quote}, Terms: []string{"asylum"}}, []string{none, years, doubled, right}},
		"a speaker":                {book.Search{Speakers: []string{book.SpeakerKey("Bo Day", "named")}}, []string{years, ferries}},
		"two speakers, one there":  {book.Search{Speakers: []string{book.SpeakerKey("Bo Day", "named"), "named:nobody"}}, []string{years, ferries}},
		"nobody":                   {book.Search{Speakers: []string{"named:nobody"}}, nil},
		"no speakers at all":       {book.Search{Speakers: []string{}}, nil},
		"a stance":                 {book.Search{Terms: []string{"_tdenied"}}, []string{none}},
		"an outlet":                {book.Search{Terms: []string{"_ogazett", "ferri"}}, []string{ferries}},
		"a role":                   {book.Search{Terms: []string{"_rmayor"}}, []string{years, ferries}},
		"since":                    {book.Search{Since: Day(7), Kinds: quotes}, []string{none, years, ferries}},
		"until":                    {book.Search{Until: Day(7), Kinds: quotes}, []string{ferries, right}},
		"one day":                  {book.Search{Since: Day(7), Until: Day(7)}, []string{ferries}},
		"no day":                   {book.Search{Since: Day(8), Until: Day(7)}, nil},
		"the newest two":           {book.Search{Most: 2}, []string{none, years}},
		"a word that is not there": {book.Search{Terms: []string{"penguin"}}, nil},
	} {
		if got, want := find(t, st, Gazette, c.q), strings.Join(c.want, " | "); got != want {
			t.Errorf("%s: %s\nwant: %s", name, got, want)
		}
	}
	// Whole.
	items, err := st.Find(ctx, []book.Shelf{Gazette, {Platform: "slack", Workspace: "unknown"}}, book.Search{Terms: []string{"hous"}, Most: 1})
	ok(t, err)
	want := full
	article := Entry("https://a.example/2", 9).Article
	article.SHA256, article.Asked = items[0].Article.SHA256, 1
	want.Article = &article
	if diff := cmp.Diff([]book.Item{want}, items); diff != "" {
		t.Error(diff)
	}
	var each []book.Item
	ok(t, st.Each(ctx, Gazette, func(it book.Item) error { each = append(each, it); return nil }))
	if got := texts(each); got != strings.Join([]string{right, doubled, ferries, years, none}, " | ") {
		t.Errorf("Each gives %s", got)
	}
	stop := errors.New("stop")
	if err := st.Each(ctx, Gazette, func(book.Item) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("Each = %v", err)
	}
}

func (s suite) names(t *testing.T) {
	st, ctx := s.open(t), t.Context()
	body := Said("Washington Office on Latin America", "", "Five.")
	body.Sort = "body"
	crowd := Said("hundreds of migrants", "", "Six.")
	crowd.Sort = "collective"
	ok(t, st.Put(ctx, Gazette, Entry("1", 1, Said("Maureen Meyer", "director", "One."), Said("Meyer", "", "Two."))))
	ok(t, st.Put(ctx, Gazette, Entry("2", 2, Said("Maureen Meyer", "", "Three."), body, crowd)))
	ok(t, st.Put(ctx, Gazette, Entry("3", 3, Said("Ilse Varga", "", "Four."))))
	for name, c := range map[string]struct {
		s    book.NameSearch
		want string
	}{
		"surname":           {book.NameSearch{Words: []string{"meyer"}}, "Maureen Meyer, Meyer"},
		"full name":         {book.NameSearch{Words: []string{"maureen", "meyer"}}, "Maureen Meyer"},
		"whole words only":  {book.NameSearch{Words: []string{"mey"}}, ""},
		"beginning":         {book.NameSearch{Words: []string{"mey"}, Prefix: true}, "Maureen Meyer, Meyer"},
		"two beginnings":    {book.NameSearch{Words: []string{"mau", "m"}, Prefix: true}, "Maureen Meyer"},
		"initials":          {book.NameSearch{Words: []string{"wola"}}, "Washington Office on Latin America"},
		"crowd":             {book.NameSearch{Words: []string{"migrant"}}, "hundreds of migrants"},
		"named only":        {book.NameSearch{Words: []string{"migrant"}, Named: true}, ""},
		"the last speakers": {book.NameSearch{Named: true}, "Ilse Varga, Washington Office on Latin America, Maureen Meyer, Meyer"},
		"all or none":       {book.NameSearch{Words: []string{"meyer"}, Most: 2, Whole: true}, "Maureen Meyer, Meyer"},
		"none":              {book.NameSearch{Words: []string{"meyer"}, Most: 1, Whole: true}, ""},
		"whoever spoke":     {book.NameSearch{}, "Ilse Varga, hundreds of migrants, Washington Office on Latin America, Maureen Meyer, Meyer"},
		"so many":           {book.NameSearch{Named: true, Most: 1}, "Ilse Varga"},
	} {
		if c.s.Most == 0 {
			c.s.Most = 50
		}
		got, err := st.Names(ctx, []book.Shelf{Gazette}, c.s)
		ok(t, err)
		var names []string
		for _, n := range got {
			names = append(names, n.Name)
			if n.Name == "Maureen Meyer" && n.Role != "director" {
				t.Errorf("%s: her role is %q", name, n.Role)
			}
		}
		if got := strings.Join(names, ", "); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func (s suite) replaces(t *testing.T) {
	st, ctx := s.open(t), t.Context()
	first := Entry("1", 1, Said("Bo Day", "", "It stays."), Said("Bo Day", "", "It goes."))
	ok(t, st.Put(ctx, Gazette, first))
	ok(t, st.Put(ctx, Gazette, first))
	again := first
	again.Article.Read = Day(21)
	ok(t, st.Put(ctx, Gazette, again))
	if got := find(t, st, Gazette, book.Search{}); got != "It goes. | It stays." {
		t.Errorf("briefed three times: %s", got)
	}
	// Another engine reads the same text otherwise.
	engine := again
	engine.Article.Engine, engine.Items = "2", engine.Items[:1]
	ok(t, st.Put(ctx, Gazette, engine))
	if got := find(t, st, Gazette, book.Search{}); got != "It stays." {
		t.Errorf("of another engine: %s", got)
	}
	ok(t, st.Put(ctx, Gazette, again))
	// Changed: a quotation of before that the text has no longer stays, marked.
	changed := Entry("1", 4, Said("Bo Day", "", "It stays."), Said("Cy Lund", "", "It is new."))
	changed.Article.Read = Day(22)
	ok(t, st.Put(ctx, Gazette, changed))
	ok(t, st.Put(ctx, Gazette, changed))
	ok(t, st.Put(ctx, Gazette, again)) // an old reading comes late
	items, err := st.Find(ctx, []book.Shelf{Gazette}, book.Search{Most: 9})
	ok(t, err)
	if got := texts(items); got != "It goes. | It is new. | It stays." {
		t.Errorf("changed: %s", got)
	}
	for _, it := range items {
		if gone := !it.Gone.IsZero(); gone != (it.Text == "It goes.") || gone && !it.Gone.Equal(Day(22)) {
			t.Errorf("%s gone: %v", it.Text, it.Gone)
		}
		if a := it.Article; a.Versions != 2 && a.Versions != 4 || !a.First.Equal(Day(20)) || !a.Read.Equal(Day(22)) || !a.Published.Equal(Day(4)) {
			t.Errorf("the article is now %+v", *a)
		}
	}
	if got := find(t, st, Gazette, book.Search{Until: Day(3)}); got != "" {
		t.Errorf("under its old day: %s", got)
	}
	// Nobody who speaks no longer is left.
	last := Entry("1", 4, Said("Bo Day", "", "It goes."))
	last.Article.Read, last.Article.SHA256 = Day(23), "last"
	last.Text += "It stays. It is new."
	ok(t, st.Put(ctx, Gazette, last))
	names, err := st.Names(ctx, []book.Shelf{Gazette}, book.NameSearch{Words: []string{"lund"}, Most: 9})
	if err != nil || len(names) > 0 {
		t.Errorf("left: %v, %v", names, err)
	}
	if got := find(t, st, Gazette, book.Search{}); got != "It goes." {
		t.Errorf("in the end: %s", got)
	}
}

func (s suite) asked(t *testing.T) {
	st, ctx := s.open(t), t.Context()
	for _, who := range []string{"ada", "bob", "ada", ""} {
		e := Entry("1", 1, Said("Bo Day", "", "One."))
		e.Member = who
		ok(t, st.Put(ctx, Gazette, e))
	}
	items, err := st.Find(ctx, []book.Shelf{Gazette}, book.Search{Most: 1})
	ok(t, err)
	if n := items[0].Article.Asked; n != 2 {
		t.Errorf("%d people asked, want 2", n)
	}
	for who, want := range map[string]int{"ada": 1, "eve": 2} {
		if n, found, err := st.Others(ctx, Gazette, "1", who); n != want || !found || err != nil {
			t.Errorf("besides %s: %d, %v, %v, want %d", who, n, found, err, want)
		}
	}
	if _, found, err := st.Others(ctx, Gazette, "2", "ada"); found || err != nil {
		t.Errorf("found %v, %v", found, err)
	}
}

// private is what ada asked in her direct conversation.
var private = book.Shelf{Platform: "slack", Workspace: "T1", Member: "ada", Channel: "D1"}

func (s suite) apart(t *testing.T) {
	st, ctx := s.open(t), t.Context()
	shelves := []book.Shelf{
		Gazette,
		{Platform: "slack", Workspace: "T2"},
		{Platform: "discord", Workspace: "T1"},
		private,
		{Platform: "slack", Workspace: "T1", Member: "bob", Channel: "D1"},
		{Platform: "slack", Workspace: "T1", Member: "ada", Channel: "D2"},
	}
	for i, where := range shelves {
		ok(t, st.Put(ctx, where, Entry("1", 1, Said("Bo Day", fmt.Sprint("role", i), fmt.Sprint("on ", i)))))
	}
	for i, where := range shelves {
		if got, want := find(t, st, where, book.Search{Terms: []string{}}), fmt.Sprint("on ", i); got != want {
			t.Errorf("%+v has %s, want %s", where, got, want)
		}
		if got := find(t, st, where, book.Search{Speakers: []string{book.SpeakerKey("Bo Day", "named")}}); got != fmt.Sprint("on ", i) {
			t.Errorf("by speaker %+v has %s", where, got)
		}
		names, err := st.Names(ctx, []book.Shelf{where}, book.NameSearch{Words: []string{"day"}, Most: 9})
		if err != nil || len(names) != 1 || names[0].Role != fmt.Sprint("role", i) {
			t.Errorf("%+v: %+v, %v", where, names, err)
		}
	}
	items, err := st.Find(ctx, []book.Shelf{Gazette, private, private}, book.Search{Most: 9})
	if err != nil || texts(items) != "on 3 | on 0" {
		t.Errorf("both: %s, %v", texts(items), err)
	}
	names, err := st.Names(ctx, []book.Shelf{Gazette, private}, book.NameSearch{Words: []string{"day"}, Most: 9})
	if err != nil || len(names) != 1 {
		t.Errorf("both: %+v, %v", names, err)
	}
	if _, found, err := st.Others(ctx, book.Shelf{Platform: "slack", Workspace: "T3"}, "1", "ada"); found || err != nil {
		t.Error(found, err)
	}
	ok(t, st.Forget(ctx, Gazette, "1"))
	for i, where := range shelves {
		want := fmt.Sprint("on ", i)
		if i == 0 {
			want = ""
		}
		if got := find(t, st, where, book.Search{}); got != want {
			t.Errorf("after forgetting on the first: %+v has %q, want %q", where, got, want)
		}
	}
}

func (s suite) forgets(t *testing.T) {
	st, ctx := s.open(t), t.Context()
	e := Entry("https://a.example/1", 1, Said("Bo Day", "", "One."), Said("Cy Lund", "", "Two."))
	e.Article.Alias = "https://a.example/1?from=mail"
	ok(t, st.Put(ctx, Gazette, e))
	ok(t, st.Put(ctx, Gazette, Entry("2", 1, Said("Bo Day", "", "Three."))))
	ok(t, st.Forget(ctx, Gazette, "unknown"))
	ok(t, st.Forget(ctx, Gazette, "https://a.example/1?from=mail"))
	if got := find(t, st, Gazette, book.Search{}); got != "Three." {
		t.Errorf("left: %s", got)
	}
	names, err := st.Names(ctx, []book.Shelf{Gazette}, book.NameSearch{Named: true, Most: 9})
	if err != nil || len(names) != 1 || names[0].Name != "Bo Day" {
		t.Errorf("left: %+v, %v", names, err)
	}
	ok(t, st.Put(ctx, Gazette, e)) // it may come again
	if got := find(t, st, Gazette, book.Search{}); got != "Two. | One. | Three." && got != "Three. | Two. | One." {
		t.Errorf("again: %s", got)
	}
}

func (s suite) forgetsPeople(t *testing.T) {
	st, ctx := s.open(t), t.Context()
	ok(t, st.Put(ctx, Gazette, Entry("alone", 1, Said("Bo Day", "", "Hers alone."))))
	shared := Entry("shared", 2, Said("Bo Day", "", "Of both."))
	ok(t, st.Put(ctx, Gazette, shared))
	shared.Member = "bob"
	ok(t, st.Put(ctx, Gazette, shared))
	ok(t, st.Put(ctx, private, Entry("text", 3, Said("Bo Day", "", "In private."))))
	other := book.Shelf{Platform: "slack", Workspace: "T2"}
	ok(t, st.Put(ctx, other, Entry("alone", 1, Said("Bo Day", "", "Elsewhere."))))
	ok(t, st.ForgetMember(ctx, Gazette, "ada"))
	for where, want := range map[book.Shelf]string{Gazette: "Of both.", private: "", other: "Elsewhere."} {
		if got := find(t, st, where, book.Search{}); got != want {
			t.Errorf("%+v: %q, want %q", where, got, want)
		}
	}
	if n, _, err := st.Others(ctx, Gazette, "shared", "eve"); n != 1 || err != nil {
		t.Errorf("%d are known to have asked, %v", n, err)
	}
}

func (s suite) retention(t *testing.T) {
	st, ctx := s.open(t), t.Context()
	now := func(key string) book.Entry {
		e := Entry(key, 1, Said("Bo Day", "", "In "+key))
		e.Article.Read = time.Now()
		return e
	}
	ok(t, st.SetRetention(ctx, Gazette, book.Retention{Off: true}))
	ok(t, st.Put(ctx, Gazette, now("off")))
	ok(t, st.Put(ctx, private, now("off")))
	if got := find(t, st, Gazette, book.Search{}) + find(t, st, private, book.Search{}); got != "" {
		t.Errorf("switched off: %s", got)
	}
	ok(t, st.SetRetention(ctx, Gazette, book.Retention{}))
	old := now("old")
	old.Article.Read = time.Now().Add(-48 * time.Hour)
	ok(t, st.Put(ctx, Gazette, old))
	ok(t, st.Put(ctx, Gazette, now("new")))
	ok(t, st.SetRetention(ctx, Gazette, book.Retention{Keep: 24 * time.Hour}))
	if got := find(t, st, Gazette, book.Search{}); got != "In new" {
		t.Errorf("after a day: %s", got)
	}
	ok(t, st.SetRetention(ctx, Gazette, book.Retention{Keep: time.Nanosecond}))
	ok(t, st.Put(ctx, Gazette, now("later")))
	if got := find(t, st, Gazette, book.Search{}); got != "" {
		t.Errorf("kept for no time: %s", got)
	}
}

func (s suite) expires(t *testing.T) {
	st, ctx := s.open(t), t.Context()
	e := Entry("1", 1, Said("Bo Day", "", "One."))
	e.Keep = time.Nanosecond
	ok(t, st.Put(ctx, private, e))
	if got := find(t, st, private, book.Search{}); got != "" {
		t.Errorf("found: %s", got)
	}
	e.Keep = time.Hour
	e.Article.Read = Day(25)
	ok(t, st.Put(ctx, private, e))
	if got := find(t, st, private, book.Search{}); got != "One." {
		t.Errorf("asked again: %q", got)
	}
}

// Hostile are words that mean something to a query language, or break one.
var Hostile = []string{
	"", "'", `"`, `""`, "'; DROP TABLE book_items; --", `" OR "1"="1`, "NEAR(a b)", "a AND NOT b", "* OR *", "terms : x", "{a b} : c", "^x", "-x", "+x", "x*",
	"%", "_", "?", "[a-z]", "\\", "\x00", "a\x00b", "\xff\xfe", "\u202e", "é", "e\u0301", "日本語", "ﬁ", "👩‍👩‍👧‍👦", "_w1", "_s1", "_kquote", "$1", "{{.}}", "\n", "IS NULL", "rank MATCH 'bm25'",
}

func (s suite) hostile(t *testing.T) {
	st, ctx := s.open(t), t.Context()
	for i, h := range Hostile {
		where := book.Shelf{Platform: h, Workspace: h, Member: "m" + h, Channel: h}
		valid := strings.ToValidUTF8(h, "?")
		it := Said(valid, valid, "says "+valid)
		e := Entry(h, 1, it)
		e.Article.Title, e.Article.Outlet, e.Article.URL, e.Article.Alias, e.Member = valid, valid, valid, h, h
		ok(t, st.Put(ctx, where, e))
		if got := find(t, st, where, book.Search{}); got != it.Text {
			t.Errorf("%q: %q", h, got)
		}
		if got := find(t, st, where, book.Search{Speakers: []string{h, book.SpeakerKey(valid, "named")}}); valid != "" && got != it.Text {
			t.Errorf("%q by speaker: %q", h, got)
		}
		find(t, st, where, book.Search{Terms: []string{h, "x"}})
		if got := find(t, st, where, book.Search{Terms: []string{h}}); got != "" && book.Terms(&it)[0] != h && !slices.Contains(book.Terms(&it), h) && !strings.HasPrefix(h, "_") {
			t.Errorf("%q found %q", h, got)
		}
		for _, prefix := range []bool{false, true} {
			_, err := st.Names(ctx, []book.Shelf{where}, book.NameSearch{Words: []string{h, h}, Prefix: prefix, Most: 9})
			ok(t, err)
		}
		if n, found, err := st.Others(ctx, where, h, h); n != 0 || !found || err != nil {
			t.Errorf("%q: %d, %v, %v", h, n, found, err)
		}
		if i%2 == 0 {
			ok(t, st.Forget(ctx, where, h))
			if got := find(t, st, where, book.Search{}); got != "" {
				t.Errorf("%q is left: %q", h, got)
			}
		}
	}
}

// model compares with a list, step by step.
func (s suite) model(t *testing.T) {
	st, ctx := s.open(t), context.Background()
	word := rapid.SampledFrom(strings.Fields("asylum boats council dam ferry goats house island"))
	name := rapid.SampledFrom([]string{"Bo Day", "Cy Lund", "Ilse Varga", ""})
	round := 0
	rapid.Check(t, func(rt *rapid.T) {
		round++
		shelves := []book.Shelf{
			{Platform: "model", Workspace: fmt.Sprint(round, "a")},
			{Platform: "model", Workspace: fmt.Sprint(round, "b")},
			{Platform: "model", Workspace: fmt.Sprint(round, "a"), Member: "ada", Channel: "D"},
		}
		type key struct {
			shelf int
			key   string
		}
		have := map[key]book.Entry{}
		n := 0
		for range rapid.IntRange(1, 8).Draw(rt, "articles") {
			n++
			k := key{rapid.IntRange(0, 2).Draw(rt, "shelf"), fmt.Sprint(rapid.IntRange(0, 3).Draw(rt, "key"))}
			if rapid.IntRange(0, 4).Draw(rt, "forget") == 0 {
				if err := st.Forget(ctx, shelves[k.shelf], k.key); err != nil {
					rt.Fatal(err)
				}
				delete(have, k)
				continue
			}
			var items []book.Item
			for i := range rapid.IntRange(0, 4).Draw(rt, "items") {
				it := Said(name.Draw(rt, "speaker"), "", fmt.Sprintf("%s %s x%dx%d", word.Draw(rt, "word"), word.Draw(rt, "word"), n, i))
				if rapid.Bool().Draw(rt, "claim") {
					it.Kind = book.Claim // a claim of before leaves nothing
				}
				items = append(items, it)
			}
			e := Entry(k.key, rapid.IntRange(1, 9).Draw(rt, "day"), items...)
			e.Article.Read, e.Article.SHA256 = Day(20).Add(time.Duration(n)*time.Minute), fmt.Sprint(n)
			if err := st.Put(ctx, shelves[k.shelf], e); err != nil {
				rt.Fatal(err)
			}
			if old, ok := have[k]; ok {
				e.Items = book.Merge(old.Items, &e)
			}
			have[k] = e
		}
		q := book.Search{Most: 100}
		if rapid.Bool().Draw(rt, "about") {
			q.Terms = book.Terms(&book.Item{Text: word.Draw(rt, "wanted")})[:1]
		}
		if rapid.Bool().Draw(rt, "by") {
			q.Speakers = []string{book.SpeakerKey(name.Draw(rt, "by whom"), "named")}
		}
		if rapid.Bool().Draw(rt, "since") {
			q.Since = Day(rapid.IntRange(1, 9).Draw(rt, "first"))
		}
		if rapid.Bool().Draw(rt, "until") {
			q.Until = Day(rapid.IntRange(1, 9).Draw(rt, "last"))
		}
		which := rapid.SampledFrom([][]int{{0}, {1}, {2}, {0, 2}, {0, 1, 2}}).Draw(rt, "of")
		var want []string
		var asked []book.Shelf
		for _, i := range which {
			asked = append(asked, shelves[i])
		}
		for k, e := range have {
			day := e.Article.Date()
			if !slices.Contains(which, k.shelf) || !q.Since.IsZero() && day.Before(q.Since) || !q.Until.IsZero() && day.After(q.Until) {
				continue
			}
			for _, it := range e.Items {
				it.Article = &e.Article
				fits := len(q.Speakers) == 0 || it.Speaker != "" && q.Speakers[0] == book.SpeakerKey(it.Speaker, it.Sort)
				for _, term := range q.Terms {
					fits = fits && slices.Contains(book.Terms(&it), term)
				}
				if fits {
					want = append(want, it.Text)
				}
			}
		}
		items, err := st.Find(ctx, asked, q)
		if err != nil {
			rt.Fatal(err)
		}
		var got []string
		for i, it := range items {
			got = append(got, it.Text)
			if i > 0 && items[i-1].Article.Date().Before(it.Article.Date()) {
				rt.Fatalf("%v stands behind %v", it.Article.Date(), items[i-1].Article.Date())
			}
		}
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			rt.Fatalf("Find(%+v, %+v) -want +got:\n%s", asked, q, diff)
		}
	})
}
