package brief

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onrecord/article"
)

// harbour is an invented article for filters and the source audit.
const harbour = `Port Sele is to close its east pier, and not everybody is sorry.

“We deported nobody's boats, we moved them,” said Ana Park, head of the harbour office. Ana Park said that the policy had worked elsewhere.

Tom Parker, a fisherman, called the closure a disgrace. Several fishermen said they would seek asylum for their boats in Lower Sele.

An official who asked not to be named said the pier was rotten. The owner of the pier, Viktor Hale, was abroad, and so was everybody at Sele Shipping Corp. in Orrin. Residents fear higher prices.`

func TestFilter(t *testing.T) {
	b := &Briefing{Article: textArticle(t, harbour)}
	b.Analysis = Analyse(b.Article)
	for _, tt := range []struct {
		name   string
		filter Filter
		want   []string // the first words of what is shown
	}{
		{"a surname is no start of another one", Filter{By: "Park"}, []string{"“We deported", "that the"}},
		{"accents and case do not matter", Filter{By: "PÁRKER"}, []string{"the closure"}},
		{"a role", Filter{By: "fisherman"}, []string{"the closure"}},
		{"the start of a role", Filter{By: "fisher"}, []string{"the closure", "they would"}},
		{"several words must all fit", Filter{By: "Ana harbour"}, []string{"“We deported", "that the"}},
		{"a possessive", Filter{By: "Parker’s"}, []string{"the closure"}},
		{"another form of the word", Filter{About: "policies"}, []string{"that the"}},
		{"the start of a word", Filter{About: "deport"}, []string{"“We deported"}},
		{"three letters are no start", Filter{About: "dep"}, nil},
		{"not inside a word", Filter{About: "ported"}, nil},
		{"beliefs too", Filter{About: "price"}, []string{"higher prices"}},
		{"both", Filter{By: "fishermen", About: "asylum"}, []string{"they would"}},
		{"one of both is not enough", Filter{By: "Park", About: "asylum"}, nil},
		{"nothing but marks", Filter{By: "?!"}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, q := range tt.filter.OnlyQuotes(b).Analysis.Quotes {
				got = append(got, strings.Join(strings.Fields(QuoteText(harbour, q))[:2], " "))
			}
			if diff := cmp.Diff(got, tt.want); diff != "" {
				t.Errorf("%+v (-got +want):\n%s", tt.filter, diff)
			}
		})
	}
	if got := (Filter{}).OnlyQuotes(b); got != b {
		t.Error("the zero filter changed the briefing")
	}
}

func TestFilterSaysWhatIsThere(t *testing.T) {
	b := &Briefing{Article: textArticle(t, harbour)}
	b.Analysis = Analyse(b.Article)
	for _, tt := range []struct {
		filter Filter
		want   string
	}{
		{Filter{By: "Falk"}, "No quotation by “Falk” was found here."},
		{Filter{About: "tunnel"}, "No quotation about “tunnel” was found here."},
		{Filter{By: "Park", About: "tunnel"}, "Ana Park is quoted here, but not about “tunnel”."},
		{Filter{By: "Falk", About: "tunnel"}, "No quotation by “Falk” about “tunnel” was found here."},
		{Filter{By: strings.Repeat("a", 100)}, "No quotation by “" + strings.Repeat("a", 59) + "…” was found here."},
	} {
		if got := tt.filter.NoQuotes(harbour, b.Analysis.Quotes); got != tt.want {
			t.Errorf("%+v: got %q, want %q", tt.filter, got, tt.want)
		}
	}
}

func TestSameWord(t *testing.T) {
	for _, tt := range []struct {
		forms  string // of one word
		others string // that only look like it
	}{
		{"migrant migrants", "migrate"},
		{"policy policies", "police"},
		{"stop stops stopped stopping", "stoop"},
		{"house houses housed housing", "hour"},
		{"deny denies denied denying", "den"},
		{"plan plans planned", "plane plant"},
		{"class classes", "clash"},
		{"tax taxes", "taxi"},
		{"fall falls falling", "fallow"},
		{"feed feeds", "fee"},
		{"lie lies", "lid"},
		{"status", "state"},
		{"sing", "s"},
	} {
		forms := strings.Fields(tt.forms)
		for _, w := range forms {
			if !sameWord(w, forms[0]) {
				t.Errorf("%q and %q are two words", w, forms[0])
			}
			for o := range strings.FieldsSeq(tt.others) {
				if sameWord(w, o) {
					t.Errorf("%q and %q are one word", w, o)
				}
			}
		}
	}
}

// textArticle is the article that pasted text makes.
func textArticle(t *testing.T, text string) *article.Article {
	t.Helper()
	var r article.Reader
	defer r.Close()
	src := article.FromText(text)
	src.Verbatim = true
	a, err := r.Read(t.Context(), src)
	if err != nil {
		t.Fatal(err)
	}
	return a
}
