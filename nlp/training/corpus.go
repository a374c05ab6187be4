// Package training makes the models that package nlp embeds, and measures
// them. It is for developers: the command cmd/train is its front, and no other
// room imports it.
//
// Everything is learned from the treebanks UD English EWT and GUM, their name
// layers, and Wikigold; clusters of words also from plain text. The same data
// and options give the same models, to the bit.
package training

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"onrecord/nlp/internal/conllu"
)

// Corpus is the data that models are learned from and measured on.
type Corpus struct {
	Train    []conllu.Sentence // EWT and GUM
	EWTDev   []conllu.Sentence
	GUMDev   []conllu.Sentence
	HeldOut  []conllu.Sentence // whole documents of GUM's training part, kept for measuring sentence boundaries
	UNER     []conllu.Names    // EWT dev with names
	Wikigold []conllu.Names
}

// heldOut are the news and interviews of GUM that no model is trained on.
var heldOut = []string{
	"GUM_interview_licen", "GUM_interview_peres", "GUM_interview_stardust",
	"GUM_news_defector", "GUM_news_expo", "GUM_news_warming",
}

// Load reads the treebanks from a folder laid out as data/treebanks is.
func Load(data fs.FS) (*Corpus, error) {
	var c Corpus
	var train []conllu.Sentence
	for _, f := range []struct {
		name string
		to   *[]conllu.Sentence
	}{
		{"ewt-train.conllu", &c.Train},
		{"gum-train.conllu", &train},
		{"ewt-dev.conllu", &c.EWTDev},
		{"gum-dev.conllu", &c.GUMDev},
	} {
		err := readFile(data, f.name, func(r io.Reader) (err error) {
			*f.to, err = conllu.Read(r)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	for _, s := range train {
		if slices.Contains(heldOut, s.Doc) {
			c.HeldOut = append(c.HeldOut, s)
		} else {
			c.Train = append(c.Train, s)
		}
	}
	for _, f := range []struct {
		name string
		to   *[]conllu.Names
	}{{"ner/uner-ewt-dev.iob2", &c.UNER}, {"ner/wikigold.conllu", &c.Wikigold}} {
		err := readFile(data, f.name, func(r io.Reader) (err error) {
			*f.to, err = conllu.ReadNames(r)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return &c, nil
}

func readFile(data fs.FS, name string, read func(io.Reader) error) error {
	f, err := data.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := read(f); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// ReadTexts reads JSON lines and gives the "text" of each as tokens.
func ReadTexts(r io.Reader) ([][]string, error) {
	var texts [][]string
	scan := bufio.NewScanner(r)
	scan.Buffer(nil, 1<<24)
	for scan.Scan() {
		var line struct{ Text string }
		if err := json.Unmarshal(scan.Bytes(), &line); err != nil {
			return nil, fmt.Errorf("line %d: %w", len(texts)+1, err)
		}
		for paragraph := range strings.Lines(line.Text) {
			if t := tokens(paragraph); len(t) > 0 {
				texts = append(texts, t)
			}
		}
	}
	return texts, scan.Err()
}

// tokens splits a paragraph roughly as the treebanks do: good enough to count
// which words stand beside which.
func tokens(text string) []string {
	var out []string
	for field := range strings.FieldsSeq(text) {
		for field != "" {
			n := strings.IndexFunc(field, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
			switch {
			case n < 0:
				n = len(field)
			case n == 0:
				_, n = utf8.DecodeRuneInString(field)
			default:
				// A mark with letters or digits on both sides stays inside, but for hyphens and apostrophes.
				r, size := utf8.DecodeRuneInString(field[n:])
				rest := field[n+size:]
				inner := rest != "" && (r == '.' || r == ',' || r == '&') && isWordByte(rest[0])
				if inner {
					end := strings.IndexFunc(rest, func(r rune) bool {
						return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '.' && r != ','
					})
					if end < 0 {
						end = len(rest)
					}
					n += size + len(strings.TrimRight(rest[:end], ".,"))
				} else if r == '.' && isAbbreviation(field[:n]) {
					n += size
				}
				if r == '\'' || r == '’' {
					word := field[:n]
					if low := strings.ToLower(rest); strings.HasPrefix(low, "t") && strings.HasSuffix(strings.ToLower(word), "n") && len(word) > 2 {
						out = append(out, word[:n-1], "n't")
						field = rest[1:]
						continue
					} else if _, ok := clitics[strings.TrimRight(low, ".,;:!?\"”)")]; ok {
						end := len(strings.TrimRight(low, ".,;:!?\"”)"))
						out = append(out, word, "'"+rest[:end])
						field = rest[end:]
						continue
					}
				}
			}
			out = append(out, field[:n])
			field = field[n:]
		}
	}
	return out
}

var clitics = map[string]struct{}{"s": {}, "re": {}, "ll": {}, "ve": {}, "d": {}, "m": {}}

func isWordByte(b byte) bool {
	return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || '0' <= b && b <= '9'
}

func isAbbreviation(word string) bool {
	switch word {
	case "Mr", "Mrs", "Ms", "Dr", "Sen", "Rep", "Gov", "Gen", "Sgt", "Lt", "Col", "Rev", "St", "Jr", "Sr", "Inc", "Corp", "Co", "Jan", "Feb", "Aug", "Sept", "Oct", "Nov", "Dec":
		return true
	}
	return len(word) == 1 && 'A' <= word[0] && word[0] <= 'Z'
}

// texts gives the words of sentences, one document a text.
func texts(sentences []conllu.Sentence) [][]string {
	var out [][]string
	for _, s := range sentences {
		out = append(out, s.Words)
	}
	return out
}
