package nlp

import (
	_ "embed"
	"iter"
	"strings"
	"sync"
)

// The word lists. Their format is in lexicon/README.md.
var (
	//go:embed lexicon/abbreviations.txt
	abbreviationsFile string
	//go:embed lexicon/prefixes.txt
	prefixesFile string
	//go:embed lexicon/irregular.txt
	irregularFile string
	//go:embed lexicon/verbs.txt
	verbsFile string
	//go:embed lexicon/reporting_verbs.txt
	reportingFile string
	//go:embed lexicon/titles.txt
	titlesFile string
	//go:embed lexicon/roles.txt
	rolesFile string
	//go:embed lexicon/facilities.txt
	facilitiesFile string
	//go:embed lexicon/particles.txt
	particlesFile string
	//go:embed lexicon/firms.txt
	firmsFile string
	//go:embed lexicon/degrees.txt
	degreesFile string
	//go:embed lexicon/exchanges.txt
	exchangesFile string
)

// entries yields the fields of each entry of a lexicon file.
func entries(file string) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		for line := range strings.Lines(file) {
			line, _, _ = strings.Cut(line, "#")
			if line = strings.TrimSpace(line); line != "" && !yield(strings.Split(line, "\t")) {
				return
			}
		}
	}
}

func decodeSet(file string) func() map[string]bool {
	return sync.OnceValue(func() map[string]bool {
		set := map[string]bool{}
		for fields := range entries(file) {
			set[fields[0]] = true
		}
		return set
	})
}

func decodeMap(file string) func() map[string]string {
	return sync.OnceValue(func() map[string]string {
		table := map[string]string{}
		for fields := range entries(file) {
			table[fields[0]] = fields[1]
		}
		return table
	})
}

// Classes of abbreviation, as in lexicon/abbreviations.txt.
const (
	inner        = "inner"
	ends         = "ends"
	beforeFigure = "figure"
	capitalised  = "name"
	dateName     = "date"
)

var (
	abbreviations = decodeMap(abbreviationsFile)
	verbs         = decodeSet(verbsFile)
	prefixes      = decodeSet(prefixesFile)
	titleGenders  = decodeMap(titlesFile)
	roleGenders   = decodeMap(rolesFile)
	facilities    = decodeMap(facilitiesFile)
	particles     = decodeSet(particlesFile)
	firmWords     = decodeSet(firmsFile)
	degrees       = decodeSet(degreesFile)
	exchanges     = decodeSet(exchangesFile)
)

// Degree reports whether a word is an academic degree or an honour as they stand
// behind a person's name: "M.D.", "PhD", "OBE". It must have a capital.
func Degree(word string) bool {
	return isUpperWord(word) && degrees()[strings.ToLower(strings.ReplaceAll(word, ".", ""))]
}

// Verb is what the lexicon knows of a verb that can introduce what somebody
// says or thinks.
type Verb struct {
	Lemma   string
	Speech  bool   // said or written; false for beliefs, hopes, fears, findings
	Stance  string // "said", "claimed", "denied", "warned", "promised", "asked", "demanded", "admitted", "accused", "praised", "hoped", "feared" or "believed"
	Subject string // who says it: "person", or "both" when a study or a report can be the subject too
}

var reporting = sync.OnceValue(func() map[string]Verb {
	verbs := map[string]Verb{}
	for f := range entries(reportingFile) {
		verbs[f[0]] = Verb{Lemma: f[0], Speech: f[1] == "speech", Stance: f[2], Subject: f[3]}
	}
	return verbs
})

// Reporting tells whether the verb with this lemma can introduce what somebody
// says or thinks, and how. A phrasal verb is written with a blank: "point out".
func Reporting(lemma string) (Verb, bool) {
	v, ok := reporting()[lemma]
	return v, ok
}
