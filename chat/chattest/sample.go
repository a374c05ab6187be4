package chattest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"sync"
	"time"

	"onrecord/article"
	"onrecord/brief"
	"onrecord/factcheck"
	"onrecord/nlp"
	"onrecord/quote"
)

// Briefer is a chat.Briefer for tests. It knows some articles by their link
// and makes a small briefing of every text and file. Its zero value works.
type Briefer struct {
	// Links are the articles behind links; Sample is behind every other one
	// if Strict is false.
	Links  map[string]*brief.Briefing
	Strict bool
	// Err, when set, is what every call returns.
	Err error
	// Wait, when set, is closed or sent to before a call returns.
	Wait <-chan struct{}

	mu      sync.Mutex
	sources []article.Source
}

// Brief implements chat.Briefer.
func (b *Briefer) Brief(ctx context.Context, src article.Source) (*brief.Briefing, error) {
	b.mu.Lock()
	b.sources = append(b.sources, src)
	b.mu.Unlock()
	if b.Wait != nil {
		select {
		case <-b.Wait:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	switch found, ok := b.Links[src.Link]; {
	case b.Err != nil:
		return nil, b.Err
	case src.Link == "":
		return OfText(string(src.Data)), nil
	case ok:
		return found, nil
	case b.Strict:
		return nil, &article.Error{Kind: article.ErrNotFound, Where: src.Link}
	}
	found := Sample()
	found.Article.URL = src.Link
	return found, nil
}

// Sources are what was asked for, in order.
func (b *Briefer) Sources() []article.Source {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]article.Source(nil), b.sources...)
}

// SampleText is the text of Sample, of invented people and places.
const SampleText = `VELLMAR, Ostrand (NPA) - More than 300 ferry workers walked off the job early yesterday at the port of Vellmar, shutting the only link to the Harrow Islands.

“We will not take one more boat out until the pay is settled,” said Ilse Varga, head of the dock workers’ union. She promised a decision by Friday.

Harrow Lines declared on Sunday that a third of its crews had signed the new contract. “The islands will not go hungry,” company spokesman Piet Odumbe said, adding that two chartered boats were on their way.

Dozens of stranded travellers sang “Take us home” on the quay. Nobody was hurt. Many islanders fear that food prices will double.`

