package nlp

import (
	"strings"
	"testing"
)

// find gives the first token with this text.
func find(t *testing.T, d *Document, text string) int {
	t.Helper()
	for i := range d.Tokens {
		if d.Tokens[i].Text == text {
			return i
		}
	}
	t.Fatalf("no token %q in %q", text, d.Text)
	return -1
}

func TestNounPhrase(t *testing.T) {
	for _, c := range []struct{ text, head, want string }{
		{"The old mayor of Orlava, who was ill, said nothing.", "mayor", "The old mayor of Orlava"},
		{"Hundreds of angry residents chanted in the square.", "Hundreds", "Hundreds of angry residents"},
		{"The Lavenian government declared its efforts a success.", "government", "The Lavenian government"},
		{"Ana Pereira, a baker, left.", "Ana", "Ana Pereira"},
		{"Marek’s two young daughters laughed.", "daughters", "Marek’s two young daughters"},
		{"Officials and farmers agreed.", "Officials", "Officials"},
		{"A spokeswoman for the ministry denied it.", "spokeswoman", "A spokeswoman for the ministry"},
		{"She blamed the company that built the dam.", "company", "the company"},
	} {
		d := Parse(c.text)
		first, last := d.NounPhrase(find(t, d, c.head))
		if got := d.SpanOf(first, last).Text(d.Text); got != c.want {
			t.Errorf("%s: noun phrase of %q is %q, want %q", c.text, c.head, got, c.want)
		}
	}
}

func TestReportingVerb(t *testing.T) {
	for _, c := range []struct {
		text, verb, stance string
		speech, ok         bool
	}{
		{"Pereira said that she would leave.", "said", "said", true, true},
		{"The ministry denied the report.", "denied", "denied", true, true},
		{"Experts pointed out that the wall was old.", "pointed", "said", true, true},
		{"Farmers feared they would lose their land.", "feared", "feared", false, true},
		{"They hope for rain.", "hope", "hoped", false, true},
		{"The water reached the square.", "reached", "", false, false},
	} {
		d := Parse(c.text)
		v, ok := d.ReportingVerb(find(t, d, c.verb))
		if ok != c.ok || v.Stance != c.stance || v.Speech != c.speech {
			t.Errorf("%s: %+v %v", c.text, v, ok)
		}
	}
	if _, ok := Reporting("point out"); !ok {
		t.Error("no \"point out\"")
	}
}

func TestLookup(t *testing.T) {
	d := Parse("Ana Pereira left on Monday.\n\nTwo guards stayed. Pereira returned.")
	at := strings.Index(d.Text, "guards")
	if got := d.SentenceAt(at); got != 1 {
		t.Errorf("SentenceAt = %d", got)
	}
	if got := d.ParagraphAt(at); got != 1 {
		t.Errorf("ParagraphAt = %d", got)
	}
	if first, last := d.ParagraphSentences(1); first != 1 || last != 3 {
		t.Errorf("ParagraphSentences = %d, %d", first, last)
	}
	if got := d.Tokens[d.TokenAt(at)].Text; got != "guards" {
		t.Errorf("TokenAt = %q", got)
	}
	if got := d.TokenAt(strings.Index(d.Text, "\n")); got != -1 {
		t.Errorf("TokenAt(line break) = %d", got)
	}
	first, last := d.TokensIn(d.Sentences[1].Span)
	if first != d.Sentences[1].First || last != d.Sentences[1].Last {
		t.Errorf("TokensIn = %d, %d, want %+v", first, last, d.Sentences[1])
	}
	if m := d.MentionAt(d.TokenAt(0)); m != 0 || d.Entities[d.Mentions[m].Entity].Name != "Ana Pereira" {
		t.Errorf("MentionAt = %d", m)
	}
	if first, last := d.MentionsIn(d.Paragraphs[1]); last-first != 1 {
		t.Errorf("MentionsIn = %d, %d", first, last)
	}
	if first, last := d.TimesIn(d.Paragraphs[0]); last-first != 1 {
		t.Errorf("TimesIn = %d, %d", first, last)
	}
	if first, last := d.NumbersIn(d.Paragraphs[1]); last-first != 1 {
		t.Errorf("NumbersIn = %d, %d", first, last)
	}
	if root := d.Root(0); root < 0 || d.Tokens[root].Lemma != "leave" {
		t.Errorf("Root = %d", root)
	}
	if c := d.Child(d.Root(0), "nsubj"); c < 0 {
		t.Error("no subject")
	}
	if d.SentenceAt(-1) != -1 || d.Children(-1) != nil || d.MentionAt(len(d.Tokens)-1) != -1 {
		t.Error("lookups outside")
	}
}
