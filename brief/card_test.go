package brief

import (
	"bufio"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onrecord/article"
	"onrecord/nlp"
	"onrecord/quote"
)

// TestSeedCard holds the fact card of the article beside the checkout to
// sections 1 and 3 of what an expert wrote about it.
func TestSeedCard(t *testing.T) {
	data, err := os.ReadFile("../../shared/data/seed/tecun-uman.txt")
	if err != nil {
		t.Skip("no seed article beside the checkout:", err)
	}
	var r article.Reader
	defer r.Close()
	a, err := r.Read(t.Context(), article.FromBytes("tecun-uman.txt", "", data))
	if err != nil {
		t.Fatal(err)
	}
	if a.Dateline.Agency != "AP" || a.Dateline.Place != "TECUN UMAN, Guatemala" || day(a.Published) != "2020-01-21" || a.Title != "" || a.Words != 564 {
		t.Errorf("read as %+v, %s, %q, %d words", a.Dateline, day(a.Published), a.Title, a.Words)
	}
	found := Analyse(a)
	var who, where, when, numbers []string
	for _, w := range found.Facts.Who {
		how := "mentioned"
		if w.Quoted {
			how = "quoted"
		}
		who = append(who, w.Name+" | "+w.Role+" | "+how)
	}
	for _, w := range found.Facts.Where {
		where = append(where, w.Name)
	}
	for _, d := range found.Facts.When {
		when = append(when, d.Span.Text(a.Text)+" "+period(day(d.Dates.Start), day(d.Dates.End)))
	}
	for _, n := range found.Facts.Numbers {
		numbers = append(numbers, n.Text+" | "+n.About(a.Text))
	}
	slices.Sort(who)
	for what, lists := range map[string][2][]string{
		"who": {who, {
			"Claudia Leon | coordinator of the Jesuit Refugee Service in the town of Tapachula | quoted",
			"Denis Contreras | a Honduran making a second try at reaching the US | quoted",
			"Donald Trump | US President | mentioned",
			"Maureen Meyer | director for Mexico and migrant rights at the Washington Office on Latin America | quoted",
			"Mexican officials |  | quoted",
			"The Mexican government |  | quoted",
			"hundreds of migrants |  | quoted", // the crowd that chants, in the expert's count of speakers
		}},
		"when": {when, {
			"Sunday night 2020-01-19", "early yesterday 2020-01-20", "Over the weekend 2020-01-18/2020-01-19", "yesterday 2020-01-20",
			"in recent months ", "over the weekend 2020-01-18/2020-01-19", "on Sunday 2020-01-19", "over the weekend 2020-01-18/2020-01-19",
		}},
		"numbers": {numbers, {
			"a second try | Denis Contreras, a Honduran making … at reaching the US, laid out the plan on Sunday night to his fellow migrants marooned in the Guatemalan border town of Tecun Uman",
			"More than 1,000 Central American migrants | were preparing to again walk en masse early yesterday across a bridge leading to Mexico in an attempt to convince authorities there to allow them safe passage through the country",
			"hundreds of migrants | Mexican troops slammed the welcome gate shut on the Rodolfo Robles bridge as … pressed forward in an effort to force their way through",
			"hundreds of migrants | chanted",
			"More than 1,000 migrants | opted to give Mexico a try and were transported by van to immigration centers for further processing",
			"half the Mexican population | is poor",
			"millions | are unemployed",
		}},
		"missing": {found.Missing, {
			"Three of six speakers without a name: hundreds of migrants; The Mexican government; Mexican officials.",
			"Five figures without a named source.",
			"No document, report or study is named or linked.",
		}},
	} {
		if diff := cmp.Diff(lists[0], lists[1]); diff != "" {
			t.Errorf("%s (-got +want)\n%s", what, diff)
		}
	}
	if len(where) == 0 || where[0] != "Tecun Uman" {
		t.Errorf("where: %v, want Tecun Uman first", where)
	}
	slices.Sort(where)
	if diff := cmp.Diff(where, []string{"Honduras", "Mexico", "Rodolfo Robles bridge", "San Diego, California", "Tapachula", "Tecun Uman", "US"}); diff != "" {
		t.Errorf("where (-got +want)\n%s", diff)
	}
	for _, i := range KeyQuotes(a.Text, found.Quotes) {
		if q := found.Quotes[i]; q.Speaker.Name == "Maureen Meyer" && strings.HasPrefix(QuoteText(a.Text, q), "“The Mexican government has made clear") {
			return
		}
	}
	t.Error("the longest quotation of Maureen Meyer is none of the key quotations")
}

