package claimreview

import (
	"encoding/json"
	"errors"
	"io"
	"strings"

	"onrecord/factcheck"
)

// lists are the members of an object that may hold very many others. They are
// read one by one.
var lists = map[string]bool{
	"@graph": true, "dataFeedElement": true, "itemListElement": true, "item": true, "claims": true, "reviews": true, "items": true,
}

// readJSON reads any number of JSON values behind each other.
func readJSON(r io.Reader, reset func(), yield func(factcheck.Review) error) error {
	dec := json.NewDecoder(r)
	dec.UseNumber()
	any := false
	for {
		reset()
		err := readValue(dec, reset, yield, 0)
		if errors.Is(err, io.EOF) && any {
			return nil
		}
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
			return &Error{Problem: "it is damaged JSON or cut off", Advice: "download it again", Err: err}
		}
		if err != nil {
			return err
		}
		any = true
	}
}

// maxNesting is how deep lists may lie in lists.
const maxNesting = 4

// readValue reads one value; lists in it element by element.
func readValue(dec *json.Decoder, reset func(), yield func(factcheck.Review) error, depth int) error {
	start, err := dec.Token()
	if err != nil {
		return err
	}
	switch start {
	case json.Delim('['):
		for dec.More() {
			reset()
			if err := readElement(dec, reset, yield, depth); err != nil {
				return err
			}
		}
		_, err := dec.Token()
		return unexpected(err)
	case json.Delim('{'):
		return readObject(dec, reset, yield, depth)
	}
	return nil
}

// readElement reads an element of a list: near the top its own lists are read
// one by one too.
func readElement(dec *json.Decoder, reset func(), yield func(factcheck.Review) error, depth int) error {
	if depth < maxNesting {
		return unexpected(readValue(dec, reset, yield, depth+1))
	}
	var v any
	if err := dec.Decode(&v); err != nil {
		return unexpected(err)
	}
	return collect(v, yield, 0)
}

// readObject reads the members of an object. Those that are lists of others
// are read one by one, the rest is kept and looked at in the end.
func readObject(dec *json.Decoder, reset func(), yield func(factcheck.Review) error, depth int) error {
	rest := map[string]any{}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return unexpected(err)
		}
		name, _ := key.(string)
		if lists[name] && depth < maxNesting {
			if err := readValue(dec, reset, yield, depth+1); err != nil {
				return unexpected(err)
			}
			continue
		}
		var v any
		if err := dec.Decode(&v); err != nil {
			return unexpected(err)
		}
		if len(rest) < 200 {
			rest[name] = v
		}
	}
	if _, err := dec.Token(); err != nil {
		return unexpected(err)
	}
	return collect(rest, yield, 0)
}

