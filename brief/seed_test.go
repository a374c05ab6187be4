package brief

import (
	"os"
	"slices"
	"strings"
	"testing"

	"onrecord/article"
	"onrecord/factcheck"
)

// TestSeedArticle holds the briefing of the article beside the checkout to
// what an expert wrote about it.
func TestSeedArticle(t *testing.T) {
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
	found := Analyse(a)
	ranked := Ranked(found.Claims)
	// place gives the rank of the first claim that holds words, 0 for none.
	place := func(words string) int {
		return 1 + slices.IndexFunc(ranked, func(c factcheck.Claim) bool { return strings.Contains(c.Span.Text(a.Text), words) })
	}
	// The expert's ten, in the expert's order.
	best := []string{
		"half the Mexican population is poor", "opted to give Mexico a try", "preparing to again walk", "Nobody was injured",
		"not offering any visa", "de facto detention", "extended a different welcome mat", "slammed the welcome gate shut",
		"has stepped up efforts", "denied political asylum",
	}
	for i, most := range []int{3, 3, 6, 6} {
		if n := place(best[i]); n == 0 || n > most {
			t.Errorf("claim %q has rank %d, want it among the first %d", best[i], n, most)
		}
	}
	first := 0
	for _, words := range best {
		if n := place(words); n > 0 && n <= 10 {
			first++
		}
	}
	if first < 8 {
		t.Errorf("%d of the expert's ten are among the first ten, want 8", first)
	}
	for _, words := range []string{
		"big ask", "First the men will go", "would not give up", "criminal gangs will kill", "not going anywhere", "represented a new twist",
	} {
		if n := place(words); n > 0 && n <= 14 {
			t.Errorf("%q is ranked (%d)", words, n)
		}
	}
	for _, s := range found.Summary {
		if strings.Contains(s.Text, "big ask") || strings.HasPrefix(s.Text, "He ") || strings.HasPrefix(s.Text, "Around him") {
			t.Errorf("not acceptable in a summary: %q", s.Text)
		}
	}
	if c := ranked[place("opted to give Mexico a try")-1]; strings.Contains(c.Standalone, "[") {
		t.Errorf("inserted words in %q", c.Standalone)
	}
	if n := place("denied political asylum"); n == 0 || !strings.HasPrefix(ranked[n-1].Standalone, "[Denis Contreras said] he ") {
		t.Errorf("the asylum claim lost its speaker (rank %d)", n)
	}
	people, organisations, unnamed, open := found.Sources.Count()
	if people != 3 || organisations != 0 || unnamed != 3 || open != 0 {
		t.Errorf("%d people, %d organisations, %d without a name, %d quotations open", people, organisations, unnamed, open)
	}
	if top := found.Sources.Top(); top.Name != "Maureen Meyer" || percent(top.Share) != "41 %" {
		t.Errorf("most words: %s, %v", top.Name, top.Share)
	}
	for _, name := range []string{"Denis Contreras", "Maureen Meyer", "Claudia Leon", "Jesuit Refugee Service", "Rodolfo Robles"} {
		if slices.ContainsFunc(found.Sources.Silent, func(s Silent) bool { return s.Name == name }) {
			t.Errorf("%s is only spoken about: %s", name, found.Sources.Line())
		}
	}
	if !slices.ContainsFunc(found.Sources.Silent, func(s Silent) bool { return s.Name == "Donald Trump" }) {
		t.Errorf("Donald Trump is not among those only spoken about: %s", found.Sources.Line())
	}
	if len(found.Consistency) > 0 {
		t.Errorf("clashes: %v", found.Consistency)
	}
}
