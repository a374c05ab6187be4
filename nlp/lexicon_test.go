package nlp

import (
	"slices"
	"strings"
	"testing"
)

// TestLexicon checks the form of every entry, so that a slip in a list fails
// here and not in an article.
func TestLexicon(t *testing.T) {
	for name, list := range map[string]struct {
		file   string
		fields int
		values map[int][]string // what the fields after the first may hold
	}{
		"abbreviations": {abbreviationsFile, 2, map[int][]string{1: {inner, ends, beforeFigure, capitalised, dateName}}},
		"prefixes":      {prefixesFile, 1, nil},
		"verbs":         {verbsFile, 1, nil},
		"irregular":     {irregularFile, 3, map[int][]string{0: {"v", "n", "a"}}},
		"reporting": {reportingFile, 4, map[int][]string{
			1: {"speech", "other"},
			2: {"said", "claimed", "denied", "warned", "promised", "asked", "demanded", "admitted", "accused", "praised", "hoped", "feared", "believed"},
			3: {"person", "both"},
		}},
		"titles":     {titlesFile, 2, map[int][]string{1: {"f", "m", "-"}}},
		"roles":      {rolesFile, 2, map[int][]string{1: {"f", "m"}}},
		"facilities": {facilitiesFile, 2, map[int][]string{1: {"place", "organisation"}}},
		"particles":  {particlesFile, 1, nil},
		"firms":      {firmsFile, 1, nil},
		"degrees":    {degreesFile, 1, nil},
		"exchanges":  {exchangesFile, 1, nil},
	} {
		seen := map[string]bool{}
		for f := range entries(list.file) {
			if len(f) != list.fields {
				t.Errorf("%s: %q has %d fields, want %d", name, f, len(f), list.fields)
				continue
			}
			key := f[0]
			if name == "irregular" {
				key += " " + f[1]
			}
			if seen[key] {
				t.Errorf("%s: %q stands twice", name, key)
			}
			seen[key] = true
			if low := strings.ToLower(f[0]); low != f[0] {
				t.Errorf("%s: %q is not in small letters", name, f[0])
			}
			for i, allowed := range list.values {
				if !slices.Contains(allowed, f[i]) {
					t.Errorf("%s: %q has %q, want one of %q", name, f[0], f[i], allowed)
				}
			}
		}
		if len(seen) == 0 {
			t.Errorf("%s is empty", name)
		}
	}
	if n := len(reporting()); n < 300 {
		t.Errorf("%d reporting verbs, want 300 or more", n)
	}
}
