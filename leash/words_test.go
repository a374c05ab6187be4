package leash

import (
	"bytes"
	"compress/gzip"
	"errors"
	"flag"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "pack the synonyms again")

// TestSynonymsArePacked compares the synonyms that are compiled in with the file that
// people read and change.
func TestSynonymsArePacked(t *testing.T) {
	want, err := os.ReadFile("lexicon/synonyms.txt")
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		var out bytes.Buffer
		w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(want); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(w.Close(), os.WriteFile("lexicon/synonyms.txt.gz", out.Bytes(), 0o644)); err != nil {
			t.Fatal(err)
		}
		return // what was compiled in is the one of before
	}
	if !bytes.Equal(file("synonyms"), want) {
		t.Error("synonyms.txt was changed and not packed: 'go test ./leash -run Packed -update' does it")
	}
}
