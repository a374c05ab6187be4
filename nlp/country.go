package nlp

import "onrecord/nlp/internal/gazetteer"

// Country gives the usual English name of the country that name means: itself
// ("Honduras"), an alternative ("UK"), or the people or adjective that come from
// it ("Honduran", "Hondurans"). Case does not matter.
func Country(name string) (country string, known bool) { return gazetteer.Country(name) }