// unexpected says that a value is not complete.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// collect hands over the reviews in a value.
func collect(v any, yield func(factcheck.Review) error, depth int) error {
	const deepest = 12
	if depth > deepest {
		return nil
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			if err := collect(e, yield, depth+1); err != nil {
				return err
			}
		}
	case map[string]any:
		switch {
		case isType(v, "ClaimReview"):
			return yield(fromClaimReview(v))
		case v["@type"] == nil && (v["claim"] != nil || v["title"] != nil && v["verdict"] != nil):
			return yield(fromOwn(v))
		case v["text"] != nil && v["claimReview"] != nil:
			return collectGoogle(v, yield)
		}
		for _, name := range []string{"@graph", "item", "mainEntity", "mainEntityOfPage", "hasPart", "subjectOf", "review", "itemListElement", "dataFeedElement", "claimReview"} {
			if e, ok := v[name]; ok {
				if err := collect(e, yield, depth+1); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func isType(v map[string]any, want string) bool {
	for _, t := range list(v["@type"]) {
		if s, ok := t.(string); ok && strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(s, "http://schema.org/"), "https://schema.org/"), "schema:") == want {
			return true
		}
	}
	return false
}

func list(v any) []any {
	if l, ok := v.([]any); ok {
		return l
	}
	return []any{v}
}

// text is the first text that a value holds: a string, a number, or the name
// of an object.
func text(v any, names ...string) string {
	for i, e := range list(v) {
		if i == 20 {
			break
		}
		switch e := e.(type) {
		case string:
			if s := strings.TrimSpace(e); s != "" {
				return s
			}
		case json.Number:
			return e.String()
		case map[string]any:
			for _, n := range names {
				if s := text(e[n]); s != "" {
					return s
				}
			}
		}
	}
	return ""
}

// member is an object that another one holds, the first of several.
func member(v any, name string) map[string]any {
	o, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	for _, e := range list(o[name]) {
		if m, ok := e.(map[string]any); ok {
			return m
		}
	}
	return nil
}

func first(all ...string) string {
	for _, s := range all {
		if s != "" {
			return s
		}
	}
	return ""
}

// fromClaimReview reads schema.org's ClaimReview.
func fromClaimReview(v map[string]any) factcheck.Review {
	item, rating := member(v, "itemReviewed"), member(v, "reviewRating")
	r := factcheck.Review{
		ID:        text(v["@id"], "@id"),
		Claim:     first(text(v["claimReviewed"], "name"), text(item["name"]), text(item["headline"])),
		Title:     first(text(v["headline"]), text(v["name"]), text(v["title"])),
		Subtitle:  first(text(v["alternativeHeadline"]), text(v["description"])),
		Claimant:  text(item["author"], "name"),
		Publisher: first(text(v["author"], "name", "url"), text(v["publisher"], "name"), text(v["sdPublisher"], "name")),
		Verdict:   first(text(rating["alternateName"]), text(rating["name"]), text(rating["ratingExplanation"])),
		URL:       first(text(v["url"], "@id", "url"), text(v["mainEntityOfPage"], "@id", "url")),
		Date:      readDate(first(text(v["datePublished"]), text(v["dateModified"]), text(v["dateCreated"]))),
		Claimed:   readDate(first(text(item["datePublished"]), text(member(item, "appearance")["datePublished"]))),
		Language:  text(v["inLanguage"], "alternateName", "name"),
	}
	if r.Verdict == "" {
		if value := text(rating["ratingValue"]); value != "" {
			r.Verdict = value
			if best := text(rating["bestRating"]); best != "" {
				r.Verdict += " of " + best
			}
		}
	}
	return r
}

// fromOwn reads an object of our own JSON lines.
func fromOwn(v map[string]any) factcheck.Review {
	r := factcheck.Review{
		ID: text(v["id"]), Claim: text(v["claim"]), Title: text(v["title"]), Subtitle: text(v["subtitle"]),
		Claimant: first(text(v["claimant"], "name"), text(v["speaker"], "name")), Publisher: text(v["publisher"], "name"),
		Verdict: text(v["verdict"]), URL: text(v["url"]), Language: text(v["language"]), Claimed: readDate(text(v["claimed"])),
	}
	switch date := text(v["date"]); {
	case strings.HasPrefix(date, "stated on "):
		r.Claimed = readDate(date)
	default:
		r.Date = readDate(date)
	}
	return r
}

// collectGoogle reads a claim as the Google Fact Check Tools API gives it.
func collectGoogle(v map[string]any, yield func(factcheck.Review) error) error {
	for i, e := range list(v["claimReview"]) {
		review, ok := e.(map[string]any)
		if !ok || i == 50 {
			continue
		}
		err := yield(factcheck.Review{
			Claim: text(v["text"]), Claimant: text(v["claimant"]), Claimed: readDate(text(v["claimDate"])),
			Title: text(review["title"]), Publisher: text(review["publisher"], "name", "site"),
			Verdict: text(review["textualRating"]), URL: text(review["url"]),
			Date: readDate(text(review["reviewDate"])), Language: text(review["languageCode"]),
		})
		if err != nil {
			return err
		}
	}
	return nil
}
