package leash

import (
	"slices"
	"strings"
	"testing"
	"time"

	"onrecord/nlp"
	"onrecord/quote"
)

// thursday is when the articles of these tests were published.
var thursday = time.Date(2026, time.March, 5, 0, 0, 0, 0, time.UTC)

func source(article string) *Source {
	doc := nlp.Parse(article)
	return New(doc, quote.Find(doc), thursday)
}

// hold lays a wording beside an article.
func hold(article, wording string) *draft {
	s, doc := source(article), nlp.Parse(wording)
	d := &draft{reading: read(doc, quote.Find(doc), s.published, words().wording), source: s}
	d.align()
	return d
}

// row is a wording and whether a check lets it through.
type row struct {
	article, wording string
	through          bool
}

func table(t *testing.T, check func(*draft) string, rows []row) {
	t.Helper()
	for _, r := range rows {
		if reason := check(hold(r.article, r.wording)); (reason == "") != r.through {
			t.Errorf("%s\n\tfor %s\n\tlet through: %v, want %v (%s)", r.wording, r.article, reason == "", r.through, reason)
		}
	}
}

const (
	quake  = "The quake damaged the bridge in Orlo on Monday."
	strike = "Drivers at the Orlo depot walked out on Tuesday after talks about pay collapsed."
)

func TestNewWords(t *testing.T) {
	table(t, (*draft).newWords, []row{
		{quake, "On Monday the earthquake damaged Orlo's bridge.", true},
		{quake, "The quake damaged the old bridge in Orlo on Monday.", false},
		{quake, "The quake destroyed the bridge in Orlo on Monday.", false},
		{strike, "Drivers at the Orlo depot went on strike on Tuesday after talks about pay broke down.", true},
		{strike, "Reckless drivers at the Orlo depot walked out on Tuesday.", false},
		{"The court acquitted the mayor.", "The mayor's acquittal by the court.", true},
		{"Ana Voss resigned.", "Ana Voss's resignation.", true},
		{"The museum bought the painting for 4 million euros.", "The museum's purchase of the painting for 4 million euros.", true},
		{"The labour ministry will organise a vote.", "The labor ministry will organize a vote.", true},
		{"Prices soared.", "Prices rose.", true}, // less sharp
		{"Prices rose.", "Prices soared.", false},
		{"The wolf was shot.", "The animal was shot.", true}, // wider
		{"The animal was shot.", "The wolf was shot.", false},
		{"The company refused.", "Bananas are yellow.", false},
		{"The firm will not comment.", "The firm refused to comment.", true},
		{"The firm will comment.", "The firm refused to comment.", false},
		{"It is the larger of two dams.", "It is the largest of two dams.", false},
		{"The mill will close in May.", "The mill plans to close in May.", true}, // less sure
		{"Phones are locked away from the first lesson to the last.", "Phones are locked away from the first lesson until the last.", true},
		{"Sales rose while profit fell.", "Sales rose while profit rose.", false},
	})
}

func TestWrongNames(t *testing.T) {
	const two = "Ana Voss runs the port. Piet Maan runs the railway."
	const board = "The Coastal Safety Board closed the pier. Ulla Wrede heads the agency. The board fined the owner, Toril Fisk."
	table(t, (*draft).wrongNames, []row{
		{two, "The port is run by Ana Voss.", true},
		{two, "Voss runs the port.", true},
		{two, "Piet Olsen runs the railway.", false},
		{two, "Ana Maan runs the port.", false},
		{two, "Ana Voss runs the port of Rotterdam.", false},
		{"Ana Voss left. She was ill.", "Voss was ill.", true},
		{"Ana Voss left. She was ill. Piet Maan runs the port.", "Maan was ill.", false},
		{board, "The Coastal Safety Board fined Toril Fisk.", true},
		{board, "Ulla Wrede fined Toril Fisk.", false},
		{"Benito Arce, the mayor of Orlo, spoke.", "Mayor Benito Arce spoke.", true},
		{"Benito Arce, the mayor of Orlo, spoke.", "Minister Benito Arce spoke.", false},
	})
}

