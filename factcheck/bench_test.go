package factcheck

import (
	"os"
	"strings"
	"testing"
	"time"

	"onrecord/nlp"
	"onrecord/quote"
)

// BenchmarkClaims takes an article of about 800 words, parsed and with its
// quotations found.
func BenchmarkClaims(b *testing.B) {
	var text strings.Builder
	for _, name := range []string{"council-budget", "flood-valley", "mine-inquiry", "court-verdict", "harbour-fire"} {
		data, err := os.ReadFile("../testdata/articles/" + name + ".txt")
		if err != nil {
			b.Fatal(err)
		}
		text.Write(data)
		text.WriteString("\n\n")
	}
	words := strings.Fields(text.String())
	if len(words) < 800 {
		b.Fatalf("%d words", len(words))
	}
	cut := 0
	for range 800 {
		cut += len(words[0])
		words = words[1:]
		for cut < text.Len() && strings.ContainsRune(" \n", rune(text.String()[cut])) {
			cut++
		}
	}
	doc := nlp.Parse(text.String()[:cut])
	quotes := quote.Find(doc)
	day := time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC)
	b.ReportAllocs()
	for b.Loop() {
		Claims(doc, quotes, day)
	}
}
