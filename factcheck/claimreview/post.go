package claimreview

import (
	"regexp"
	"strings"
	"time"
	"unicode"
)

// maxQuery is the most bytes of a query that are looked at.
const maxQuery = 2000

var (
	webAddress = regexp.MustCompile(`(?:https?://|pic\.twitter\.com/|www\.)[^\s"”]*`)
	signature  = regexp.MustCompile(`\s*(?:—|–|--)\s*([^—]{0,80}?)\(@\w+\)\s*((?:January|February|March|April|May|June|July|August|September|October|November|December) \d{1,2}, \d{4})["”]*\s*$`)
	tagged     = regexp.MustCompile(`[#@][\pL\pN_]+`)
)

// post is a text as people pass it on in social networks, taken apart. Any
// other text is its own post.
type post struct {
	text   string    // addresses gone, tags and handles as words
	author string    // who signed it: "— Ann Lee (@annlee) May 3, 2019"
	date   time.Time // when, by the signature
}

// readPost takes a post apart.
func readPost(text string) post {
	if len(text) > maxQuery {
		text = strings.ToValidUTF8(text[:maxQuery], "")
	}
	var p post
	if m := signature.FindStringSubmatchIndex(text); m != nil {
		if date, err := time.Parse("January 2, 2006", text[m[4]:m[5]]); err == nil {
			p.author, p.date = strings.TrimSpace(text[m[2]:m[3]]), date
			text = text[:m[0]]
		}
	}
	text = webAddress.ReplaceAllString(text, " ")
	p.text = tagged.ReplaceAllStringFunc(text, func(tag string) string { return " " + splitTag(tag[1:]) + " " })
	return p
}

// splitTag parts a tag into its words: "CleanWater2019" is Clean Water 2019.
func splitTag(tag string) string {
	var b strings.Builder
	runes := []rune(tag)
	for i, r := range runes {
		if r == '_' {
			b.WriteByte(' ')
			continue
		}
		if i > 0 {
			last := runes[i-1]
			beforeLower := i+1 < len(runes) && unicode.IsLower(runes[i+1])
			if unicode.IsUpper(r) && (unicode.IsLower(last) || unicode.IsUpper(last) && beforeLower) ||
				unicode.IsDigit(r) != unicode.IsDigit(last) {
				b.WriteByte(' ')
			}
		}
		b.WriteRune(r)
	}
	return b.String()
}