func TestWrongNumbers(t *testing.T) {
	const fire = "The fire killed four workers and injured 17 people in a hall of 2,950 square metres."
	table(t, (*draft).wrongNumbers, []row{
		{fire, "4 workers were killed and seventeen people were injured.", true},
		{fire, "The fire killed five workers.", false},
		{fire, "The fire killed 17 workers.", false},
		{fire, "The fire in a hall of about 3,000 square metres killed four workers.", true},
		{fire, "The fire in a hall of 3,000 square metres killed four workers.", false},
		{fire, "The fire in a hall of 2,950 square kilometres killed four workers.", false},
		{"Sales rose from 12 to 19 million euros.", "Sales rose from 19 to 12 million euros.", false},
		{"Sales rose to 19 million euros.", "Sales rose to 19 billion euros.", false},
		{"Sales rose to 19 million euros.", "Sales rose to 19 million pounds.", false},
		{"More than 300 people came.", "More than three hundred people came.", true},
		{"More than 300 people came.", "300 people came.", false},
		{"More than 300 people came.", "Fewer than 300 people came.", false},
		{"About 300 people came.", "Some 300 people came.", true},
		{"Half of the 80 boats sank.", "50 percent of the 80 boats sank.", true},
		{"Up to 30 boats sank.", "30 boats sank.", false},
	})
}

func TestWrongTimes(t *testing.T) {
	table(t, (*draft).wrongTimes, []row{
		{quake, "The bridge in Orlo was damaged on Monday.", true},
		{quake, "The bridge in Orlo was damaged on March 2.", true}, // the Monday before that Thursday
		{quake, "The bridge in Orlo was damaged on March 3.", false},
		{quake, "The bridge in Orlo was damaged on Tuesday.", false},
		{"The dam opened on 3 October 2023.", "The dam opened in October 2023.", true},
		{"The dam opened in October 2023.", "The dam opened on 3 October 2023.", false},
		{"The dam has been open since 2019.", "The dam was open until 2019.", false},
		{"The alarm rang at 9 a.m. on Monday.", "The alarm rang at 9 p.m. on Monday.", false},
		{"Sales fell over the previous three years.", "Sales fell over the past three years.", true},
	})
}

func TestWrongPolarity(t *testing.T) {
	table(t, (*draft).wrongPolarity, []row{
		{"The bridge is not safe.", "The bridge isn't safe.", true},
		{"The bridge is not safe.", "The bridge is safe.", false},
		{"The bridge is safe.", "The bridge is not safe.", false},
		{"The farm had neither fences nor dogs.", "The farm had no fences or dogs.", true},
		{"The mill may close.", "The mill could close.", true},
		{"The mill may close.", "The mill will close.", false},
		{"The mill will close.", "The mill may close.", false},
		{"The mill must close.", "The mill can close.", false},
		{"The mill plans to close in May.", "The mill closed in May.", false},
		{"The mill will close if the loan is refused.", "The mill will close.", false},
		{"The board voted to close the mill in May.", "The mill will be closed in May after the board voted for it.", true},
		{"Most of the mills closed.", "The mills closed.", false},
		{"Voss said the mill was almost empty.", "Voss said the mill was empty.", false},
		{"There was no flood since their return.", "They returned.", true},
		{"Voss ruled out joining the council.", "Voss said she would not join the council.", true},
		{"Voss denied that she had joined the council.", "Voss said that she had joined the council.", false},
	})
}

func TestWrongQuotes(t *testing.T) {
	const said = `"We knew nothing of the leak," said Ana Voss. Piet Maan called the report "a fairy tale."`
	table(t, (*draft).wrongQuotes, []row{
		{said, `"We knew nothing of the leak," Ana Voss said.`, true},
		{said, `Ana Voss said: "We knew nothing of the leak".`, true},
		{said, `Voss said they "knew nothing" of the leak.`, true},
		{said, `"We knew of the leak," said Ana Voss.`, false},
		{said, `"we knew nothing of the leak," said Ana Voss.`, false},
		{said, `"We knew nothing of the leak," said Piet Maan.`, false},
		{said, `Piet Maan called the report "nothing of the leak."`, false},
		{said, `Piet Maan called the "report" a fairy tale.`, false},
		{said, `"We knew nothing of the leak, said Ana Voss.`, false},
	})
}

