package nlp

import "testing"

func TestLemma(t *testing.T) {
	for _, c := range []struct{ word, tag, want string }{
		{"said", "VBD", "say"},
		{"told", "VBN", "tell"},
		{"was", "VBD", "be"},
		{"'s", "VBZ", "be"},
		{"n't", "RB", "not"},
		{"stopped", "VBD", "stop"},
		{"hoped", "VBD", "hope"},
		{"visited", "VBD", "visit"},
		{"denied", "VBD", "deny"},
		{"promising", "VBG", "promise"},
		{"warning", "VBG", "warn"},
		{"lying", "VBG", "lie"},
		{"agreed", "VBD", "agree"},
		{"announced", "VBD", "announce"},
		{"accused", "VBD", "accuse"},
		{"chanted", "VBD", "chant"},
		{"feared", "VBD", "fear"},
		{"declared", "VBD", "declare"},
		{"described", "VBD", "describe"},
		{"criticized", "VBD", "criticize"},
		{"argues", "VBZ", "argue"},
		{"watches", "VBZ", "watch"},
		{"goes", "VBZ", "go"},
		{"added", "VBD", "add"},
		{"admitted", "VBD", "admit"},
		{"migrants", "NNS", "migrant"},
		{"women", "NNS", "woman"},
		{"cities", "NNS", "city"},
		{"churches", "NNS", "church"},
		{"buses", "NNS", "bus"},
		{"heroes", "NNS", "hero"},
		{"lives", "NNS", "life"},
		{"Trump", "NNP", "Trump"},
		{"Houses", "NNS", "house"},
		{"bigger", "JJR", "big"},
		{"easier", "JJR", "easy"},
		{"best", "JJS", "good"},
		{"largest", "JJS", "large"},
		{"him", "PRP", "he"},
		{"an", "DT", "a"},
		{"those", "DT", "that"},
	} {
		if got := lemma(c.word, c.tag); got != c.want {
			t.Errorf("lemma(%s, %s) = %s, want %s", c.word, c.tag, got, c.want)
		}
	}
}

func TestLemmasOnTreebank(t *testing.T) {
	for _, name := range []string{"gum-dev.conllu", "ewt-dev.conllu"} {
		hit, all := 0, 0
		wrong := map[string]int{}
		for _, doc := range treebank(t, name) {
			for _, g := range doc.tokens {
				if len(g.Tag) < 2 || g.Tag[0] != 'V' && g.Tag != "NN" && g.Tag != "NNS" && g.Tag != "JJR" && g.Tag != "JJS" {
					continue
				}
				all++
				if got := lemma(normal(g.Text), g.Tag); got == g.Lemma {
					hit++
				} else {
					wrong[g.Text+"/"+g.Tag+" "+got+" for "+g.Lemma]++
				}
			}
		}
		t.Logf("%s: %.2f %% of the lemmas of verbs, nouns and compared adjectives", name, 100*float64(hit)/float64(all))
		if hit*100 < all*98 {
			t.Errorf("%s: below 98 %%", name)
		}
		if testing.Verbose() {
			for w, n := range wrong {
				t.Log(n, w)
			}
		}
	}
}
