package nlp

import (
	"bufio"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// goldDoc is one document of a treebank, its text rebuilt.
type goldDoc struct {
	id        string
	text      string
	sentences []Span
	tokens    []Token // Span, Text, Lemma and Tag
}

// treebank reads a CoNLL-U file that lies beside the checkout, and skips the
// test when there is none.
func treebank(t testing.TB, name string) []goldDoc {
	t.Helper()
	file, err := os.Open(filepath.Join("..", "..", "shared", "data", "treebanks", name))
	if err != nil {
		t.Skip("no treebanks beside the checkout: ", err)
	}
	defer file.Close()
	var docs []goldDoc
	var doc *goldDoc
	var text strings.Builder
	finish := func() {
		if doc != nil {
			doc.text = text.String()
		}
	}
	var sentence string // its text
	par, base, at := false, 0, 0
	place := func(form string) Span {
		i := strings.Index(sentence[at:], form)
		if i < 0 {
			return Span{}
		}
		s := Span{base + at + i, base + at + i + len(form)}
		at += i + len(form)
		return s
	}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		line := lines.Text()
		key, value, _ := strings.Cut(line, " = ")
		switch {
		case key == "# newdoc id":
			finish()
			docs = append(docs, goldDoc{id: value})
			doc = &docs[len(docs)-1]
			text.Reset()
		case strings.HasPrefix(line, "# newpar"):
			par = true
		case key == "# text":
			if text.Len() > 0 {
				if par {
					text.WriteString("\n\n")
				} else {
					text.WriteString(" ")
				}
			}
			sentence = value
			par, base, at = false, text.Len(), 0
			text.WriteString(value)
			doc.sentences = append(doc.sentences, Span{base, base + len(value)})
		case line == "" || line[0] == '#':
		default:
			f := strings.Split(line, "\t")
			if strings.Contains(f[0], ".") {
				continue
			}
			if strings.Contains(f[0], "-") { // a word of several tokens, which follow
				continue
			}
			if s := place(f[1]); !s.Empty() {
				doc.tokens = append(doc.tokens, Token{Span: s, Text: f[1], Lemma: f[2], Tag: f[4]})
			}
		}
	}
	finish()
	return docs
}

// rate is precision, recall and F of found against gold.
type rate struct{ hit, found, gold int }

func (r rate) f() float64 {
	if r.found+r.gold == 0 {
		return 1
	}
	return 2 * float64(r.hit) / float64(r.found+r.gold)
}

func (r rate) String() string {
	percent := func(n, of int) string { return strconv.FormatFloat(100*float64(n)/float64(max(of, 1)), 'f', 2, 64) }
	return "P " + percent(r.hit, r.found) + " R " + percent(r.hit, r.gold) + " F " + percent(2*r.hit, r.found+r.gold)
}

func newsOrInterview(id string) bool {
	return strings.HasPrefix(id, "GUM_news_") || strings.HasPrefix(id, "GUM_interview_")
}

// TestSentencesOnTreebank measures sentence boundaries on the news and
// interviews of GUM. The rules were written with an eye on those of gum-train;
// those of gum-dev were not looked at.
func TestSentencesOnTreebank(t *testing.T) {
	for _, c := range []struct {
		name  string
		floor float64
	}{{"gum-train.conllu", 0.985}, {"gum-dev.conllu", 0.98}} {
		all := sentenceRate(t, c.name)
		t.Logf("%s, news and interviews, sentence boundaries: %v", c.name, all)
		if all.f() < c.floor {
			t.Errorf("%s: F below %v", c.name, c.floor)
		}
	}
}

func sentenceRate(t *testing.T, name string) rate {
	var all rate
	for _, doc := range treebank(t, name) {
		if !newsOrInterview(doc.id) {
			continue
		}
		gold := map[int]bool{}
		for _, s := range doc.sentences {
			gold[s.End] = true
		}
		var r rate
		r.gold = len(gold)
		found := map[int]bool{}
		for _, s := range Parse(doc.text).Sentences {
			found[s.End] = true
			r.found++
			if gold[s.End] {
				r.hit++
			} else if testing.Verbose() {
				t.Logf("%s cut: %q | %q", doc.id, doc.text[max(s.Start, s.End-40):s.End], doc.text[s.End:min(s.End+40, len(doc.text))])
			}
		}
		for _, s := range doc.sentences {
			if !found[s.End] && testing.Verbose() {
				t.Logf("%s joined: %q | %q", doc.id, doc.text[max(s.Start, s.End-40):s.End], doc.text[s.End:min(s.End+40, len(doc.text))])
			}
		}
		all.hit, all.found, all.gold = all.hit+r.hit, all.found+r.found, all.gold+r.gold
	}
	return all
}

func TestTokensOnTreebank(t *testing.T) {
	for _, name := range []string{"gum-dev.conllu", "ewt-dev.conllu"} {
		var all rate
		for _, doc := range treebank(t, name) {
			gold := map[Span]bool{}
			for _, g := range doc.tokens {
				gold[g.Span] = true
			}
			found := map[Span]bool{}
			d := Parse(doc.text)
			for _, f := range d.Tokens {
				found[f.Span] = true
				if gold[f.Span] {
					all.hit++
				} else if testing.Verbose() {
					t.Logf("%s found %q in %q", doc.id, f.Text, doc.text[max(0, f.Start-15):min(len(doc.text), f.End+15)])
				}
			}
			all.found += len(d.Tokens)
			all.gold += len(doc.tokens)
		}
		t.Logf("%s tokens: %v", name, all)
		if all.f() < 0.99 {
			t.Errorf("%s tokens: F below 99", name)
		}
	}
}
