package brief

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"onrecord/article"
	"onrecord/cache"
	"onrecord/factcheck"
)

// Reader reads articles; *article.Reader is one.
type Reader interface {
	Read(ctx context.Context, src article.Source) (*article.Article, error)
}

// Revalidator is a Reader that can ask a site whether a page has changed since
// it was read, as *article.Reader can. When it has not, now is old with a new
// ReadAt.
type Revalidator interface {
	Revalidate(ctx context.Context, src article.Source, old *article.Article) (now *article.Article, changed bool, err error)
}

// Briefer makes briefings. It needs a Reader; the zero value of everything
// else works. Its methods may be called from any number of goroutines.
type Briefer struct {
	Reader Reader

	// Cache keeps articles and analyses; nil keeps nothing.
	Cache cache.Cache

	// Tables say how claims are checked; nil stands for the built-in ones.
	Tables *factcheck.Tables

	// Library finds published fact-checks of the claims; nil for none.
	Library Library

	// Log gets what was read and how long it took, never article text. Nil is
	// silence.
	Log *slog.Logger

	// Fresh is how long an article that came from a link is used unasked;
	// after that the site is asked whether it has changed. 0 means 5 minutes.
	Fresh time.Duration

	// Keep is how long articles and analyses may stay in the cache; 0 means 24
	// hours, which is also the most that private material may stay anywhere.
	Keep time.Duration
}

// LanguageError says that an article was read but cannot be analysed, because
// it is not in English. The text that was read is still there.
type LanguageError struct {
	Article *article.Article
}

// Error is for the log.
func (e *LanguageError) Error() string {
	return fmt.Sprintf("cannot analyse language %q", e.Article.Language)
}

// Sentence says to people what happened and what they can do.
func (e *LanguageError) Sentence() string {
	return "This text is in " + languageName(e.Article.Language) +
		", and only English can be analysed: hand in an English version or a translation."
}

// Brief reads src and analyses it, or takes both from the cache. Its errors
// are those of the reader, and [*LanguageError].
func (b *Briefer) Brief(ctx context.Context, src article.Source) (*Briefing, error) {
	return b.brief(ctx, src, false)
}

// Refresh is Brief without believing the cached article: the site is asked
// for the page again, whenever that was last done.
func (b *Briefer) Refresh(ctx context.Context, src article.Source) (*Briefing, error) {
	return b.brief(ctx, src, true)
}

func (b *Briefer) brief(ctx context.Context, src article.Source, refresh bool) (*Briefing, error) {
	began := time.Now()
	a, err := b.read(ctx, src, refresh)
	if err != nil {
		return nil, err
	}
	read := time.Since(began)
	if a.Language != "" && a.Language != "en" {
		return nil, &LanguageError{Article: a}
	}
	found, err := b.analysis(ctx, a)
	if err != nil {
		return nil, fmt.Errorf("analysing %s: %w", src, err)
	}
	b.log().InfoContext(ctx, "briefed",
		"words", a.Words, "quotes", len(found.Quotes), "claims", len(found.Claims),
		"read", read, "analysed", time.Since(began)-read)
	return &Briefing{Article: a, Analysis: found, Reviews: b.reviews(ctx, src, a, found)}, nil
}

// read gets the article of a link through the cache, everything else directly:
// a file has no key of its own but its content.
func (b *Briefer) read(ctx context.Context, src article.Source, refresh bool) (*article.Article, error) {
	if src.Link == "" {
		return b.Reader.Read(ctx, src)
	}
	key := articleKey(src)
	decode := func(data []byte) (*article.Article, error) {
		var a article.Article
		if err := json.Unmarshal(data, &a); err != nil {
			return nil, err
		}
		return &a, nil
	}
	a, err := cache.Do(ctx, b.Cache, key, cache.Work[*article.Article]{
		TTL:    b.keep(),
		Encode: func(a *article.Article) ([]byte, error) { return json.Marshal(a) },
		Decode: func(data []byte) (*article.Article, error) {
			a, err := decode(data)
			if err == nil && (refresh || time.Since(a.ReadAt) >= b.fresh()) {
				err = errStale
			}
			return a, err
		},
		Compute: func(ctx context.Context) (*article.Article, error) {
			again, ok := b.Reader.(Revalidator)
			if !ok || b.Cache == nil {
				return b.Reader.Read(ctx, src)
			}
			data, found, err := b.Cache.Get(ctx, key)
			if err != nil || !found {
				return b.Reader.Read(ctx, src)
			}
			old, err := decode(data)
			if err != nil {
				return b.Reader.Read(ctx, src)
			}
			now, _, err := again.Revalidate(ctx, src, old)
			return now, err
		},
	})
	if err != nil {
		return nil, err
	}
	// Callers share the value; each gets its own.
	own := *a
	return &own, nil
}

