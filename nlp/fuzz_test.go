package nlp

import (
	"strings"
	"testing"
	"time"
)

// check reports what is wrong with a document, whatever its text.
func check(t interface {
	Helper()
	Fatalf(string, ...any)
}, d *Document,
) {
	t.Helper()
	at := 0
	for i, token := range d.Tokens {
		if token.Start < at || token.End <= token.Start || token.End > len(d.Text) {
			t.Fatalf("token %d has span %v after %d in %d bytes", i, token.Span, at, len(d.Text))
		}
		at = token.End
		if token.Text != token.Span.Text(d.Text) {
			t.Fatalf("token %d is %q, its span %q", i, token.Text, token.Span.Text(d.Text))
		}
		if token.Sentence < 0 || token.Sentence >= len(d.Sentences) {
			t.Fatalf("token %d is in sentence %d of %d", i, token.Sentence, len(d.Sentences))
		}
	}
	next, paragraph := 0, 0
	for si, s := range d.Sentences {
		if s.First != next || s.Last <= s.First {
			t.Fatalf("sentence %d has tokens [%d, %d) after %d", si, s.First, s.Last, next)
		}
		next = s.Last
		if s.Last-s.First > maxSentence+1 {
			t.Fatalf("sentence %d has %d tokens", si, s.Last-s.First)
		}
		if s.Span != d.SpanOf(s.First, s.Last) {
			t.Fatalf("sentence %d has span %v, its tokens %v", si, s.Span, d.SpanOf(s.First, s.Last))
		}
		if s.Paragraph < paragraph || !d.Paragraphs[s.Paragraph].Contains(s.Span) {
			t.Fatalf("sentence %d lies outside paragraph %d", si, s.Paragraph)
		}
		paragraph = s.Paragraph
		roots := 0
		for i := s.First; i < s.Last; i++ {
			token := d.Tokens[i]
			if token.Sentence != si {
				t.Fatalf("token %d says sentence %d, lies in %d", i, token.Sentence, si)
			}
			switch {
			case token.Head == -1:
				roots++
			case token.Head < s.First || token.Head >= s.Last || token.Head == i:
				t.Fatalf("token %d has head %d outside [%d, %d)", i, token.Head, s.First, s.Last)
			}
			if first, last := d.Subtree(i); first > i || last <= i || first < s.First || last > s.Last {
				t.Fatalf("token %d governs [%d, %d)", i, first, last)
			}
			if first, last := d.NounPhrase(i); first > i || last <= i || first < s.First || last > s.Last {
				t.Fatalf("token %d heads the noun phrase [%d, %d)", i, first, last)
			}
			d.ReportingVerb(i)
		}
		if roots != 1 {
			t.Fatalf("sentence %d has %d roots", si, roots)
		}
	}
	if next != len(d.Tokens) {
		t.Fatalf("sentences end at token %d of %d", next, len(d.Tokens))
	}
	end := 0
	for i, m := range d.Mentions {
		if m.First < end || m.Last <= m.First || m.Span != d.SpanOf(m.First, m.Last) {
			t.Fatalf("mention %d: tokens [%d, %d) after %d, span %v", i, m.First, m.Last, end, m.Span)
		}
		end = m.Last
		if !m.Title.Empty() && m.Title.End > m.Start {
			t.Fatalf("mention %d: title %v after name %v", i, m.Title, m.Span)
		}
		for j := m.First; j < m.Last; j++ {
			if d.Tokens[j].Entity != m.Entity || d.MentionAt(j) != i {
				t.Fatalf("token %d belongs to entity %d, its mention to %d", j, d.Tokens[j].Entity, m.Entity)
			}
		}
	}
	seen := 0
	for e, entity := range d.Entities {
		if entity.Name == "" || len(entity.Mentions) == 0 {
			t.Fatalf("entity %d is empty: %+v", e, entity)
		}
		for _, m := range entity.Mentions {
			seen++
			if d.Mentions[m].Entity != e {
				t.Fatalf("mention %d belongs to entity %d, not %d", m, d.Mentions[m].Entity, e)
			}
		}
	}
	if seen != len(d.Mentions) {
		t.Fatalf("entities have %d of %d mentions", seen, len(d.Mentions))
	}
	end = 0
	anchor := time.Date(2020, 1, 21, 0, 0, 0, 0, time.UTC)
	for i, x := range d.Times {
		if x.First < end || x.Last <= x.First || x.Span != d.SpanOf(x.First, x.Last) {
			t.Fatalf("time %d: tokens [%d, %d) after %d", i, x.First, x.Last, end)
		}
		end = x.Last
		if dates, ok := x.Resolve(anchor); ok && (dates.Start.IsZero() || dates.End.Before(dates.Start)) {
			t.Fatalf("time %d, %q, means %v", i, x.Text(d.Text), dates)
		}
		x.Resolve(time.Time{})
	}
	end = 0
	for i, n := range d.Numbers {
		if n.First < end || n.Span != d.SpanOf(n.First, n.Last) || !n.Contains(n.Figure) || n.Figure.Empty() {
			t.Fatalf("number %d: %+v after %d", i, n, end)
		}
		if !n.Of.Empty() && !n.Contains(n.Of) {
			t.Fatalf("number %d, %q, counts %q", i, n.Text(d.Text), n.Of.Text(d.Text))
		}
		end = n.First + 1
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range hostile {
		f.Add(s, 0)
	}
	f.Add("date 2020-01-21\n\nDr. Ana Pereira (AP) said $5 million was lost on Sunday.", 17)
	f.Fuzz(func(t *testing.T, text string, body int) {
		if len(text) > 1<<14 {
			return
		}
		check(t, ParseFrom(text, body))
	})
}

func FuzzSentences(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	for _, s := range []string{"“Why?” she asked. “Go!”", "The U.S. The U.K. J. R. Smith.", "... . ?! \"\" ''.''."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<14 {
			return
		}
		tokens := tokenize(text, Span{0, len(text)}, nil)
		end := 0
		for _, cut := range splitSentences(tokens) {
			if cut <= end || cut > len(tokens) {
				t.Fatalf("cut at %d after %d of %d", cut, end, len(tokens))
			}
			end = cut
		}
		if end != len(tokens) {
			t.Fatalf("cuts end at %d of %d", end, len(tokens))
		}
	})
}

