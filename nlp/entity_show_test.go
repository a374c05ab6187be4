package nlp

import (
	"fmt"
	"os"
	"testing"
)

func TestShow(t *testing.T) {
	name := os.Getenv("SHOW")
	if name == "" {
		t.Skip()
	}
	b, _ := os.ReadFile(name)
	d := Parse(string(b))
	for _, e := range d.Entities {
		fmt.Printf("%s %q %q %s:", e.Kind, e.Name, e.Titles, e.Gender)
		for _, m := range e.Mentions {
			fmt.Printf(" %q", d.Mentions[m].Text(d.Text))
		}
		fmt.Println()
	}
	for _, x := range d.Times {
		dates, ok := x.Resolve(tuesday)
		fmt.Println(x.Text(d.Text), dates, ok)
	}
	for _, n := range d.Numbers {
		fmt.Println(describeNumber(d, n))
	}
	if os.Getenv("TREE") != "" {
		for i, t := range d.Tokens {
			fmt.Println(i, t.Text, t.Lemma, t.Tag, t.Rel, t.Head)
		}
	}
}
