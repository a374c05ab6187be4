package claimreview

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"reflect"
	"testing"

	"onrecord/factcheck"
)

func shelfReviews() []factcheck.Review {
	return []factcheck.Review{
		{ID: "1", Claim: "The mayor of Orle sold the harbour for 3.5 million crowns in 2019.", Title: "Did the mayor sell the harbour?", Publisher: "Gazette", Verdict: "False", Date: day("2019-05-02")},
		{Claim: "“Nobody’s” bridge—the Café’s—wasn’t RUNNING in the U.S.", Claimed: day("1969-12-31"), URL: "https://gazette.example/2"},
		{Title: "100% of ponies fly, dying cats said", Subtitle: "They didn't: see the 1,200 photographs.", Claimant: "Ada Bell", Language: "en", Claimed: day("1970-01-01")},
	}
}

// An index off the shelf is the same as the one that was put there.
func TestShelf(t *testing.T) {
	for _, all := range [][]factcheck.Review{nil, shelfReviews(), made(300)} {
		x := New(all)
		data := x.appendBinary(nil)
		y, err := decode(data)
		if err != nil {
			t.Fatalf("%d reviews: %v", len(all), err)
		}
		if !reflect.DeepEqual(x.vocab, y.vocab) || len(all) > 0 && !reflect.DeepEqual(x.terms, y.terms) || !bytes.Equal(y.appendBinary(nil), data) {
			t.Errorf("%d reviews: another index came back", len(all))
		}
		for i := range all {
			if x.reviews[i] != y.reviews[i] {
				t.Errorf("got %+v, want %+v", y.reviews[i], x.reviews[i])
			}
			q := Query{Text: claimOf(&all[i]), Date: day("2019-06-01")}
			if got, want := y.Judge(q), x.Judge(q); len(got) != len(want) || len(want) > 0 && (got[0].Score != want[0].Score || got[0].Review.Claim != want[0].Review.Claim) {
				t.Errorf("%q: got %+v, want %+v", q.Text, got, want)
			}
		}
		for _, at := range []int{0, 5, 9, len(data) / 2, len(data) - 1} {
			bad := bytes.Clone(data)
			bad[at] ^= 4
			if _, err := decode(bad); err == nil {
				t.Errorf("%d reviews: a change of byte %d went unseen", len(all), at)
			}
		}
	}
}

// When this fails, words are cut, stemmed or kept in another way than before,
// and an index on a shelf would not fit: raise form, then put the new sum here.
func TestForm(t *testing.T) {
	const of, want = "1", "f11e9553667b8b37"
	sum := sha256.Sum256(New(shelfReviews()).appendBinary(nil))
	if got := hex.EncodeToString(sum[:8]); got != want || form != of {
		t.Errorf("form %s has the sum %s, want form %s with %s", form, got, of, want)
	}
}

func FuzzShelf(f *testing.F) {
	f.Add(New(shelfReviews()).appendBinary(nil))
	f.Add([]byte(shelfMagic))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) >= 8 {
			seal(data) // past the sum, which no chance would meet
		}
		x, err := decode(data)
		if err != nil {
			return
		}
		x.Find(Query{Text: "Did the mayor of Orle sell the harbour?"}, 3)
	})
}

func BenchmarkShelf(b *testing.B) {
	data := New(made(large)).appendBinary(nil)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := decode(data); err != nil {
			b.Fatal(err)
		}
	}
}
