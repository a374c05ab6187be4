package training

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onrecord/nlp/internal/conllu"
	"onrecord/nlp/internal/depparse"
	"onrecord/nlp/internal/ner"
	"onrecord/nlp/internal/tagger"
)

// treebanks reads the treebanks that lie beside the checkout.
func treebanks(t testing.TB) *Corpus {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "data", "treebanks")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("no treebanks beside the checkout: ", err)
	}
	c, err := Load(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The floors rise, never sink.
func TestFloors(t *testing.T) {
	if testing.Short() {
		t.Skip("reads all treebanks")
	}
	c := treebanks(t)
	f, err := os.Open(filepath.Join("..", "lexicon", "reporting_verbs.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	verbs, err := ReadVerbs(f)
	if err != nil {
		t.Fatal(err)
	}
	tags, parser := tagger.Default(), depparse.Default()
	floor := func(what string, got, want float64) {
		if got = 100 * got; got < want {
			t.Errorf("%s is %.2f, floor %.2f", what, got, want)
		}
	}
	for _, set := range []struct {
		name                    string
		s                       []conllu.Sentence
		pos, uas, las, subjects float64
	}{
		{"EWT dev", c.EWTDev, 94.6, 84.3, 80.9, 93},
		{"GUM dev", c.GUMDev, 96.3, 83.9, 80.7, 91.5},
	} {
		a := attachment(tags, parser, set.s)
		floor(set.name+" POS", tagAccuracy(tags, set.s), set.pos)
		floor(set.name+" UAS", a.UAS, set.uas)
		floor(set.name+" LAS", a.LAS, set.las)
		floor(set.name+" subject of a reporting verb F", subjects(tags, parser, set.s, verbs).F(), set.subjects)
	}
	_, uner, wikigold := splitNames(c)
	names := ner.Default()
	floor("UNER held out names F", nameScores(tags, names, uner)["all"].F(), 68)
	floor("Wikigold held out names F", nameScores(tags, names, wikigold)["all"].F(), 72)
	floor("GUM dev names F", nameScores(tags, names, gumNames(c.GUMDev))["all"].F(), 66.5)
	floor("sentence boundaries F", boundaries(c.HeldOut).F(), 98)
}

func TestTokens(t *testing.T) {
	for in, want := range map[string]string{
		"Ann's 1,200 bridges weren't closed.":    "Ann 's 1,200 bridges were n't closed .",
		"“No,” Mr. Oak said — in the U.S.":       "“ No , ” Mr. Oak said — in the U.S .",
		"well-known (and loved) AT&T, $3.5 a go": "well - known ( and loved ) AT&T , $ 3.5 a go",
		"":                                       "",
	} {
		if got := strings.Join(tokens(in), " "); got != want {
			t.Errorf("%q:\n got %s\nwant %s", in, got, want)
		}
	}
}

const gum = `# newdoc id = GUM_news_invented
1	President	president	PROPN	NNP	_	0	root	_	Entity=(1-person-new-nnnnn-cf1-1,2-coref
2	Ann	Ann	PROPN	NNP	_	1	flat	_	_
3	Oakley	Oakley	PROPN	NNP	_	1	flat	_	Entity=1)
4	left	leave	VERB	VBD	_	1	acl	_	_
5	the	the	DET	DT	_	6	det	_	Entity=(2-organization-new-nnnnn-cf1-1,2-coref
6	University	university	PROPN	NNP	_	4	obj	_	_
7	of	of	ADP	IN	_	8	case	_	_
8	Oldtown	Oldtown	PROPN	NNP	_	6	nmod	_	Entity=(3-place-new-nnnnn-cf1-1-coref)2)
9	for	for	ADP	IN	_	11	case	_	_
10	the	the	DET	DT	_	11	det	_	Entity=(4-place-new-nnnnn-cf1-1-coref
11	sea	sea	NOUN	NN	_	4	obl	_	Entity=4)

# newdoc id = other
1	Ann	Ann	PROPN	NNP	_	0	root	_	_
`

func TestGumNames(t *testing.T) {
	sentences, err := conllu.Read(strings.NewReader(gum))
	if err != nil {
		t.Fatal(err)
	}
	names := gumNames(sentences)
	if len(names) != 1 {
		t.Fatalf("%d sentences with names, want those of GUM alone", len(names))
	}
	want := strings.Fields("O B-PER I-PER O O B-ORG I-ORG I-ORG O O O")
	if diff := cmp.Diff(want, names[0].Labels); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSpans(t *testing.T) {
	got := spans(strings.Fields("B-PER I-PER B-PER O B-MISC I-MISC B-ORG I-LOC"))
	want := []nameSpan{{0, 2, "PER"}, {2, 3, "PER"}, {6, 7, "ORG"}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestScore(t *testing.T) {
	s := Score{Right: 3, Found: 4, Gold: 6}
	if s.Precision() != 0.75 || s.Recall() != 0.5 || s.F() != 0.6 {
		t.Errorf("got %v", s)
	}
	if (Score{}).F() != 0 {
		t.Error("nothing to find, nothing found: F must be 0")
	}
}

func TestGazetteerLists(t *testing.T) {
	// Two records: Ålborg with 130,000 people, Littleham with 12.
	pbf := []byte("\x0d\x12\x07\xc3\x85lborg\x48\xd0\xf7\x07" + "\x0d\x12\x09Littleham\x48\x0c")
	cities, err := Cities(pbf)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(cities); !strings.HasSuffix(got, "\nAlborg\nÅlborg\n") || strings.Contains(got, "Littleham") {
		t.Errorf("cities %q", got)
	}
	if _, err := Cities(pbf[:8]); err == nil {
		t.Error("half a record: no error")
	}
	names, err := FirstNames(strings.NewReader("const x = new Map([\n  ['zoe', 'female'],\n  ['abe', 'male'],\n])"))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(names); !strings.HasSuffix(got, "\nmabe\nfzoe\n") {
		t.Errorf("names %q", got)
	}
	if _, err := FirstNames(strings.NewReader("")); err == nil {
		t.Error("no names: no error")
	}
}
