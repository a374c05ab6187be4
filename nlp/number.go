package nlp

import (
	"strings"
)

func (d *Document) findNumbers() {}

// cardinals are the number words below a hundred.
var cardinals = []string{
	"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
	"thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
}

var tens = []string{"twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"}

var ordinals = []string{
	"first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth",
	"thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth",
}

// cardinalOf reads a whole number in digits or as one word.
func cardinalOf(word string) (int, bool) {
	if word == "" || len(word) > 12 {
		return 0, false
	}
	if isDigit(word[0]) {
		n := 0
		for _, c := range []byte(strings.ReplaceAll(word, ",", "")) {
			if !isDigit(c) {
				return 0, false
			}
			n = n*10 + int(c-'0')
		}
		return n, true
	}
	for n, w := range cardinals {
		if w == word {
			return n, true
		}
	}
	for n, w := range tens {
		if w == word {
			return 20 + 10*n, true
		}
	}
	return 0, false
}

// ordinalOf reads an ordinal as one word.
func ordinalOf(word string) (int, bool) {
	for n, w := range ordinals {
		if w == word {
			return n + 1, true
		}
	}
	return 0, false
}
