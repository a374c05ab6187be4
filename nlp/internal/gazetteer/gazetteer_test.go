package gazetteer

import "testing"

func TestCountry(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"honduras", "Honduras"},
		{"Honduran", "Honduras"},
		{"Hondurans", "Honduras"},
		{"UK", "United Kingdom"},
		{"British", "United Kingdom"},
		{"Welshmen", "Wales"},
		{"Frenchwoman", "France"},
		{"CONGOLESE", "Republic of the Congo"},
		{"Sunday", ""},
		{"", ""},
	} {
		if got, ok := Country(c.in); got != c.want || ok != (c.want != "") {
			t.Errorf("Country(%q) = %q, %v, want %q", c.in, got, ok, c.want)
		}
	}
}

func TestDemonymAndCapital(t *testing.T) {
	if got, _ := Demonym("Honduras"); got != "Honduran" {
		t.Errorf("Demonym(Honduras) = %q", got)
	}
	if got, _ := Demonym("Britain"); got != "British" {
		t.Errorf("Demonym(Britain) = %q", got)
	}
	if got, _ := Capital("tegucigalpa"); got != "Honduras" {
		t.Errorf("Capital(tegucigalpa) = %q", got)
	}
	if got, ok := Capital("Nowhere"); ok {
		t.Errorf("Capital(Nowhere) = %q", got)
	}
}

func TestFirstName(t *testing.T) {
	for _, c := range []struct {
		in     string
		gender byte
		known  bool
	}{
		{"Maria", 'f', true}, {"JAMES", 'm', true}, {"Kim", 0, true}, {"Table", 0, false}, {"", 0, false},
	} {
		if g, ok := FirstName(c.in); g != c.gender || ok != c.known {
			t.Errorf("FirstName(%q) = %q, %v, want %q, %v", c.in, g, ok, c.gender, c.known)
		}
	}
}

func TestIsPlace(t *testing.T) {
	for _, name := range []string{"Mexico City", "são paulo", "Sao Paulo", "the Bahamas", "Texas", "Gaza Strip", "Hamburg", "Ulan Bator"} {
		if !IsPlace(name) {
			t.Errorf("IsPlace(%q) = false", name)
		}
	}
	for _, name := range []string{"", "Friday", "Said"} {
		if IsPlace(name) {
			t.Errorf("IsPlace(%q) = true", name)
		}
	}
	if Join(Hash("Mexico"), "City") != Hash("mexico city") {
		t.Error("Join does not put words together as Hash sees them")
	}
}

func BenchmarkWord(b *testing.B) {
	h := Hash("Hamburg")
	for b.Loop() {
		Word(h)
	}
}
