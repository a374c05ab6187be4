package brief

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"onrecord/article"
)

// TestSeedSummary holds the summary of the article beside the checkout to those
// that an expert accepts: three sentences, or two of them whole when no cut is
// certain. Article and yardstick are read there; neither is part of this
// repository.
func TestSeedSummary(t *testing.T) {
	data, err := os.ReadFile("../../shared/data/seed/tecun-uman.txt")
	if err != nil {
		t.Skip("no seed article beside the checkout:", err)
	}
	page, err := os.ReadFile("../../shared/data/seed/ideal.md")
	if err != nil {
		t.Skip("no yardstick beside the checkout:", err)
	}
	_, section, _ := strings.Cut(string(page), "\n## 2. ")
	section, _, _ = strings.Cut(section, "\n## 3. ")
	three, two, _ := strings.Cut(section, "\nAs good, nothing cut")
	var r article.Reader
	defer r.Close()
	a, err := r.Read(t.Context(), article.FromBytes("tecun-uman.txt", "", data))
	if err != nil {
		t.Fatal(err)
	}
	found := Analyse(a).Summary
	var got []string
	for _, s := range found {
		got = append(got, s.Text)
	}
	all := strings.Join(got, "\n")
	accepted := len(got) == 2 || len(got) == 3
	for _, s := range got {
		switch {
		case strings.Contains(two, "- "+s+" ["):
		case len(got) == 3 && strings.Contains(three, ". "+s+"  \n"):
		default:
			accepted = false
		}
	}
	if !accepted {
		data, _ := json.MarshalIndent(got, "", " ")
		t.Errorf("not a summary that the expert accepts: %s", data)
	}
	for _, kept := range []struct{ of, words string }{
		{"slammed the", "in an effort to force their way through"}, {"transported by van", "opted to give Mexico a try and"},
	} {
		if strings.Contains(all, kept.of) && !strings.Contains(all, kept.words) {
			t.Errorf("cut away: %q", kept.words)
		}
	}
}
