package checklist

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"onrecord/quote"
)

// claimReview is a ClaimReview (https://schema.org/ClaimReview) as JSON-LD. What
// the types may hold is in testdata/schemaorg.json, which a test compares with.
type claimReview struct {
	Context  string   `json:"@context"`
	Type     string   `json:"@type"`
	Status   string   `json:"creativeWorkStatus"`
	Date     string   `json:"datePublished,omitempty"`
	Claim    string   `json:"claimReviewed"`
	Author   *party   `json:"author,omitempty"`
	Rating   *rating  `json:"reviewRating,omitempty"`
	Body     string   `json:"reviewBody,omitempty"`
	Citation string   `json:"citation,omitempty"`
	Item     madeItem `json:"itemReviewed"`
}

// party is a person or an organisation.
type party struct {
	Type string `json:"@type"`
	Name string `json:"name"`
}

type rating struct {
	Type  string `json:"@type"`
	Value int    `json:"ratingValue,omitempty"`
	Best  int    `json:"bestRating,omitempty"`
	Worst int    `json:"worstRating,omitempty"`
	Name  string `json:"alternateName"`
}

// madeItem is the claim: whoever makes it is its author, the outlet that printed
// it belongs to its appearance.
type madeItem struct {
	Type       string      `json:"@type"`
	Text       string      `json:"text"`
	Author     *party      `json:"author,omitempty"`
	Appearance *appearance `json:"appearance,omitempty"`
}

type appearance struct {
	Type      string  `json:"@type"`
	URL       string  `json:"url,omitempty"`
	Headline  string  `json:"headline,omitempty"`
	Date      string  `json:"datePublished,omitempty"`
	Language  string  `json:"inLanguage,omitempty"`
	Publisher *party  `json:"publisher,omitempty"`
	Author    []party `json:"author,omitempty"`
}

// Draft is a draft of a ClaimReview of a claim, as indented JSON-LD: to be
// finished by whoever publishes it, who adds its address and who the publisher
// is. A rating is in it only where a person gave one. A claim that the article
// prints as its own has no author: the outlet stands in its appearance.
func (s *Sheet) Draft(number int) ([]byte, error) {
	if number < 1 || number > len(s.Rows) {
		return nil, &ErrNoClaim{Number: number, Of: len(s.Rows)}
	}
	row := &s.Rows[number-1]
	a := s.Briefing.Article
	said := strings.Join(strings.Fields(row.Words), " ")
	d := claimReview{
		Context: "https://schema.org", Type: "ClaimReview", Status: "Draft",
		Claim: strings.NewReplacer("[", "", "]", "").Replace(row.Claim.Standalone),
		Item:  madeItem{Type: "Claim", Text: said, Author: s.claimant(row.Claim.Speaker)},
	}
	if d.Claim == "" {
		d.Claim = said
	}
	if a.URL != "" || s.URL != "" || a.Title != "" || a.Publisher != "" {
		p := &appearance{Type: "NewsArticle", URL: s.URL, Headline: a.Title, Language: a.Language}
		if p.URL == "" {
			p.URL = a.URL
		}
		if !a.Published.IsZero() {
			p.Date = a.Published.Format(time.DateOnly)
		}
		if a.Publisher != "" {
			p.Publisher = &party{"Organization", a.Publisher}
		}
		for _, name := range a.Byline {
			p.Author = append(p.Author, party{"Person", name})
		}
		d.Item.Appearance = p
	}
	if m, ok := row.Rated(); ok {
		d.Date, d.Body, d.Citation = m.At.UTC().Format(time.DateOnly), m.Note, m.Link
		if m.Name != "" {
			d.Author = &party{"Person", m.Name}
		}
		d.Rating = &rating{Type: "Rating", Name: string(m.Rating)}
		if i := slices.Index(Ratings, m.Rating); i >= 0 && m.Rating != Unproven {
			d.Rating.Value, d.Rating.Best, d.Rating.Worst = i+1, len(Ratings)-1, 1
		}
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetIndent("", "  ") // and with < and > escaped: people paste it into pages
	err := enc.Encode(d)
	return buf.Bytes(), err
}

// claimant is who makes a claim: an organisation where the article's voices
// know it as one.
func (s *Sheet) claimant(name string) *party {
	if name == "" {
		return nil
	}
	kind := "Person"
	for _, v := range s.Briefing.Analysis.Sources.Voices {
		if strings.EqualFold(v.Name, name) && v.Sort == quote.Body {
			kind = "Organization"
		}
	}
	return &party{kind, name}
}