var hostile = []string{
	"",
	" \n\t\r\n ",
	"\x00\x00a\x00b",
	"\xff\xfe\xfd broken \xc3\x28 bytes\xe2\x82",
	"👩‍👩‍👧‍👦🏽 🇭🇳 said “hello” 👍🏿.",
	"قال الرئيس إن الحدود مغلقة. \u200fوهذا كل شيء.",
	"“unbalanced \"quotes 'everywhere (and [brackets",
	"no punctuation at all just words that go on and on",
	"a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t.u.v.w.x.y.z.",
	"$ $ $ % % 1/0 0/0 9999999999999999999999 1e999 -5 half a",
	"the the the of of of in in Monday Monday March 31 February 30 31.02.2019",
	"(((((((((()))))))))) ........ !!!!!! ?????? '''''' \"\"\"\"",
	"'s n't 'll 're don't'nt I'd've y'all'd've",
	"between from since the last next few a couple of",
	"half half of the half a million and a half",
	"\u202e\u200f\ufeff\u200b\u00ad",
}

func TestHostile(t *testing.T) {
	for _, s := range hostile {
		check(t, Parse(s))
		check(t, Parse(strings.Repeat(s, 3)))
	}
}

// Large texts take time in proportion to their length.
func TestLarge(t *testing.T) {
	if testing.Short() {
		t.Skip("slow")
	}
	for name, unit := range map[string]string{
		"words":     "word ",
		"letters":   "a",
		"dots":      ".",
		"initials":  ",I.",
		"brackets":  ")",
		"digits":    "1",
		"hyphens":   "1-",
		"names":     "Ana Pereira ",
		"slashes":   "a/",
		"quotes":    "\"",
		"sentences": "He left. ",
		"nul":       "\x00",
		"spaces":    " ",
		"dates":     "March 3, 2019 to ",
		"lines":     "a\n",
	} {
		const size = 60_000
		text := strings.Repeat(unit, size/len(unit))
		start := time.Now()
		d := Parse(text)
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%s: %v", name, took)
		} else {
			t.Logf("%s: %v, %d tokens", name, took, len(d.Tokens))
		}
		check(t, d)
	}
}
