package quote

import (
	"fmt"
	"os"
	"testing"

	"onrecord/nlp"
)

func TestDbg(t *testing.T) {
	b, err := os.ReadFile("/tmp/quote/t2.txt")
	if err != nil {
		t.Skip()
	}
	doc := nlp.Parse(string(b))
	r := newReading(doc)
	for _, m := range r.marks {
		fmt.Printf("MARK %q depth %d open %v cont %v\n", m.Text(doc.Text), m.depth, m.open, m.continued)
	}
	for _, c := range findCues(r) {
		c.source = findSource(r, &c)
		st, ok := afterCue(r, &c, nil)
		bf, ok2 := beforeCue(r, &c, 0)
		fmt.Printf("CUE %q src %q passive %v after %v %v before %v %v\n", c.span(r).Text(doc.Text), c.source.span(r).Text(doc.Text), c.passive, ok, r.span(st.first, st.last).Text(doc.Text), ok2, bf)
	}
}
