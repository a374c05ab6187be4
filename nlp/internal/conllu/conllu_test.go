package conllu

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const sample = `# newdoc id = one
# sent_id = one-1
# newpar
# text = He doesn't.
1	He	he	PRON	PRP	_	2	nsubj	2:nsubj	_
2-3	doesn't	_	_	_	_	_	_	_	SpaceAfter=No
2	does	do	VERB	VBZ	_	0	root	0:root	_
3	n't	not	PART	RB	_	2	advmod	2:advmod	_
3.1	so	so	ADV	RB	_	_	_	2:advmod	_
4	.	.	PUNCT	.	_	2	punct	2:punct	_

# sent_id = one-2
# text = Yes
1	Yes	yes	INTJ	UH	_	0	root	0:root	Entity=(1-abstract)
`

func TestRead(t *testing.T) {
	got, err := Read(strings.NewReader(sample))
	if err != nil {
		t.Fatal(err)
	}
	want := []Sentence{
		{
			Doc: "one", ID: "one-1", Text: "He doesn't.", Par: true,
			Words: []string{"He", "does", "n't", "."}, Lemmas: []string{"he", "do", "not", "."},
			Tags: []string{"PRP", "VBZ", "RB", "."}, Heads: []int{1, -1, 1, 1},
			Rels: []string{"nsubj", "root", "advmod", "punct"}, Misc: []string{"_", "_", "_", "_"},
			Space: []bool{true, false, false, true},
		},
		{
			Doc: "one", ID: "one-2", Text: "Yes", Words: []string{"Yes"}, Lemmas: []string{"yes"}, Tags: []string{"UH"},
			Heads: []int{-1}, Rels: []string{"root"}, Misc: []string{"Entity=(1-abstract)"}, Space: []bool{true},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestReadRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"few columns":  "1\tYes\tyes\n",
		"no head":      "1\tYes\tyes\tINTJ\tUH\t_\tx\troot\t_\t_\n",
		"head outside": "1\tYes\tyes\tINTJ\tUH\t_\t7\troot\t_\t_\n",
	} {
		if _, err := Read(strings.NewReader(text)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestReadNames(t *testing.T) {
	got, err := ReadNames(strings.NewReader("# newdoc id = d\n1\tAnn\tB-PER\t-\n2\tOak\tI-PER\t-\n\n0\tOldtown\tB-LOC\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := []Names{
		{Doc: "d", Words: []string{"Ann", "Oak"}, Labels: []string{"B-PER", "I-PER"}},
		{Doc: "d", Words: []string{"Oldtown"}, Labels: []string{"B-LOC"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := ReadNames(strings.NewReader("1\tAnn\n")); err == nil {
		t.Error("two columns: no error")
	}
}
