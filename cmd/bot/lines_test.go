package main

import (
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

func readLines(t *testing.T, r io.Reader) []string {
	t.Helper()
	lines := newLineReader(r)
	var got []string
	for {
		ln, err := lines.next()
		if errors.Is(err, io.EOF) {
			return got
		}
		if err != nil {
			t.Fatal(err)
		}
		if ln.err != nil {
			ln.data = []byte("too long")
		}
		got = append(got, strings.TrimSpace(string(ln.data)))
	}
}

func TestLines(t *testing.T) {
	long := strings.Repeat("x", maxLine)
	for _, tt := range []struct {
		in   string
		want []string
	}{
		{"", nil},
		{"\n \n\t\n", nil},
		{"a\nb", []string{"a", "b"}},
		{"a\r\n\r\nb\r\n", []string{"a", "b"}},
		{long + "x\nb\n", []string{"too long", "b"}},
		{"a\n" + long + "x", []string{"a", "too long"}},
	} {
		if diff := cmp.Diff(readLines(t, strings.NewReader(tt.in)), tt.want); diff != "" {
			t.Errorf("%.20q (-got +want):\n%.200s", tt.in, diff)
		}
	}
	if diff := cmp.Diff(readLines(t, iotest.OneByteReader(strings.NewReader("a\nb\n"))), []string{"a", "b"}); diff != "" {
		t.Errorf("byte by byte (-got +want):\n%s", diff)
	}
}

// Results come in the order of the items, however long each takes.
func TestInOrder(t *testing.T) {
	const n = 1000
	i := 0
	next := func() (int, error) {
		if i == n {
			return 0, io.EOF
		}
		i++
		return i, nil
	}
	work := func(i int) int {
		for range rand.IntN(1000) {
			i ^= 1
			i ^= 1
		}
		return i
	}
	last := 0
	err := inOrder(next, work, func(i int) error {
		if i != last+1 {
			t.Fatalf("%d after %d", i, last)
		}
		last = i
		return nil
	})
	if err != nil || last != n {
		t.Errorf("ended at %d with %v", last, err)
	}
}

// An error at either end ends the run, and nobody is left behind.
func TestInOrderFails(t *testing.T) {
	wanted := errors.New("wanted")
	endless := func() (int, error) { return 1, nil }
	work := func(i int) int { return i }
	n := 0
	err := inOrder(endless, work, func(int) error {
		if n++; n == 10 {
			return wanted
		}
		return nil
	})
	if !errors.Is(err, wanted) || n != 10 {
		t.Errorf("emit failed after 10: %v after %d", err, n)
	}
	n = 0
	broken := func() (int, error) {
		if n++; n > 10 {
			return 0, wanted
		}
		return n, nil
	}
	got := 0
	if err := inOrder(broken, work, func(int) error { got++; return nil }); !errors.Is(err, wanted) || got != 10 {
		t.Errorf("next failed after 10: %v after %d", err, got)
	}
}

func TestFindID(t *testing.T) {
	for in, want := range map[string]id{
		`{"id":"a","text":7}`:         "a",
		`{"text":{"x":[1]},"id":12}`:  "12",
		`{"id":"a","text":"unended`:   "a",
		`{"text":"unended`:            "",
		`["id"]`:                      "",
		`{"id":{"id":"b"},"text":""}`: "",
		``:                            "",
	} {
		if got := findID([]byte(in)); got != want {
			t.Errorf("%s has the id %q, want %q", in, got, want)
		}
	}
}

func FuzzDecodeLine(f *testing.F) {
	f.Add([]byte(`{"id":"a","text":"It rained.","date":"2024-05-07"}`))
	f.Add([]byte(`{"id":1,"context_before":["a"]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		in := decodeSentence(line{number: 1, data: data})
		if in.err == nil && strings.TrimSpace(in.Text) == "" {
			t.Error("a sentence without text was let through")
		}
	})
}
