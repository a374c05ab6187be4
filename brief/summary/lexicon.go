package summary

import (
	_ "embed"
	"strings"
)

//go:embed lexicon/weighty.txt
var weightyText string

//go:embed lexicon/connectives.txt
var connectivesText string

//go:embed lexicon/people.txt
var peopleText string

var (
	people      = words(peopleText, strings.Fields)
	weighty     = words(weightyText, strings.Fields)
	connectives = words(connectivesText, func(line string) []string { return []string{strings.TrimSpace(line)} })
)

// words reads a word list: what cut finds in each line, comments left out.
func words(text string, cut func(string) []string) map[string]bool {
	set := map[string]bool{}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") || strings.TrimSpace(line) == "" {
			continue
		}
		for _, w := range cut(line) {
			set[w] = true
		}
	}
	return set
}
