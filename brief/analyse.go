package brief

import (
	"onrecord/article"
	"onrecord/factcheck"
	"onrecord/nlp"
	"onrecord/quote"
)

// Analyse finds everything in a. It is a pure function of the article's text,
// title and publication date: the same article gives the same Analysis, always,
// on any number of goroutines.
func Analyse(a *article.Article) *Analysis { return AnalyseWith(a, nil) }

// AnalyseWith is Analyse with an operator's tables of how to check; nil stands
// for the built-in ones.
func AnalyseWith(a *article.Article, tables *factcheck.Tables) *Analysis {
	doc := nlp.ParseFrom(a.Text, a.Body)
	quotes := quote.Find(doc)
	finder := factcheck.Finder{Tables: tables, Dateline: a.Dateline.Place}
	claims := finder.Claims(doc, quotes, a.Published)
	times := dated(doc, a)
	card := facts(doc, quotes, times, a)
	return &Analysis{
		Summary:  Summarise(doc, quotes, claims, a.Title, Length{}),
		Quotes:   quotes,
		Sources:  sources(doc, quotes, a),
		Claims:   claims,
		Facts:    card,
		Timeline: timeline(doc, quotes, times),
		Missing:  missing(doc, quotes, claims, card),
		Times:    times,
		Engine:   engine(tables),

		Consistency: factcheck.Clashes(doc, quotes, a.Title, a.Published),
	}
}

// dated resolves every time expression of doc.
func dated(doc *nlp.Document, a *article.Article) []factcheck.Date {
	times := make([]factcheck.Date, len(doc.Times))
	for i, dates := range doc.Resolve(a.Published) {
		times[i] = factcheck.Date{Span: doc.Times[i].Span, Dates: dates}
	}
	return times
}

func engine(tables *factcheck.Tables) Engine {
	e := Engine{Version: Version, Models: nlp.Models()}
	if tables != nil {
		e.Tables = tables.Version()
	}
	return e
}