var errStale = errors.New("read too long ago")

// analysis is the Analysis of a, computed once for each content and engine.
func (b *Briefer) analysis(ctx context.Context, a *article.Article) (*Analysis, error) {
	return cache.Do(ctx, b.Cache, analysisKey(a, b.Tables), cache.Work[*Analysis]{
		TTL:    b.keep(),
		Encode: func(found *Analysis) ([]byte, error) { return json.Marshal(found) },
		Decode: func(data []byte) (*Analysis, error) {
			found := new(Analysis)
			err := json.Unmarshal(data, found)
			return found, err
		},
		Compute: func(context.Context) (*Analysis, error) { return AnalyseWith(a, b.Tables), nil },
	})
}

// articleKey stands for a link and what the caller knows better than the page.
func articleKey(src article.Source) string {
	return "article:" + article.Version + ":" + digest(src.Link, src.URL, src.Title, stamp(src.Date))
}

// analysisKey stands for all that Analyse looks at, and for the engine.
func analysisKey(a *article.Article, tables *factcheck.Tables) string {
	e := engine(tables)
	return "analysis:" + e.Version + ":" + e.Models + ":" + e.Tables + ":" +
		digest(a.Text, a.Title, stamp(a.Published), decimal(a.Body))
}

// digest is the SHA-256 of the parts, each with its length, so that no two
// lists of parts share one.
func digest(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(p)))
		h.Write(n[:])
		h.Write([]byte(p))
	}
	return hex.EncodeToString(h.Sum(nil))
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

func (b *Briefer) fresh() time.Duration {
	if b.Fresh > 0 {
		return b.Fresh
	}
	return 5 * time.Minute
}

func (b *Briefer) keep() time.Duration {
	if b.Keep > 0 {
		return b.Keep
	}
	return 24 * time.Hour
}

func (b *Briefer) log() *slog.Logger {
	if b.Log != nil {
		return b.Log
	}
	return slog.New(slog.DiscardHandler)
}

// languageName is the English name of the languages that news is most often
// read in here; others keep their code.
func languageName(code string) string {
	switch code {
	case "ar":
		return "Arabic"
	case "bg":
		return "Bulgarian"
	case "bn":
		return "Bengali"
	case "cs":
		return "Czech"
	case "da":
		return "Danish"
	case "de":
		return "German"
	case "el":
		return "Greek"
	case "es":
		return "Spanish"
	case "fa":
		return "Persian"
	case "fi":
		return "Finnish"
	case "fr":
		return "French"
	case "he":
		return "Hebrew"
	case "hi":
		return "Hindi"
	case "hr":
		return "Croatian"
	case "hu":
		return "Hungarian"
	case "id":
		return "Indonesian"
	case "it":
		return "Italian"
	case "ja":
		return "Japanese"
	case "ko":
		return "Korean"
	case "nl":
		return "Dutch"
	case "no", "nb", "nn":
		return "Norwegian"
	case "pl":
		return "Polish"
	case "pt":
		return "Portuguese"
	case "ro":
		return "Romanian"
	case "ru":
		return "Russian"
	case "sr":
		return "Serbian"
	case "sv":
		return "Swedish"
	case "th":
		return "Thai"
	case "tr":
		return "Turkish"
	case "uk":
		return "Ukrainian"
	case "ur":
		return "Urdu"
	case "vi":
		return "Vietnamese"
	case "zh":
		return "Chinese"
	}
	return "another language (" + code + ")"
}
