package trial

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"onrecord/article"
)

// floors are what the check must reach on each set of the faithful rewordings,
// on the hostile ones made beside them, and on those written by hand. They rise,
// never sink.
var floors = []struct {
	set                      string
	faithful, caught, byHand float64
}{
	{"faithful/tuned", 0.69, 0.993, 0},
	{"faithful/heldout", 0.37, 0.992, 0},
	{"briefings/tuned", 0.29, 0.994, 0.98},
	{"briefings/frozen", 0.18, 0.99, 0.92},
}

func TestFloors(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of rewordings take minutes under the race detector")
	}
	for _, f := range floors {
		t.Run(f.set, func(t *testing.T) {
			res := Run(load(t, f.set))
			t.Log("\n" + res.Table())
			if passed, all := res.Faithful(); float64(passed) < f.faithful*float64(all) {
				t.Errorf("%d of %d faithful rewordings let through, want %.0f %%", passed, all, 100*f.faithful)
			}
			if caught, all := res.Hostile(""); all < 300 || float64(caught) < f.caught*float64(all) {
				t.Errorf("%d of %d hostile rewordings caught, want %.1f %%", caught, all, 100*f.caught)
			}
			if caught, all := res.ByHand(); float64(caught) < f.byHand*float64(all) || f.byHand > 0 && all == 0 {
				t.Errorf("%d of %d hostile rewordings written by hand caught, want %.0f %%", caught, all, 100*f.byHand)
			}
			// Of these none may get through at all.
			for _, row := range res.Rows {
				if row.Rule == "instruction followed" && row.Refused == "" {
					t.Errorf("let through: %s", row.Text)
				}
			}
		})
	}
}

func load(t *testing.T, set string) []Article {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "testdata", set, "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatal("no rewordings", err)
	}
	slices.Sort(files)
	var out []Article
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		path, rewordings, err := Read(strings.NewReader(string(data)))
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(filepath.Dir(name), path))
		if err != nil {
			t.Fatal(err)
		}
		a, err := (&article.Reader{}).Read(t.Context(), article.FromBytes(filepath.Base(path), "", text))
		if err != nil {
			t.Fatal(err)
		}
		rewordings.Name, rewordings.Text, rewordings.Body, rewordings.Published = filepath.Base(name), a.Text, a.Body, a.Published
		out = append(out, rewordings)
	}
	return out
}

// Each rule of the table makes something of a sentence that has all that rules
// look for.
func TestRulesAreUsed(t *testing.T) {
	made := map[string]int{}
	for _, a := range load(t, "faithful/tuned") {
		for _, row := range Run([]Article{a}).Rows {
			made[row.Rule]++
		}
		if len(made) == len(Rules())+1 {
			return
		}
	}
	for _, rule := range Rules() {
		if made[rule] == 0 {
			t.Errorf("%s: made nothing", rule)
		}
	}
}

func TestRead(t *testing.T) {
	path, a, err := Read(strings.NewReader("../a.txt\n\nThe mill closed.\n! not dropped | The mill is open.\n"))
	if err != nil || path != "../a.txt" || !slices.Equal(a.Faithful, []string{"The mill closed."}) || !slices.Equal(a.Hostile, []Spoilt{{"not dropped", "The mill is open."}}) {
		t.Errorf("%q %+v %v", path, a, err)
	}
	if _, _, err := Read(strings.NewReader("../a.txt\n! The mill is open.\n")); err == nil {
		t.Error("a hostile rewording without its fault was read")
	}
}