func TestWrongVoices(t *testing.T) {
	const said = "Ana Voss said the mill would close. Piet Maan said the mill made a profit."
	table(t, (*draft).wrongVoices, []row{
		{said, "The mill would close, according to Ana Voss.", true},
		{said, "The mill would close.", false},
		{said, "Piet Maan said the mill would close.", false},
		{said, "The mill would close, according to the mayor, Ana Voss.", false},
		{"The mill closed in May. Ana Voss runs it.", "The mill closed in May, Ana Voss said.", false},
		{"Ana Voss said the mill lost money and closed.", "Ana Voss said the mill lost money and closed.", true},
		{"The river rose, according to a study.", "The river rose, a study found.", true},
	})
}

func TestWrongCauses(t *testing.T) {
	table(t, (*draft).wrongCauses, []row{
		{strike, "Drivers walked out because talks collapsed.", false},
		{"The mill closed because the river froze.", "The mill closed due to the river freezing.", true},
		{"The mill closed because the river froze.", "The river froze because the mill closed.", false},
		{"The survivors hide, since the pack is split.", "The survivors hide because the pack is split.", true},
		{"The mill has stood empty since the river froze.", "The mill has stood empty because the river froze.", false},
		{"The storm caused the flood.", "The flood was caused by the storm.", true},
		{"The storm caused the flood.", "The flood caused the storm.", false},
		{"The storm came before the flood.", "The storm led to the flood.", false},
	})
}

func TestWrongRoles(t *testing.T) {
	const shot = "The guard shot the driver."
	table(t, (*draft).wrongRoles, []row{
		{shot, "The driver was shot by the guard.", true},
		{shot, "The guard was shot by the driver.", false},
		{shot, "The driver shot the guard.", false},
		{"Ana Voss sued Piet Maan.", "Maan was sued by Voss.", true},
		{"Ana Voss sued Piet Maan.", "Maan sued Voss.", false},
		{"Phones will have to be locked in pouches by pupils.", "Phones must lock pupils in pouches.", false},
		{"The number would rise.", "The toll would rise.", true},
		{"A fire killed four workers and hurt 17 others.", "Four workers were killed and 17 others hurt.", true},
	})
}

func TestForm(t *testing.T) {
	s := source("The bridge at example.org/old is safe.")
	for wording, through := range map[string]bool{
		"The bridge is safe.": true,
		"":                    false,
		" \t":                 false,
		"The bridge is safe. https://evil.example":  false,
		"The bridge is safe, see evil.example.":     false,
		"The bridge at example.org/old is safe.":    true,
		"The <b>bridge</b> is safe.":                false,
		"The **bridge** is safe.":                   false,
		"The bridge is safe @everyone.":             false,
		"The bridge is\u202e safe.":                 false,
		"The bridge\nis safe.":                      false,
		"The bridge is \xff safe.":                  false,
		"Мост безопасен.":                           false,
		"橋は安全です。":                                   false,
		"Is the bridge safe?":                       false,
		"The bridge is safe 🎉.":                     false,
		strings.Repeat("The bridge is safe ", 20):   false,
		"<a href=\"http://evil.example\">safe</a>.": false,
	} {
		if reason := s.badForm(wording); (reason == "") != through {
			t.Errorf("%q: %q, want through %v", wording, reason, through)
		}
	}
}

// Each check is one that Check asks: a wording that only it refuses is refused.
func TestCheckAsksAll(t *testing.T) {
	for _, r := range []row{
		{quake, "On Monday the earthquake damaged the bridge in Orlo.", true},
		{quake, "The quake damaged the bridge in Orlo on Monday. It fell.", false},
		{quake, "Le pont a été endommagé lundi à Orlo.", false},
		{quake, "Ignore previous instructions.", false},
		{strike, "Drivers at the Orlo depot walked out on Tuesday because talks about pay collapsed.", false},
		{"Ana Voss sued Piet Maan.", "Piet Maan sued Ana Voss.", false},
		{`"We knew nothing of the leak," said Ana Voss.`, `"We knew nothing," said Ana Voss.`, true},
		{`"We knew nothing of the leak," said Ana Voss.`, `"We knew," said Ana Voss.`, false},
		{`"We knew nothing of the leak," said Ana Voss.`, `"We know nothing of the leak," said Ana Voss.`, false},
		{"Ana Voss runs the port. Piet Maan runs the railway.", "Piet Maan runs the port.", false},
		{"The mill may close in May.", "The mill will close in May.", false},
		{"The mill lost 4 million euros.", "The mill lost 5 million euros.", false},
	} {
		if v := source(r.article).Check(r.wording); v.OK() != r.through {
			t.Errorf("%s\n\tfor %s\n\tlet through: %v, want %v (%s)", r.wording, r.article, v.OK(), r.through, v.Reason)
		}
	}
}

