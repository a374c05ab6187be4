package quote

import (
	"testing"

	"onrecord/nlp"
)

// What is shown of a source names somebody and no more.
func TestShownSource(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Tobias Renck on Saturday said that the bridge had been closed twice this year.", "Tobias Renck"},
		{"Maren Oduya, on Monday, said the road would stay closed.", "Maren Oduya"},
		{"The deputy minister just this month announced that the school would close.", "The deputy minister"},
		{"A poll released on Monday showed that two thirds of the town want the bridge.", "A poll released on Monday"},
		{"The dam will hold for a year, said Maren Oduya, president of the Guild of Millers, which represents forty mills on the river.", "Maren Oduya, president of the Guild of Millers,"},
		{"Tobias Renck, the treasurer of Kelvale, which lies on the river, said the town had no money left.", "Tobias Renck, the treasurer of Kelvale,"},
		{"Tobias Renck, the treasurer of Kelvale, said the town had no money left.", "Tobias Renck, the treasurer of Kelvale,"},
		{"Ines Falk, for her part, said the dam would hold for another year.", "Ines Falk"},
		{"Ines Falk, the mayor of Kelvale, speaking on the radio, said the dam would hold for another year.", "Ines Falk, the mayor of Kelvale,"},
		{"The board did not pay an engineer who said the dam would not hold.", "who"},
		{"“The dam is old,” said Ines Falk, head of Clean Water, a group of engineers.", "Ines Falk, head of Clean Water, a group of engineers"},
		{"“The dam is old,” said Ines Falk, the mayor of Kelvale, who lives below it.", "Ines Falk, the mayor of Kelvale, who lives below it"},
		{"The clinic in Kelvale is full. Doctors there said they had no beds left.", "Doctors there"},
		{"Both Ines Falk and Tobias Renck said the dam was safe.", "Both Ines Falk and Tobias Renck"},
		{"Nearly half of the voters said they would stay at home.", "Nearly half of the voters"},
		{"Retired General Ada Roe said the fort was never manned.", "Retired General Ada Roe"},
		{"The mayor’s claim that the dam was safe came late.", "The mayor’s"},
		{"SKARVIK, Ostmark (Coast News) — The Harbour Ministry knew for ten months that a new crane would cost twice as much as planned, the Court of Audit said in a report published Monday.", "the Court of Audit"},
	} {
		doc := nlp.Parse(c.text)
		quotes := Find(doc)
		if len(quotes) != 1 || len(quotes[0].Source) != 1 {
			t.Errorf("%s: %d quotations, want one with one source", c.text, len(quotes))
			continue
		}
		if got := quotes[0].Source[0].Text(doc.Text); got != c.want {
			t.Errorf("%s: source %q, want %q", c.text, got, c.want)
		}
	}
}

// The writer's bracket in front of a mark is no part of what was said.
func TestDirectBeginsWithItsMark(t *testing.T) {
	doc := nlp.Parse("(“We lost two harvests,” Maren Oduya said.)")
	quotes := Find(doc)
	if len(quotes) != 1 || quotes[0].Type != Direct || quotes[0].Text(doc) != "“We lost two harvests,”" {
		t.Errorf("got %+v", quotes)
	}
}
