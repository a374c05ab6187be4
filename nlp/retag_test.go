package nlp

import "testing"

// TestMendedTags holds the words that are verbs though the tagger takes them for
// something else.
func TestMendedTags(t *testing.T) {
	for _, tt := range []struct{ text, word, tag string }{
		{"According to figures released by the authority last month, ferry groundings rose by 40% between 2019 and 2024, from 15 to 21.", "rose", "VBD"},
		{"The company cut its full-year forecast for operating profit to between 70 and 80 million crowns, from 110 million to 120 million.", "cut", "VBD"},
		{"Defenders of the project point to Harcastle, where car traffic in the centre fell 22 per cent after its trams came.", "point", "VBP"},
		{"Its chief executive, Tom Ritter, said that the company could not pay.", "executive", "NN"},
		{"An executive order closed the port.", "executive", "JJ"},
		{"The point of the project is clear.", "point", "NN"},
		{"The rose that Ada Bell grew won a prize.", "rose", "NN"},
	} {
		for _, token := range Parse(tt.text).Tokens {
			if token.Text == tt.word && token.Tag != tt.tag {
				t.Errorf("%s: %q is %s, want %s", tt.text, tt.word, token.Tag, tt.tag)
			}
		}
	}
}