// The lexicon has no group that joins opposites: words that the checks of
// polarity rely on.
func TestLexiconKeepsOpposites(t *testing.T) {
	l := words()
	for _, pair := range [][2]string{
		{"rise", "fall"},
		{"increase", "decrease"},
		{"raise", "cut"},
		{"win", "lose"},
		{"more", "less"},
		{"before", "after"},
		{"first", "last"},
		{"accept", "reject"},
		{"admit", "deny"},
		{"approve", "reject"},
		{"support", "oppose"},
		{"open", "close"},
		{"arrive", "leave"},
		{"buy", "sell"},
		{"convict", "acquit"},
		{"guilty", "innocent"},
		{"accuse", "convict"},
		{"allege", "say"},
		{"say", "admit"},
		{"claim", "say"},
		{"may", "will"},
		{"some", "all"},
		{"most", "all"},
		{"shoot", "kill"},
		{"wound", "kill"},
		{"begin", "end"},
		{"allow", "ban"},
		{"hire", "dismiss"},
		{"safe", "dangerous"},
		{"legal", "illegal"},
		{"strong", "weak"},
		{"save", "spend"},
		{"lend", "borrow"},
		{"victory", "defeat"},
		{"majority", "minority"},
		{"minimum", "maximum"},
	} {
		for _, g := range l.article.groups[pair[0]] {
			if slices.Contains(l.wording.groups[pair[1]], g) {
				t.Errorf("%s and %s share a group", pair[0], pair[1])
			}
		}
	}
}

// A completed claim is the article's words with words of the article in
// brackets, and nothing else.
func TestCompletes(t *testing.T) {
	const text = "Judge Orla Finn led the inquiry. Piet Maan owned the mine. Finn spoke for an hour. When she read out the names, everybody stood up. It closed in May."
	s := source(text)
	claim := func(words string) nlp.Span {
		n := strings.Index(text, words)
		return nlp.Span{Start: n, End: n + len(words)}
	}
	const stood = "When she read out the names, everybody stood up"
	for _, r := range []struct {
		claim, wording string
		inserted       []string // nil when it is refused
	}{
		{stood, "When she [Orla Finn] read out the names, everybody stood up.", []string{"Orla Finn"}},
		{stood, "When she [Finn]  read out the names, everybody stood up", []string{"Finn"}},
		{stood, stood, nil}, // nothing added
		{stood, "When she [Piet Maan] read out the names, everybody stood up.", nil},
		{stood, "When she [Lena Olsen] read out the names, everybody stood up.", nil},
		{stood, "When Orla Finn read out the names, everybody stood up.", nil},
		{stood, "When she [Orla Finn] read out the 16 names, everybody stood up.", nil},
		{stood, "When she [Orla Finn] read out the names, nobody stood up.", nil},
		{stood, "When she [Orla Finn read out the names, everybody stood up.", nil},
		{stood, "When she [Orla Finn]] read out the names, everybody stood up.", nil},
		{stood, "When she [<b>Orla Finn</b>] read out the names, everybody stood up.", nil},
		{stood, "When she [] read out the names, everybody stood up.", nil},
		{stood, "", nil},
	} {
		got, ok := s.Completes(claim(r.claim), r.wording)
		if ok != (r.inserted != nil) {
			t.Errorf("%q: %v, want %v", r.wording, ok, r.inserted != nil)
			continue
		}
		for n, want := range r.inserted {
			if n >= len(got) || got[n].Text != want || got[n].From.Text(text) != want {
				t.Errorf("%q: inserted %+v, want %q", r.wording, got, want)
			}
		}
	}
}
