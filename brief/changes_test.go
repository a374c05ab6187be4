package brief_test

import (
	"fmt"
	"strings"
	"testing"

	"onrecord/article"
	"onrecord/brief"
)

const pier = `Twelve people were hurt when a ferry struck the pier of Vellmar on Tuesday morning, the harbour police said in a statement.

“We saw the lights go out and then there was a terrible noise,” said Ilse Varga, who had been waiting for the boat with her children.

The company has carried 300,000 passengers on this route in the last year, twice as many as in the year before.

Engineers were looking at the engine, the rudder and the radio of the ship, and divers went down to the hull in the afternoon.

The inquiry is led by Oren Dahl, who also looked into the accident at the lock two years ago.
`

// What a later reading has that an earlier one had not, by what it touches.
func TestRevise(t *testing.T) {
	read := func(title, text string) *brief.Briefing {
		a := &article.Article{Title: title, Text: text, Language: "en"}
		return &brief.Briefing{Article: a, Analysis: brief.Analyse(a)}
	}
	before := read("Ferry strikes pier", pier)
	for name, c := range map[string]struct {
		title, old, new string
		want            string
	}{
		"nothing":               {},
		"a comma":               {old: "engine, the rudder and", new: "engine, the rudder, and"},
		"quotation marks":       {old: "“We saw the lights go out and then there was a terrible noise,”", new: "\"We saw the lights go out and then there was a terrible noise,\""},
		"a capital":             {old: "harbour police", new: "Harbour Police"},
		"another common word":   {old: "were looking at the engine", new: "were examining the engine"},
		"a figure for its word": {old: "Twelve people", new: "12 people"},
		"a new paragraph":       {old: "\nEngineers", new: "\nA crane is to lift the ship on Thursday.\n\nEngineers"},
		"a headline":            {title: "Ferry sinks", want: "[headline]"},
		"marks in the headline": {title: "“Ferry strikes pier”"},
		"a number":              {old: "300,000", new: "200,000", want: "[number]"},
		"a number word":         {old: "Twelve people", new: "Fourteen people", want: "[number]"},
		"a quotation":           {old: "a terrible noise", new: "an awful noise", want: "[quotation]"},
		"a name":                {old: "Oren Dahl", new: "Oren Doyle", want: "[name]"},
		"a denial":              {old: "The company has carried", new: "The company has not carried", want: "[claim]"},
		"a quotation is gone":   {old: "“We saw the lights go out and then there was a terrible noise,” said Ilse Varga, who had been waiting for the boat with her children.\n\n", new: "", want: "[quotation name claim]"},
		"a correction":          {old: "two years ago.\n", new: "two years ago.\n\nCorrection: An earlier version of this article misspelled a name.\n", want: "[correction]"},
	} {
		text := pier
		if c.old != "" {
			if !strings.Contains(pier, c.old) {
				t.Fatalf("%s: no %q", name, c.old)
			}
			text = strings.Replace(pier, c.old, c.new, 1)
		}
		title := "Ferry strikes pier"
		if c.title != "" {
			title = c.title
		}
		var got strings.Builder
		r := brief.Revise(before, read(title, text))
		for _, one := range r.List {
			got.WriteString(fmt.Sprint(one.Touches))
			if one.Before != "" && one.Touches[0] != brief.TouchesHeadline && !strings.Contains(strings.Join(strings.Fields(pier), " "), one.Before) {
				t.Errorf("%s: %q are not the article's words", name, one.Before)
			}
		}
		if got.String() != c.want {
			t.Errorf("%s: %s, want %s (%+v)", name, got.String(), c.want, r)
		}
	}
	if r := brief.Revise(before, read("Ferry strikes pier", pier+"\nOne more.\n")); r.Added != 1 || len(r.List) != 0 {
		t.Errorf("%+v", r)
	}
}

// The same text is known again under another headline and after an edit; another
// text is not.
func TestSketch(t *testing.T) {
	sketch := func(text string) brief.Sketch {
		return brief.SketchOf(&brief.Briefing{Article: &article.Article{Text: text}})
	}
	long := pier + strings.ReplaceAll(pier, "ferry", "tanker")
	a := sketch(long)
	if !a.SameText(sketch("By our reporter\n\n" + strings.Replace(long, "a terrible noise", "a dreadful noise", 1))) {
		t.Error("an edited copy is not known")
	}
	var other strings.Builder
	for i := range 200 {
		fmt.Fprintf(&other, "Word%d is followed by word%d. ", i, i*i)
	}
	if a.SameText(sketch(other.String())) || a.SameText(nil) || (brief.Sketch{}).SameText(brief.Sketch{}) {
		t.Error("other texts are taken for the same")
	}
	data, err := a.MarshalBinary()
	var b brief.Sketch
	if err != nil || b.UnmarshalBinary(data) != nil || !a.SameText(b) || b.UnmarshalBinary([]byte("x")) == nil {
		t.Error("a sketch does not survive being kept")
	}
}
