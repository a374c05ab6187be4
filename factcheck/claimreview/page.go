package claimreview

import (
	"errors"
	"html"
	"io"
	"strings"

	dom "golang.org/x/net/html"

	"onrecord/factcheck"
)

// maxScripts is how many scripts of a page are looked at.
const maxScripts = 200

// readPage reads the JSON-LD in the scripts of a web page. A script that is
// damaged is passed over.
func readPage(r io.Reader, reset func(), yield func(factcheck.Review) error) error {
	z := dom.NewTokenizer(r)
	z.SetMaxBuf(maxElement)
	var title string
	var found []factcheck.Review
	for scripts := 0; scripts < maxScripts; {
		switch z.Next() {
		case dom.ErrorToken:
			if err := z.Err(); !errors.Is(err, io.EOF) {
				return &Error{Problem: "the page cannot be read to its end", Advice: "save it again", Err: err}
			}
			scripts = maxScripts
		case dom.StartTagToken:
			reset()
			name, more := z.TagName()
			switch string(name) {
			case "title":
				if z.Next() == dom.TextToken && title == "" {
					title = string(z.Text())
				}
			case "script":
				if !isLinkedData(z, more) || z.Next() != dom.TextToken {
					continue
				}
				scripts++
				all, err := inScript(string(z.Raw()))
				if err != nil {
					return err
				}
				found = append(found, all...)
			}
		}
	}
	for _, r := range found {
		if r.Title == "" && len(found) == 1 {
			r.Title = title
		}
		if err := yield(r); err != nil {
			return err
		}
	}
	return nil
}

func isLinkedData(z *dom.Tokenizer, more bool) bool {
	for more {
		var key, value []byte
		key, value, more = z.TagAttr()
		if string(key) == "type" && strings.Contains(strings.ToLower(string(value)), "ld+json") {
			return true
		}
	}
	return false
}

// inScript gives the reviews of one script. Line ends in strings, which the
// writers of pages forget to escape, are mended.
func inScript(script string) ([]factcheck.Review, error) {
	script = strings.TrimSpace(script)
	for _, cut := range []string{"<!--", "//<![CDATA[", "/*<![CDATA[*/", "<![CDATA["} {
		script = strings.TrimSpace(strings.TrimPrefix(script, cut))
	}
	for _, cut := range []string{"-->", "//]]>", "/*]]>*/", "]]>", ";"} {
		script = strings.TrimSpace(strings.TrimSuffix(script, cut))
	}
	if !strings.Contains(script, "ClaimReview") {
		return nil, nil
	}
	for _, mended := range []string{script, strings.Map(noControl, script), html.UnescapeString(strings.Map(noControl, script))} {
		var all []factcheck.Review
		err := readJSON(strings.NewReader(mended), func() {}, func(r factcheck.Review) error {
			all = append(all, r)
			return nil
		})
		if err == nil {
			return all, nil
		}
	}
	return nil, nil
}

func noControl(r rune) rune {
	if r < ' ' {
		return ' '
	}
	return r
}

// unescape turns the entities of HTML into what they stand for.
func unescape(s string) string { return html.UnescapeString(s) }
