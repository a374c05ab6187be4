package summary

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"onrecord/factcheck"
	"onrecord/nlp"
	"onrecord/quote"
)

// sheetOf reads a text as the summary would.
func sheetOf(text string) (*nlp.Document, []quote.Quote, *Sheet) {
	doc := nlp.Parse(text)
	quotes := quote.Find(doc)
	return doc, quotes, Examine(doc, quotes, factcheck.Claims(doc, quotes, time.Time{}), "")
}

// TestShorten reads testdata/shorten.txt: a sentence a line, and below it its
// wording with all safe cuts made, or "whole" where nothing may be cut.
func TestShorten(t *testing.T) {
	data, err := os.ReadFile("testdata/shorten.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range txtar.Parse(data).Files {
		for block := range strings.SplitSeq(strings.TrimSpace(string(f.Data)), "\n\n") {
			text, want, _ := strings.Cut(block, "\n")
			want = strings.TrimSpace(want)
			doc, _, s := sheetOf(text)
			got := "whole"
			for _, c := range s.Candidates {
				if c.Cut && c.Line == 0 {
					got = Join(doc.Text, c.Parts)
					break
				}
			}
			if got != want {
				t.Errorf("%s\n%s\ngot  %s\nwant %s", f.Name, text, got, want)
			}
		}
	}
}

// TestShortenedKeepsTheTruth makes sentences of subjects, asides, verbs and ends
// and checks every shortened wording: its words stand in the sentence in the
// same order; no negation, hedge, figure, attribution, cause or intent is lost;
// quotations are whole.
func TestShortenedKeepsTheTruth(t *testing.T) {
	subjects := []string{
		"Mayor Piet Lindqvist", "The union", "Amara Bell", "The mine in Orre", "Nobody", "Two of the guards", "Police", "Ines Okafor and Bo Falk",
		"In Port Sele, the council", "But Amara Bell", "Meanwhile, Bo Lindgren", "However, the firm", "According to Ines Falk, the union",
	}
	asides := []string{
		"", ", who lives in Reed,", ", who never paid,", ", which owns 14 ships,", ", a nurse from Vale,", ", a father of three,", " (the oldest of all)",
		" (42 years old)", " — the last of them —", ", however,", ", meanwhile,", ", she said,", ", according to the police,", ", who may stand again,",
		", whose brother began the fight,", ", the alleged leader,", ", who said on Tuesday that rain would come,", ", and Bo Falk,", ", the mayor,",
	}
	verbs := []string{"closed the school", "said on Monday the bridge was safe", "asked for help", "did not open the gate", "denied the charge", "opted to leave the town", "told reporters that nobody was hurt"}
	ends := []string{"", ", which stood by the river", ", because the water rose", " in an effort to save money", " on Sunday night", ", who had left", ", the owner of a bank", ", officials reported", ", but not the church"}
	rapid.Check(t, func(t *rapid.T) {
		pick := func(name string, from []string) string { return rapid.SampledFrom(from).Draw(t, name) }
		text := pick("subject", subjects) + pick("aside", asides) + " " + pick("verb", verbs) + pick("end", ends) + "."
		doc, quotes, s := sheetOf(text)
		for _, c := range s.Candidates {
			if !c.Cut {
				continue
			}
			sent := doc.Sentences[c.Line].Span.Text(doc.Text)
			got := Join(doc.Text, c.Parts)
			checkShortened(t, doc, quotes, sent, got, c)
		}
	})
}

type reporter interface {
	Errorf(format string, args ...any)
}

func checkShortened(t reporter, doc *nlp.Document, quotes []quote.Quote, sent, got string, c Candidate) {
	whole, kept := Split(sent), Split(got)
	var lost []string
	rest := kept
	for _, w := range whole {
		if len(rest) > 0 && w == rest[0] {
			rest = rest[1:]
			continue
		}
		lost = append(lost, w)
	}
	if len(rest) > 0 {
		t.Errorf("%q is not made of the words of %q", got, sent)
	}
	for _, w := range lost {
		// What ties a sentence to the one before may go.
		if unicode.IsDigit(rune(w[0])) || weighty[w] && w != "however" && w != "but" {
			t.Errorf("%q lost %q of %q", got, w, sent)
		}
	}
	inside := func(s nlp.Span) bool {
		return slices.ContainsFunc(c.Parts, func(p nlp.Span) bool { return p.Contains(s) })
	}
	for _, q := range quotes {
		for _, cue := range q.Cue {
			span := doc.Sentences[c.Line].Span
			if span.Contains(cue) && !inside(cue) {
				t.Errorf("%q lost the %q of %q", got, cue.Text(doc.Text), sent)
			}
		}
	}
	if r, _ := utf8.DecodeRuneInString(got); !unicode.IsUpper(r) {
		t.Errorf("%q opens with a small letter", got)
	}
	if strings.Count(got, "(") != strings.Count(got, ")") || strings.Contains(got, ",,") || strings.Contains(got, " ,") {
		t.Errorf("odd marks in %q", got)
	}
}
