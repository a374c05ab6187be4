package factcheck

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"onrecord/nlp"
	"onrecord/quote"
)

// advise gives the advice for the first claim of a text under tables.
func advise(t *testing.T, tables *Tables, text string) string {
	t.Helper()
	doc := nlp.Parse(text)
	claims := Finder{Tables: tables}.Claims(doc, quote.Find(doc), time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC))
	if len(claims) == 0 {
		t.Fatalf("no claim in %q", text)
	}
	return strings.Join(claims[0].HowToCheck, "\n")
}

// An operator's rule comes first, replaces the one of its name, or takes it
// away; an office is named where its place and words fit.
func TestTables(t *testing.T) {
	const text = "Rents in Orle rose by 12 percent between 2023 and 2025."
	own, err := ParseTables(TableFile{"orle.txt", `
# What our desk knows.
Rule: rents
Words: rent, rental market
If: number comparison
Source: the rent index of the town hall{at}
  and the tenants’ union
Missing: the landlords’ association{at}
Search: rent index

Rule: series
Off: yes

Office: Orle Statistics Bureau
Place: Orle
Words: rent
For: the rent index since 1990
`})
	if err != nil {
		t.Fatal(err)
	}
	got := advise(t, DefaultTables().Extend(own), text)
	for _, want := range []string{
		"The rent index of the town hall in Orle and the tenants’ union",
		"Ask: Orle Statistics Bureau, for the rent index since 1990. Missing: the landlords’ association in Orle",
		"rent index",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if elsewhere := advise(t, DefaultTables().Extend(own), "Rents in Harrow rose by 12 percent between 2023 and 2025."); strings.Contains(elsewhere, "Bureau") {
		t.Errorf("the office of Orle is asked about Harrow:\n%s", elsewhere)
	}
	before, _ := DefaultTables().Size()
	after, offices := DefaultTables().Extend(own).Size()
	if after != before || offices != 1 { // one more, one off
		t.Errorf("%d rules after %d, %d offices", after, before, offices)
	}
	if DefaultTables().Extend(own).Version() == DefaultTables().Version() {
		t.Error("one version for two tables")
	}
}

// A mistake is told with its file and line.
func TestTablesErrors(t *testing.T) {
	for text, want := range map[string]string{
		"Rule: a\nSource: the file{where}":           "a.txt, line 1: there is no slot {where}",
		"# x\n\nRule: a\nIf: big":                    "a.txt, line 3: there is no sign “big”",
		"Rule: a\nsource of it":                      "a.txt, line 2: write it as “Field: value”",
		"Rule: a\nSource: x\nSource: y":              "a.txt, line 3: “Source” stands twice",
		"Rule: a\nColour: red":                       "there is no field “colour”",
		"Source: x":                                  "begins with “Rule: NAME” or “Office: NAME”",
		"Rule: a\nOffice: b":                         "a rule and an office in one",
		"Rule:\nSource: x":                           "the rule needs a name",
		"Office: b":                                  "an office needs a name and “Words”",
		"Rule: a\nSource: the {at":                   "has no closing bracket",
		"Rule: a\nOff: perhaps":                      "“Off” is yes or no",
		" goes on":                                   "a line that goes on needs one before it",
		strings.Repeat("Rule: a\nOff: no\n\n", 2500): "more than 2000 rules",
	} {
		_, err := ParseTables(TableFile{"a.txt", text})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v, want %q", text, err, want)
		}
	}
}

// Every line of advice holds something of the story, and none about a private
// person is something to search for.
func TestAdviceIsAnchored(t *testing.T) {
	slots := []string{"at", "on", "of", "for", "body", "accounts", "council", "court", "jurisdiction", "speaker"}
	for _, r := range DefaultTables().rules {
		for _, line := range []string{r.source, r.missing, r.wrong} {
			if line == "" {
				continue
			}
			if got, ok := fill(line, map[string]string{"newest": ", newest before 2026", "figure": "12"}); ok {
				t.Errorf("%s: %q holds nothing of the story", r.name, got)
			}
			used, err := slotsOf(line)
			if err != nil {
				t.Errorf("%s: %v", r.name, err)
			}
			anchored := false
			for _, u := range used {
				for _, s := range slots {
					anchored = anchored || strings.TrimSuffix(u, "?") == s
				}
			}
			if !anchored {
				t.Errorf("%s: %q can never be filled", r.name, line)
			}
		}
	}
}

func FuzzTables(f *testing.F) {
	f.Add("Rule: a\nIf: number\nWords: rent\nSource: x{at?}{on}\n\nOffice: b\nWords: c, d e")
	f.Fuzz(func(t *testing.T, text string) {
		tables, err := ParseTables(TableFile{"f.txt", text})
		if err == nil {
			DefaultTables().Extend(tables)
		}
	})
}

// Wordings and clashes take any text; their spans lie inside it.
func TestReferencesTakeAnything(t *testing.T) {
	words := []string{
		"He", "She", "It", "They", "Both countries", "Those who were hurt", "the company", "the bridge", "the country", "the attack", "here", "“", "”", "said",
		"Ada Bell", "Ivo Marsh", ", 34,", "Upper Reed Bridge", "Norway", "Sweden", "Halvorsen Glass", "attacked", "12 people", "seven men", "and", "five women",
		":", ".", "\n\n", "were killed", "the 14 people killed", "60 percent", "or", "of the 20", "from 5 to 9", "doubled", "Tuesday, March 4", "born in 1970", "é", "\x00",
	}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 60).Draw(t, "words"), " ")
		doc := nlp.Parse(text)
		quotes := quote.Find(doc)
		day := time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC)
		check := func(s nlp.Span) {
			if s.Start < 0 || s.End > len(text) || s.Start > s.End {
				t.Errorf("span %v outside %d bytes", s, len(text))
			}
		}
		for _, w := range Wordings(doc, quotes, day) {
			for _, in := range w.Inserted {
				check(in.From)
			}
		}
		title := rapid.SampledFrom([]string{"", "Ten killed in crash", "Fire kills 3"}).Draw(t, "title")
		for _, c := range Clashes(doc, quotes, title, day) {
			for _, s := range c.Spans {
				check(s)
			}
			if len(c.Spans) == 0 || c.Text == "" {
				t.Errorf("clash %+v", c)
			}
		}
	})
}