// TestCardsOfNews counts on news of the development corpora what no fact card
// should have: one person twice, a place that is a person too.
func TestCardsOfNews(t *testing.T) {
	if testing.Short() {
		t.Skip("more than a hundred articles")
	}
	articles, people, twice, places, placed, numbers, told := 0, 0, 0, 0, 0, 0, 0
	for _, corpus := range []string{"polnear.dev", "gum.dev", "mcae.dev"} {
		f, err := os.Open("../../shared/data/quotes/" + corpus + ".jsonl")
		if err != nil {
			t.Skip("no corpora beside the checkout:", err)
		}
		defer f.Close()
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<24)
		for lines.Scan() {
			var row struct{ ID, Text string }
			if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
				t.Fatal(err)
			}
			facts := Analyse(&article.Article{Text: row.Text, Language: "en"}).Facts
			articles++
			for i, w := range facts.Who {
				people++
				if w.Named && slices.ContainsFunc(facts.Who[:i], func(o Who) bool { return o.Named && isName(o.Name) && isName(w.Name) && sameCalled(o.Name, w.Name) }) {
					twice++
					t.Logf("%s: %s twice", row.ID, w.Name)
				}
			}
			for _, w := range facts.Where {
				places++
				if slices.ContainsFunc(facts.Who, func(o Who) bool { return strings.EqualFold(o.Name, w.Name) && o.Role != "" }) {
					placed++
					t.Logf("%s: %s is a place and somebody", row.ID, w.Name)
				}
			}
			for _, n := range facts.Numbers {
				numbers++
				if n.About(row.Text) != "" {
					told++
				}
				if !n.Clause.Empty() && !n.Clause.Contains(n.Span) {
					t.Errorf("%s: clause %v is not around %v", row.ID, n.Clause, n.Span)
				}
			}
		}
	}
	t.Logf("%d articles: %d entries of who, %d of them twice; %d places, %d of them somebody; %d numbers, %d with what is said of them", articles, people, twice, places, placed, numbers, told)
	if 60*twice > people || 100*placed > places || 10*told < 9*numbers {
		t.Error("worse than it was")
	}
}

// TestKeyQuotes: the longest direct quotation of each of the three weightiest.
func TestKeyQuotes(t *testing.T) {
	a := textArticle(t, "“It is safe, and it was always safe to cross,” said Bo Lindgren. “Yes,” Lindgren said later. "+
		"“We will see about that in court,” said Ines Falk. Viktor Hale said that the bridge had been closed for nine days because of ice and fog. “No,” said Marta Jansen. “I am only the cook,” said Pia Lund.")
	found := Analyse(a)
	var got []string
	for _, i := range KeyQuotes(a.Text, found.Quotes) {
		got = append(got, found.Quotes[i].Speaker.Name+": "+QuoteText(a.Text, found.Quotes[i]))
	}
	want := []string{"Bo Lindgren: “It is safe, and it was always safe to cross,”", "Ines Falk: “We will see about that in court,”", "Pia Lund: “I am only the cook,”"}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("(-got +want)\n%s", diff)
	}
}

// TestWhere tells places from what only looks like one.
func TestWhere(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"He was deported from San Diego, California, in May. He lives in Honduras.", "San Diego, California; Honduras"},
		{"Floods hit Lisbon, Madrid and Paris on Monday.", "Lisbon; Madrid; Paris"},
		{"The Relief Operation Centre said help was on its way. The injured were taken to the Lantern Centre in Lisbon.", "Lantern Centre; Lisbon"},
		{"The Velmora Electric Supply and Transport (BEST) moves its museum to Madrid.", "Madrid"},
		{"Wendell Ashby was a driller. He worked in Honduras. Ashby said that Wendell was his name.", "Honduras"},
	} {
		var names []string
		doc := nlp.Parse(tt.text)
		for _, w := range where(doc, quote.Find(doc), &article.Article{Text: doc.Text}) {
			names = append(names, w.Name)
		}
		if got := strings.Join(names, "; "); got != tt.want {
			t.Errorf("%q: %s, want %s", tt.text, got, tt.want)
		}
	}
}

// A sentence stands in the timeline once, with all of its days; scripts get one
// entry a day.
func TestTimelineSaysASentenceOnce(t *testing.T) {
	a := textArticle(t, "The wall was built in 1932. Ane Dahl won the cup in 2016 and in 2014. The harbour closed in 2015.")
	found := Analyse(a)
	var got []string
	for _, e := range found.Timeline {
		got = append(got, e.When(func(d nlp.Dates) string { return d.Start.Format("2006") })+": "+e.Text)
	}
	want := []string{"1932: The wall was built in 1932.", "2014, 2016: Ane Dahl won the cup in 2016 and in 2014.", "2015: The harbour closed in 2015."}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("(-got +want)\n%s", diff)
	}
	if md := string(Markdown(&Briefing{Article: a, Analysis: found})); !strings.Contains(md, "- 2014, 2016: Ane Dahl won") {
		t.Errorf("the Markdown has\n%s", md)
	}
	got = nil
	for _, e := range Export(&Briefing{Article: a, Analysis: found}).Timeline {
		got = append(got, e.Date)
	}
	if diff := cmp.Diff(got, []string{"1932-01-01", "2014-01-01", "2015-01-01", "2016-01-01"}); diff != "" {
		t.Errorf("exported days (-got +want)\n%s", diff)
	}
}

// A form of address is no role, and the number in a name counts nothing.
func TestCardLeavesOut(t *testing.T) {
	facts := Analyse(&article.Article{Language: "en", Text: `Ane Dahl, a surveyor, said the wall was safe in May. "Nobody asked me about it," she said.

Mr. Per Lund walked past the wall on Friday with Dr. Eva Holm. He had filmed it with a Modell 8 camera for two years. Ida Falk, now 28, drank a six-pack with half a brain under Article 37 of the charter, one of two realities of life. The fund paid 1,000 Orle-based firms.`}).Facts
	var who, numbers []string
	for _, w := range facts.Who {
		who = append(who, w.Name+" | "+w.Role)
	}
	for _, n := range facts.Numbers {
		numbers = append(numbers, n.Text)
	}
	if diff := cmp.Diff(who, []string{"Ane Dahl | a surveyor", "Per Lund | ", "Eva Holm | ", "Ida Falk | "}); diff != "" {
		t.Errorf("who (-got +want)\n%s", diff)
	}
	if diff := cmp.Diff(numbers, []string{"two years", "1,000 Orle-based firms"}); diff != "" {
		t.Errorf("numbers (-got +want)\n%s", diff)
	}
}
