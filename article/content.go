package article

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/abadojack/whatlanggo"
	"github.com/clipperhouse/uax29/v2/words"

	"onrecord/article/internal/head"
)

// Words below which there is no article, only the rest of one: a teaser, a
// consent notice, a caption. Text that somebody pasted on purpose may be
// shorter than what a site serves.
const (
	fewWords       = 30
	fewPastedWords = 8
)

// content makes the Article of what was fetched or handed in.
func (r *Reader) content(ctx context.Context, src Source, got *fetched) (*Article, error) {
	where := src.Name
	if got.url != nil {
		where = got.url.Hostname()
	}
	if int64(len(got.data)) > r.maxBytes() {
		return nil, r.tooLarge(where)
	}
	a := &Article{ReadAt: r.now(), Validators: got.validators}
	if got.url != nil {
		a.URL = got.url.String()
	}

	var err error
	kind := plain
	if !src.Verbatim {
		kind, err = sniff(got, src.Name)
	}
	if err != nil {
		return nil, at(where, err)
	}
	switch kind {
	case html:
		err = r.html(a, got, src.URL)
	case portable:
		err = r.pdf(ctx, a, got.data)
	case word:
		err = r.docx(a, got.data)
	case marked:
		err = r.markdown(a, got)
	default:
		if src.Verbatim && utf8.Valid(got.data) {
			a.Text = string(got.data)
			break
		}
		a.Text, err = decode(got.data, got.contentType)
	}
	if err != nil {
		return nil, at(where, err)
	}
	if err := r.finish(a, src, kind); err != nil {
		return nil, at(where, err)
	}
	return a, nil
}

// at says where an error happened, unless it knows already.
func at(where string, err error) error {
	var e *Error
	if errors.As(err, &e) && e.Where == "" {
		e.Where = where
	}
	return err
}

// finish fills in what all kinds of source share.
func (r *Reader) finish(a *Article, src Source, kind kind) error {
	if strings.TrimSpace(a.Text) == "" {
		return &Error{Kind: ErrEmpty}
	}
	if len(a.Text) > r.maxText() {
		return &Error{Kind: ErrTooLong, What: "more than " + size(int64(r.maxText()))}
	}
	if !src.Date.IsZero() {
		a.Published = src.Date.UTC()
	}
	h := head.Find(a.Text, head.Known{Date: a.Published, Title: first(src.Title, a.Title), Plain: kind == plain})
	a.Body = h.Body
	a.Dateline = Dateline{Agency: h.Agency, Place: h.Place, Date: h.Date}
	// What the text says goes before the day on which its file was made.
	made := kind == portable || kind == word
	if src.Date.IsZero() && !h.Date.IsZero() && (made || a.Published.IsZero()) {
		a.Published = h.Date
	}
	if a.Title = first(src.Title, a.Title); a.Title == "" {
		a.Title = h.Title
	}
	if len(a.Byline) == 0 {
		a.Byline = h.Byline
	}
	if a.Publisher == "" {
		a.Publisher = h.Publisher
	}
	if src.URL != "" {
		a.URL = src.URL
	}

	body := a.Text[a.Body:]
	a.Words = countWords(body)
	few := fewWords
	switch {
	case src.Verbatim:
		few = 0
	case src.Link == "" && kind == plain:
		few = fewPastedWords
	}
	if a.Words < few {
		return &Error{Kind: ErrNearEmpty, What: plural(a.Words, "word")}
	}
	if a.Language == "" {
		a.Language = language(body, a.Words)
	}
	a.SHA256 = sum(a.Text)
	return nil
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// countWords counts the words of the text as editors and wc -w do, by the white
// space between them: "3-year-old" is one, and so is a dash that stands by
// itself. Stretches in scripts that write without spaces (Chinese, Japanese,
// Thai, Lao, Khmer, Burmese, Tibetan) are counted by the boundaries of UAX #29
// instead, where each ideograph is a word.
func countWords(text string) int {
	n := 0
	for field := range strings.FieldsSeq(text) {
		if strings.IndexFunc(field, unspaced) < 0 {
			n++
			continue
		}
		for it := words.FromString(field); it.Next(); {
			if strings.IndexFunc(it.Value(), func(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) }) >= 0 {
				n++
			}
		}
	}
	return n
}

// unspaced reports whether the letter is of a script that parts no words.
func unspaced(c rune) bool {
	return c >= 0x0e00 && unicode.In(c, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Tibetan)
}

// language guesses what the text is written in, "" when there is too little
// to go by, for a wrong guess turns away a text that could be analysed. Of
// stretches of English news of 12 words the detector takes 5 in 100 for
// another language, of 20 words 1 in 100, of 60 words 3 in 10,000; what it says
// of short ones holds where it is sure of itself (1 in 10,000 at 20 words).
func language(text string, words int) string {
	const (
		enough    = 20
		plenty    = 60
		sure      = .8
		mostBytes = 4 << 10
	)
	if words < enough {
		return ""
	}
	if len(text) > mostBytes {
		cut := mostBytes
		for cut > 0 && !utf8.RuneStart(text[cut]) {
			cut--
		}
		text = text[:cut]
	}
	info := whatlanggo.Detect(text)
	if words < plenty && info.Confidence < sure {
		return ""
	}
	return info.Lang.Iso6391()
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}
