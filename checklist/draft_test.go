package checklist_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"onrecord/checklist"
)

// vocabulary is a part of schema.org's definitions: which types are kinds of
// which, and what properties belong to and hold.
type vocabulary struct {
	Types      map[string][]string
	Properties map[string]struct{ Domain, Range []string }
}

func schemaOrg(t *testing.T) *vocabulary {
	t.Helper()
	data, err := os.ReadFile("testdata/schemaorg.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vocabulary
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	return &v
}

// is reports whether a type is another, or a kind of it.
func (v *vocabulary) is(what, of string) bool {
	return what == of || slices.ContainsFunc(v.Types[what], func(s string) bool { return v.is(s, of) })
}

// faults says what is wrong with a node of JSON-LD.
func (v *vocabulary) faults(at string, node map[string]any) (all []string) {
	fault := func(format string, args ...any) { all = append(all, at+": "+fmt.Sprintf(format, args...)) }
	kind, _ := node["@type"].(string)
	if _, ok := v.Types[kind]; !ok {
		fault("%q is no type", kind)
	}
	for name, value := range node {
		if strings.HasPrefix(name, "@") {
			continue
		}
		p, ok := v.Properties[name]
		if !ok {
			fault("%s is no property", name)
			continue
		}
		if !slices.ContainsFunc(p.Domain, func(d string) bool { return v.is(kind, d) }) {
			fault("%s belongs to %v, not to %s", name, p.Domain, kind)
		}
		many, ok := value.([]any)
		if !ok {
			many = []any{value}
		}
		for _, one := range many {
			var fits func(want string) bool
			switch x := one.(type) {
			case map[string]any:
				inner, _ := x["@type"].(string)
				fits = func(want string) bool { return v.is(inner, want) }
				all = append(all, v.faults(at+"."+name, x)...)
			case float64:
				fits = func(want string) bool { return want == "Number" }
			case string:
				fits = func(want string) bool {
					switch want {
					case "Text":
						return x != ""
					case "URL":
						u, err := url.Parse(x)
						return err == nil && u.Host != ""
					case "Date":
						_, err := time.Parse(time.DateOnly, x)
						return err == nil
					}
					return false
				}
			default:
				fits = func(string) bool { return false }
			}
			if !slices.ContainsFunc(p.Range, fits) {
				fault("%s holds %v, not %v", name, p.Range, one)
			}
		}
	}
	return all
}

func decoded(t *testing.T, data []byte, err error) map[string]any {
	t.Helper()
	var node map[string]any
	if err == nil {
		err = json.Unmarshal(data, &node)
	}
	if err != nil {
		t.Fatal(err)
	}
	return node
}

// Every draft is a ClaimReview by schema.org's definitions; a rating is in it
// only where a person gave one.
func TestDraftsAreClaimReviews(t *testing.T) {
	v := schemaOrg(t)
	b := budget(t, "")
	sheet := checklist.NewSheet(b, link, nil)
	for i := range sheet.Rows {
		data, err := sheet.Draft(i + 1)
		node := decoded(t, data, err)
		for _, f := range v.faults("draft", node) {
			t.Errorf("claim %d: %s", i+1, f)
		}
		if node["@type"] != "ClaimReview" || node["@context"] != "https://schema.org" {
			t.Errorf("it is a %v of %v", node["@type"], node["@context"])
		}
		if node["reviewRating"] != nil || node["author"] != nil || node["datePublished"] != nil {
			t.Errorf("claim %d was rated by nobody, and the draft has a rating: %s", i+1, data)
		}
		// The claimant is the claim's author, the outlet belongs to the appearance.
		item, _ := node["itemReviewed"].(map[string]any)
		author, _ := item["author"].(map[string]any)
		if name := sheet.Rows[i].Claim.Speaker; name != "" && author["name"] != name || name == "" && author != nil {
			t.Errorf("claim %d is of %q, and the draft says %v", i+1, name, author)
		}
		shown, _ := item["appearance"].(map[string]any)
		publisher, _ := shown["publisher"].(map[string]any)
		if publisher["name"] != "The Gazette" || shown["url"] != link || shown["headline"] != "The <budget>" || shown["datePublished"] != "2026-03-04" {
			t.Errorf("claim %d appears in %v", i+1, shown)
		}
		if strings.ContainsAny(string(data), "<>") {
			t.Errorf("markup in %s", data)
		}
	}
	for i, r := range checklist.Ratings {
		sheet.Rows[0].Marks = []checklist.Mark{
			{State: checklist.Checked, Rating: r, Name: "Ann", Note: "The report says 11.", Link: "https://report.example/1", At: noon},
			{State: checklist.Fix, Name: "Ben", At: noon},
		}
		data, err := sheet.Draft(1)
		node := decoded(t, data, err)
		for _, f := range v.faults("draft", node) {
			t.Errorf("%s: %s", r, f)
		}
		rated, _ := node["reviewRating"].(map[string]any)
		if value, has := rated["ratingValue"].(float64); rated["alternateName"] != string(r) || has == (r == checklist.Unproven) || has && value != float64(i+1) {
			t.Errorf("%s: %v", r, rated)
		}
		if author, _ := node["author"].(map[string]any); author["name"] != "Ann" || node["citation"] != "https://report.example/1" {
			t.Errorf("%s: %s", r, data)
		}
	}
	for _, n := range []int{0, len(sheet.Rows) + 1} {
		if _, err := sheet.Draft(n); err == nil {
			t.Errorf("a draft of claim %d", n)
		}
	}
	// The check itself finds what is wrong.
	for _, bad := range []string{
		`{"@type": "ClaimReview", "appearance": "x"}`, `{"@type": "Claim", "ratingValue": 1}`, `{"@type": "ClaimReview", "reviewRating": "wrong"}`,
		`{"@type": "ClaimReview", "datePublished": "yesterday"}`, `{"@type": "Lie"}`, `{"@type": "Claim", "truth": 1}`, `{"@type": "Claim", "author": {"@type": "Rating"}}`,
	} {
		if len(v.faults("", decoded(t, []byte(bad), nil))) == 0 {
			t.Errorf("no fault is found in %s", bad)
		}
	}
}
