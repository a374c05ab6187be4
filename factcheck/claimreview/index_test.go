package claimreview

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onrecord/factcheck"
)

func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

// invented is a small collection.
var invented = []factcheck.Review{
	{ID: "harbour", Claim: "Mayor Dora Pell sold the harbour of Vellmar to a foreign bank in 2019.", Title: "Did Dora Pell sell the harbour?", Subtitle: "The contract is a lease.", Publisher: "Gazette", Verdict: "Mostly false", URL: "https://gazette.example/harbour", Date: day("2019-11-20")},
	{ID: "ferries", Claim: "The ferries of Harrow Lines cost the islands $1.9 billion.", Title: "What the ferries cost", Publisher: "Gazette", Verdict: "Half true", URL: "https://gazette.example/ferries", Date: day("2020-02-01")},
	{ID: "taxes", Claim: "Taxes in Vellmar rose by 9 percent under Tom Varga.", Title: "Varga and the taxes", Publisher: "Checkers", Verdict: "True", Date: day("2018-05-05")},
	{ID: "whales", Claim: "Whales were seen in the port of Vellmar for the first time in 40 years.", Title: "Are there whales in the port?", Publisher: "Checkers", Verdict: "False", Date: day("2020-03-03")},
}

func TestFind(t *testing.T) {
	x := New(invented)
	for _, test := range []struct {
		query Query
		want  string // id of the first match
	}{
		{Query{Text: "Dora Pell sold Vellmar's harbour to a foreign bank in 2019"}, "harbour"},
		{Query{Text: "The #Vellmar harbour was sold to a foreign bank by @DoraPell in 2019! https://t.example/x — Ann Lee (@annlee) November 18, 2019"}, "harbour"},
		{Query{Text: "Harrow Lines' ferries cost the islands almost $2 billion", Date: day("2020-01-25")}, "ferries"},
		{Query{Text: "Whales were seen in the port of Vellmar, the first in 40 years"}, "whales"},
		{Query{Text: "Whales were seen in the port of Vellmar, the first in 40 years", Publisher: "Gazette"}, ""},

		{Query{Text: "Tom Varga sold Vellmar's harbour to a foreign bank in 2019"}, ""},
		{Query{Text: "Dora Pell did not sell Vellmar's harbour to a foreign bank in 2019"}, ""},
		{Query{Text: "Dora Pell sold Vellmar's harbour to a foreign bank in 2013"}, ""},
		{Query{Text: "Harrow Lines' ferries cost the islands $500 million"}, ""},
		{Query{Text: "Whales were seen in the port of Harrow, the first in 40 years"}, ""},
		{Query{Text: "The port of Vellmar was closed to protect whales"}, ""},
		{Query{Text: "A foreign bank opened a branch in the harbour of Vellmar"}, ""},
		{Query{Text: "A bakery in Vellmar won a prize"}, ""},
		{Query{Text: ""}, ""},
		{Query{Text: "… — !"}, ""},
	} {
		got := ""
		if found := x.Find(test.query, 3); len(found) > 0 {
			got = found[0].ID
			if s := found[0].Score; s < threshold || s > 1 {
				t.Errorf("%q: score %v", test.query.Text, s)
			}
		}
		if got != test.want {
			t.Errorf("%q: %q, want %q", test.query.Text, got, test.want)
			for _, j := range x.Judge(test.query) {
				t.Logf("  %s %q %.2f", j.Review.ID, j.Against, j.Score)
			}
		}
	}
	if found := x.Find(Query{Text: invented[0].Claim}, 3, "harbour"); len(found) > 0 {
		t.Errorf("found %v, which was left out", found)
	}
	if New(nil).Find(Query{Text: "anything at all"}, 3) != nil {
		t.Error("an empty index finds something")
	}
}

func TestWords(t *testing.T) {
	for text, want := range map[string]string{
		"Ann's 1,200 boats don't float.":        "ann 1200 boats dont float",
		"In the U.S. it's 3.5% (US: 4)":         "in the u.s it 3.5 percent u.s 4",
		"“Café” ＦＵＬＬ naïve":                     "cafe full naive",
		strings.Repeat("x", 50) + " y":          strings.Repeat("x", maxWord) + " y",
		"end.Next 12th, 4-year-old's O’Brien’s": "end next 12th 4 year old obrien",
	} {
		var got []string
		for _, w := range words(text) {
			got = append(got, w.text)
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%q: %q, want %q", text, s, want)
		}
	}
}

func TestReadPost(t *testing.T) {
	got := readPost("Look @DoraPell: the #CleanWater2019 of VELLMAR pic.twitter.com/abc https://x.example/?a — Ann Lee (@annlee) May 3, 2019")
	got.text = strings.Join(strings.Fields(got.text), " ")
	want := post{text: "Look Dora Pell : the Clean Water 2019 of VELLMAR", author: "Ann Lee", date: day("2019-05-03")}
	if diff := cmp.Diff(got, want, cmp.AllowUnexported(post{})); diff != "" {
		t.Errorf("got - want +\n%s", diff)
	}
}

// made makes a collection as large as those of the largest publishers.
func made(n int) []factcheck.Review {
	rng := rand.New(rand.NewPCG(1, 2))
	vocabulary := make([]string, 30_000)
	for i := range vocabulary {
		word := make([]byte, 4+rng.IntN(6))
		for k := range word {
			word[k] = "abcdefghijklmnopqrstuvwxyz"[rng.IntN(26)]
		}
		vocabulary[i] = string(word)
	}
	sentence := func(words int) string {
		var s []string
		for range words {
			f := rng.Float64()
			s = append(s, vocabulary[int(f*f*f*float64(len(vocabulary)))]) // few are frequent
		}
		return strings.Join(s, " ")
	}
	all := make([]factcheck.Review, n)
	for i := range all {
		all[i] = factcheck.Review{ID: fmt.Sprint(i), Claim: sentence(17), Title: sentence(10), Subtitle: sentence(14), Date: day("2019-01-01").AddDate(0, 0, i%1000)}
	}
	return all
}

const large = 33_000

func BenchmarkNew(b *testing.B) {
	all := made(large)
	for b.Loop() {
		New(all)
	}
}

func BenchmarkFind(b *testing.B) {
	all := made(large)
	x := New(all)
	i := 0
	for b.Loop() {
		x.Find(Query{Text: all[i%large].Claim + " " + all[(i+7)%large].Title}, 3)
		i += 1001
	}
}