// Sample is a briefing made by hand, published on Tuesday 2023-05-16 and read
// the same day at 14:02 UTC.
func Sample() *brief.Briefing {
	a := ofText(SampleText)
	a.Published = time.Date(2023, 5, 16, 0, 0, 0, 0, time.UTC)
	a.Dateline = article.Dateline{Agency: "NPA", Place: "VELLMAR, Ostrand"}
	a.Body = strings.Index(SampleText, "More than")
	a.Language = "en"

	at := finder(SampleText)
	day := func(d int) nlp.Dates {
		t := time.Date(2023, 5, d, 0, 0, 0, 0, time.UTC)
		return nlp.Dates{Start: t, End: t}
	}
	times := []factcheck.Date{
		{Span: at("early yesterday"), Dates: day(15)},
		{Span: at("by Friday"), Dates: day(19)},
		{Span: at("on Sunday"), Dates: day(14)},
	}
	varga := quote.Speaker{Name: "Ilse Varga", Spans: []nlp.Span{at("Ilse Varga")}, Entity: 0, Role: "head of the dock workers’ union", RoleSpan: at("head of the dock workers’ union")}
	lines := quote.Speaker{Name: "Harrow Lines", Spans: []nlp.Span{at("Harrow Lines")}, Entity: 1}
	odumbe := quote.Speaker{Name: "Piet Odumbe", Spans: []nlp.Span{at("Piet Odumbe")}, Entity: 2, Role: "company spokesman", RoleSpan: at("company spokesman")}
	quotes := []quote.Quote{
		{Content: []nlp.Span{at("“We will not take one more boat out until the pay is settled,”")}, Type: quote.Direct, Kind: quote.Speech, Verb: "said", Stance: quote.Said, Speaker: varga, SaidOn: -1},
		{Content: []nlp.Span{at("a decision by Friday")}, Type: quote.Indirect, Kind: quote.Speech, Verb: "promised", Stance: quote.Promised, Speaker: varga, SaidOn: -1},
		{Content: []nlp.Span{at("that a third of its crews had signed the new contract")}, Type: quote.Indirect, Kind: quote.Speech, Verb: "declared", Stance: quote.Claimed, Speaker: lines, SaidOn: 2, Reasons: []string{"“declared” takes a that-clause"}},
		{Content: []nlp.Span{at("“The islands will not go hungry,”")}, Type: quote.Direct, Kind: quote.Speech, Verb: "said", Stance: quote.Said, Speaker: odumbe, SaidOn: -1},
		{Content: []nlp.Span{at("that two chartered boats were on their way")}, Type: quote.Indirect, Kind: quote.Speech, Verb: "adding", Stance: quote.Said, Speaker: odumbe, SaidOn: -1},
		{Content: []nlp.Span{at("“Take us home”")}, Type: quote.Direct, Kind: quote.Speech, Verb: "sang", Stance: quote.Said, SaidOn: -1, Speaker: quote.Speaker{Name: "Dozens of stranded travellers", Spans: []nlp.Span{at("Dozens of stranded travellers")}, Entity: -1}},
		{Content: []nlp.Span{at("that food prices will double")}, Type: quote.Indirect, Kind: quote.Other, Verb: "fear", Stance: quote.Feared, SaidOn: -1, Speaker: quote.Speaker{Name: "Many islanders", Spans: []nlp.Span{at("Many islanders")}, Entity: -1}},
	}
	claims := []factcheck.Claim{
		{Span: at("a third of its crews had signed the new contract"), Score: .9, Checkable: true, Kinds: []factcheck.Kind{factcheck.Figure, factcheck.Attributed}, Reasons: []string{"a figure that only one side gives", "the dispute turns on it"}, Standalone: "[Harrow Lines declared that] a third of its crews had signed the new contract", Speaker: "Harrow Lines", Quote: 2, HowToCheck: []string{"Ask Harrow Lines for the number of contracts signed, and the union for its own count.", "Wrong if clearly fewer than a third of the crews have signed."}},
		{Span: at("More than 300 ferry workers walked off the job early yesterday at the port of Vellmar"), Score: .8, Checkable: true, Kinds: []factcheck.Kind{factcheck.Figure, factcheck.Event}, Reasons: []string{"the story’s main number, no source named"}, Standalone: "More than 300 ferry workers walked off the job early yesterday [2023-05-15] at the port of Vellmar", Quote: -1, Dates: times[:1], HowToCheck: []string{"Port authority, police, pictures of the quay: how many?"}},
		{Span: at("Nobody was hurt."), Score: .5, Checkable: true, Kinds: []factcheck.Kind{factcheck.Absolute, factcheck.Event}, Reasons: []string{"absolute (“Nobody”), no source named"}, Standalone: "Nobody was hurt.", Unclear: "where and when: the sentence does not say", Quote: -1, HowToCheck: []string{"Hospital and coast guard of Vellmar."}},
		{Span: at("food prices will double"), Checkable: false, Kinds: []factcheck.Kind{factcheck.Prediction}, Reasons: []string{"a prediction"}, Standalone: "food prices will double", Speaker: "Many islanders", Quote: -1},
	}
	return &brief.Briefing{Article: a, Analysis: &brief.Analysis{
		Summary: []brief.Sentence{
			sentence(SampleText, "More than 300 ferry workers walked off the job early yesterday at the port of Vellmar", ", shutting the only link to the Harrow Islands."),
			sentence(SampleText, "Harrow Lines declared on Sunday that a third of its crews had signed the new contract."),
		},
		Quotes: quotes,
		Sources: brief.Sources{
			Voices: []quote.Voice{
				{Speaker: varga, Sort: quote.Named, Quotes: 2, Words: 17, Share: 17. / 45},
				{Speaker: odumbe, Sort: quote.Named, Quotes: 2, Words: 14, Share: 14. / 45},
				{Speaker: lines, Sort: quote.Body, Quotes: 1, Words: 11, Share: 11. / 45},
				{Speaker: quotes[5].Speaker, Sort: quote.Collective, Quotes: 1, Words: 3, Share: 3. / 45},
			},
		},
		Claims: claims,
		Times:  times,
	}}
}

// OfText is a briefing of any text: its first sentence is the summary, a claim,
// and what an unnamed man says.
func OfText(text string) *brief.Briefing {
	a := ofText(text)
	found := &brief.Analysis{}
	if a.Words > 0 {
		start := len(text) - len(strings.TrimLeft(text, " \t\r\n"))
		end := len(text)
		if i := strings.IndexAny(text[start:], ".!?\n"); i >= 0 {
			end = start + i + 1
		}
		span := nlp.Span{Start: start, End: end}
		found.Summary = []brief.Sentence{{Text: span.Text(text), Span: span, Parts: []nlp.Span{span}}}
		found.Claims = []factcheck.Claim{{Span: span, Score: .5, Checkable: true, Kinds: []factcheck.Kind{factcheck.Event}, Reasons: []string{"no source named"}, Standalone: span.Text(text), Quote: -1}}
		found.Quotes = []quote.Quote{{Content: []nlp.Span{span}, Type: quote.Direct, Kind: quote.Speech, Verb: "said", SaidOn: -1, Speaker: quote.Speaker{Name: "a man", Entity: -1}}}
	}
	return &brief.Briefing{Article: a, Analysis: found}
}

func ofText(text string) *article.Article {
	sum := sha256.Sum256([]byte(text))
	return &article.Article{
		Text:   text,
		Words:  len(strings.Fields(text)),
		SHA256: hex.EncodeToString(sum[:]),
		ReadAt: time.Date(2023, 5, 16, 14, 2, 0, 0, time.UTC),
	}
}

// finder finds words in a text that must hold them.
func finder(text string) func(words string) nlp.Span {
	return func(words string) nlp.Span {
		i := strings.Index(text, words)
		if i < 0 {
			panic("not in the text: " + words)
		}
		return nlp.Span{Start: i, End: i + len(words)}
	}
}

func sentence(text string, pieces ...string) brief.Sentence {
	at := finder(text)
	s := brief.Sentence{Text: strings.Join(pieces, "")}
	for _, p := range pieces {
		s.Parts = append(s.Parts, at(p))
	}
	s.Span = nlp.Span{Start: s.Parts[0].Start, End: s.Parts[len(s.Parts)-1].End}
	return s
}
