package nlp

import (
	"strings"
	"testing"
)

// story is an invented article of about 800 words, its middle repeated.
var story = func() string {
	const head = `Ana Pereira, a baker from the river town of Orlava, laid out the plan on Sunday night to her neighbours: First the children will leave, then the old, and the shops will close last.

More than 1,200 residents were preparing to leave their homes early yesterday after engineers warned that the Marovic dam could fail within days.

`
	const middle = `“We have lived beside this water for four generations, and nobody ever told us that the wall was cracking,” Pereira said. “Now they come with a loudspeaker and give us two hours.”

The Lavenian government has spent $3.2 million on repairs since March, but the work stopped in the third quarter of 2019 when the contractor, Teslin Works Ltd., went bankrupt. Deputy Prime Minister Ivo Marek, who visited the valley last week, denied that the ministry had ignored the warnings.

“About 40 percent of the money was never paid out,” Marek told reporters outside the town hall. He promised that families would be compensated by the end of next month, although he gave no figures.

According to Dr. Helen Osei, an engineer at the Institute for Water Safety (IWS), cracks were first measured in 2015 and have doubled in width over the past three years. “You can put your hand in some of them,” Osei said. The IWS sent its last report to the ministry on Dec. 12.

Hundreds of soldiers arrived over the weekend to fill sandbags along the U.S.-built canal, and the army closed two of the five bridges. Two people were slightly hurt when a lorry overturned near the Rado Stefan bridge, police said.

`
	return head + strings.Repeat(middle, 4)
}()

func BenchmarkParse(b *testing.B) {
	b.Logf("%d words", len(strings.Fields(story)))
	Parse(story) // load the models
	b.ReportAllocs()
	b.SetBytes(int64(len(story)))
	for b.Loop() {
		Parse(story)
	}
}

func BenchmarkRules(b *testing.B) {
	d := Parse(story)
	labels := d.analyse()
	b.ReportAllocs()
	for b.Loop() {
		e := &Document{Text: story}
		e.Paragraphs = paragraphs(story, 0)
		e.split()
		for i := range e.Tokens {
			e.Tokens[i].Tag, e.Tokens[i].Rel, e.Tokens[i].Head = d.Tokens[i].Tag, d.Tokens[i].Rel, d.Tokens[i].Head
			e.Tokens[i].Lemma = lemma(e.Tokens[i].Text, e.Tokens[i].Tag)
		}
		e.link()
		e.findTimes()
		e.findNames(labels)
		e.findNumbers()
	}
}
