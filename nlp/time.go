package nlp

import (
	"strings"
	"time"
)

type timeExpr struct{}

func (d *Document) findTimes() {}

// monthOf reads the name of a month, in full or abbreviated.
func monthOf(word string) (time.Month, bool) {
	word = strings.ToLower(strings.TrimSuffix(word, "."))
	if len(word) < 3 {
		return 0, false
	}
	for m := time.January; m <= time.December; m++ {
		name := strings.ToLower(m.String())
		if word == name || word == name[:3] || m == time.September && word == "sept" {
			return m, true
		}
	}
	return 0, false
}
