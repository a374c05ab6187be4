package brief

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestSources counts the sources of invented articles.
func TestSources(t *testing.T) {
	for _, tt := range []struct {
		name, text, want string
	}{
		{
			"people, a crowd, and who is only spoken about", harbour,
			"4 speakers: 2 people by name, 2 without a name; most words: Ana Park, 42 %. Only spoken about: Viktor Hale; Sele Shipping Corp.",
		},
		{
			"nobody speaks",
			"The east pier of Port Sele was closed on Monday. Viktor Hale owns it.",
			"",
		},
		{
			"an organisation speaks for itself, and a person for another one",
			"Kelvale Airlines said on Monday that it would cut forty flights. “We had no choice,” said Ines Falk, a spokeswoman for Orrin Airports.",
			"2 speakers: 1 person and 1 organisation by name; most words: Kelvale Airlines, 60 %.",
		},
		{
			"beliefs are no speech",
			"Ines Falk hopes that the bridge will stand. “It is safe,” said Bo Lindgren.",
			"1 speaker: 1 person by name; most words: Bo Lindgren, 100 %. Only spoken about: Ines Falk.",
		},
		{
			"whoever perhaps speaks is not silent",
			"Jonas Wick and Peter Lang met at the gate. He said the gate was locked.",
			"0 speakers; 1 quotation with no clear speaker.",
		},
		{
			"labels of a transcript name people, or nobody",
			"Speakers: Ida Kroon, chief engineer of the tunnel; Piet Odum, reporter\n\nODUM: Who drew the map?\n\nKROON: Two surveyors, in 1962.\n\n" +
				"AUDIENCE MEMBER: Louder!\n\nODUM: Are they alive?\n\nKROON: One is.",
			"3 speakers: 2 people by name, 1 without a name; most words: Piet Odum, 50 %.",
		},
		{
			"a lone surname names nobody",
			"“It is safe,” said Bo Lindgren. The street is named after Falk.",
			"1 speaker: 1 person by name; most words: Bo Lindgren, 100 %.",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := Analyse(textArticle(t, tt.text)).Sources.Line()
			if diff := cmp.Diff(got, tt.want); diff != "" {
				t.Errorf("%s\n(-got +want)\n%s", tt.text, diff)
			}
		})
	}
}

// The authors, the outlet and its agency are none of the story.
func TestSourcesLeaveOutTheMakers(t *testing.T) {
	a := textArticle(t, "“It is safe,” said Bo Lindgren. Ines Falk of The Kelvale Courier met Viktor Hale there.")
	a.Byline, a.Publisher = []string{"Ines Falk"}, "The Kelvale Courier"
	got := Analyse(a).Sources.Silent
	if len(got) != 1 || got[0].Name != "Viktor Hale" {
		t.Errorf("got %+v, want Viktor Hale alone", got)
	}
}

// The audit agrees with the list of quotations, whatever the text.
func TestSourcesProperties(t *testing.T) {
	pieces := []string{
		"“It is safe,” ", "said Bo Lindgren. ", "he said. ", "Ines Falk hoped it would rain. ", "Residents said it was late. ",
		"Kelvale Airlines denied that. ", "Viktor Hale met Ines Falk. ", "Ines Falk, a nurse, ", "according to the ministry. ", "\n\n", "said ", "“",
	}
	rapid.Check(t, func(rt *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 20).Draw(rt, "pieces"), "")
		a := textArticle(t, "Port Sele. "+text)
		found := Analyse(a)
		s := found.Sources
		quotes, words, share := 0, 0, 0.0
		for _, v := range s.Voices {
			quotes, words, share = quotes+v.Quotes, words+v.Words, share+v.Share
		}
		wantQuotes, wantWords := 0, 0
		speakers := BySpeaker(a.Text, found.Quotes, nil)
		for _, g := range speakers {
			wantQuotes, wantWords = wantQuotes+len(g.Quotes), wantWords+g.Words
		}
		if quotes != wantQuotes || words != wantWords || len(speakers) != len(s.Voices) {
			rt.Fatalf("%q: %d quotations, %d words by %d voices; the list has %d, %d, %d", text, quotes, words, len(s.Voices), wantQuotes, wantWords, len(speakers))
		}
		if words > 0 && (share < 0.999 || share > 1.001) {
			rt.Fatalf("%q: shares add up to %v", text, share)
		}
		people, organisations, unnamed, open := s.Count()
		if n := people + organisations + unnamed; n > len(s.Voices) || open == 0 && n != len(s.Voices) {
			rt.Fatalf("%q: %d + %d + %d of %d voices", text, people, organisations, unnamed, len(s.Voices))
		}
		for _, silent := range s.Silent {
			for _, g := range speakers {
				if strings.EqualFold(g.Name, silent.Name) {
					rt.Fatalf("%q: %s speaks and is silent", text, g.Name)
				}
			}
			if len(silent.Spans) == 0 {
				rt.Fatalf("%q: %s stands nowhere", text, silent.Name)
			}
		}
		if line := s.Line(); strings.Contains(line, "\n") || (line == "") != (wantQuotes == 0) {
			rt.Fatalf("%q: %q for %d quotations", text, line, wantQuotes)
		}
	})
}
