// Package gazetteer knows first names, places, countries and the people of
// countries.
package gazetteer

// FirstName tells whether name is a first name in use among English speakers,
// and the gender that it gives away: 'f', 'm', or 0 when both bear it. Upper
// and lower case do not matter.
func FirstName(name string) (gender byte, known bool) { return 0, false }

// IsPlace reports whether name, in any case, is a country, a capital, a
// larger city or another well-known place.
func IsPlace(name string) bool { return false }

// Country gives the usual English name of the country that name means: itself
// ("honduras"), an alternative ("UK"), or the people or adjective that come
// from it ("Honduran", "Hondurans").
func Country(name string) (country string, known bool) { return "", false }

// Demonym gives the adjective of a country's usual English name: "Honduran"
// for "Honduras".
func Demonym(country string) (adjective string, known bool) { return "", false }

// Capital gives the country whose capital name is: "Honduras" for
// "Tegucigalpa".
func Capital(name string) (country string, known bool) { return "", false }
