package store

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/lib/pq"
)

// This file is how PostgreSQL finds the newest items of a large book. There are
// two ways, and where one is slow the other is quick:
//
//   - back through the items, the newest first, until there are enough. What one
//     item in ten has is found at once, what hardly any has when all were read;
//   - by the index of terms, which gives all that have them in no order. What
//     hardly any item has is found at once, what one in ten has when all of
//     these were read.
//
// The planner cannot tell: it takes sixty seldom quoted people for frequent. So a
// few items are read first, and what these show decides.

// stretch says how far items are read back: at first; then, if it may be worth
// it, until one can be sure of that; and as long as it promises to be enough
// after so many more.
type stretch struct{ first, second, most int }

// Of all items, which lie side by side, and of speakers, each of which has to be
// looked up.
var (
	ofAll      = stretch{2_000, 10_000, 30_000}
	ofSpeakers = stretch{300, 2_000, 6_000}
)

// next tells how many more to read when so many were, and had so many hits, and
// so many more are wanted; 0 to go by the index.
func (s stretch) next(seen, hits, wanted int) int {
	promised := func(hits float64) int { return int(float64(wanted) * float64(seen) / max(hits, .1)) }
	switch more := promised(float64(hits)); {
	case seen == 0:
		return s.first
	case seen > 3*s.most:
		return 0
	case more <= s.second, seen > s.second && more <= s.most:
		return more + more/4 + 100 // what is too many is not read
	case seen <= s.second && promised(float64(hits)+2*math.Sqrt(float64(hits))) <= s.most:
		return s.second
	}
	return 0
}

// newest implements engine.
func (s *server) newest(ctx context.Context, w wanted) (shortlist, error) {
	list := shortlist{query: "SELECT unnest(CAST(? AS BIGINT[])) AS id", most: w.most}
	far := ofAll
	if len(w.speakers) > 0 {
		far = ofSpeakers
	}
	var all seen
	wide := int64(1)
	for {
		n := far.next(all.rows, len(all.hits), w.most)
		if n == 0 {
			break
		}
		part := w
		if all.rows > 0 && len(w.speakers) > 1 {
			// The newest of several are among the newest of each, so many times
			// as much would be read; but not of days that need not be looked at.
			last := all.last >> dayBits
			days := (all.first>>dayBits-last+1)*int64(n)/int64(all.rows) + 1
			part.first = max(w.first, max(last-days*wide, 0)<<dayBits)
		}
		more, err := s.back(ctx, part, n)
		if err != nil {
			return list, err
		}
		if w.most -= len(more.hits); more.rows == n {
			w.last = more.last - 1
		} else {
			w.last = part.first - 1
			wide *= 4 // they were silent for some time
		}
		if all.rows == 0 {
			all.first = more.first
		}
		all.last = w.last
		all.rows += more.rows
		all.hits = append(all.hits, more.hits...)
		if w.most <= 0 || w.last < w.first {
			list.args = []any{numbers(all.hits)}
			return list, nil
		}
	}
	hits, err := s.byIndex(ctx, w)
	list.args = []any{numbers(append(all.hits, hits...))}
	return list, err
}

// numbers is an array as PostgreSQL reads it.
func numbers(all []int64) string {
	return "{" + strings.ReplaceAll(strings.Trim(fmt.Sprint(all), "[]"), " ", ",") + "}"
}

// seen is what was read back.
type seen struct {
	rows        int
	first, last int64   // of them
	hits        []int64 // what is wanted among them
}

// back reads the newest items, so many at most, and no more than it needs for as
// many hits as are wanted: of the speakers if there are any, else of all. That
// the planner does not see how many leaves it the way back: for a large part of
// what there is it would read and sort the whole.
func (s *server) back(ctx context.Context, w wanted, far int) (was seen, err error) {
	hit, args := "TRUE", []any(nil)
	if groups := slices.Concat(w.groups, w.common); len(groups) > 0 {
		has, terms := s.match(groups)
		hit, args = has, []any{terms}
	}
	near := "SELECT rowid AS id, " + hit + " AS hit FROM book_terms WHERE rowid BETWEEN ? AND ? ORDER BY rowid DESC LIMIT (SELECT CAST(? AS BIGINT))"
	if len(w.speakers) == 0 {
		args = append(args, w.first, w.last, far)
	} else {
		near = `
			SELECT id, (SELECT ` + hit + ` FROM book_terms WHERE rowid = theirs.id) AS hit FROM (
				SELECT one.id FROM unnest(CAST(? AS BIGINT[])) AS who (speaker) CROSS JOIN LATERAL (
					SELECT id FROM book_items WHERE speaker = who.speaker AND id BETWEEN ? AND ? ORDER BY id DESC LIMIT ?) AS one
				ORDER BY one.id DESC LIMIT ?) AS theirs`
		args = append(args, numbers(w.speakers), w.first, w.last, far, far)
	}
	rows, err := s.read.QueryContext(ctx, `
		SELECT id, hit, place FROM (
			SELECT id, hit, row_number() OVER all_of AS place, lead(id) OVER all_of IS NULL AS ends
			FROM (`+near+`) AS near WINDOW all_of AS (ORDER BY id DESC)) AS seen
		WHERE hit OR place = 1 OR ends ORDER BY id DESC LIMIT ?`, append(args, w.most+1)...)
	_, err = gather(rows, err, func(r *sql.Rows) (struct{}, error) {
		var hit bool
		err := r.Scan(&was.last, &hit, &was.rows)
		if was.rows == 1 {
			was.first = was.last
		}
		if hit && len(was.hits) < w.most {
			was.hits = append(was.hits, was.last)
		}
		return struct{}{}, err
	})
	return was, err
}

// byIndex finds the newest items by the index of terms. That the planner does
// not see the terms, and that nothing passes MATERIALIZED, leaves it no other
// way. Of speakers one is asked for after the other: where all terms are needed
// the index goes from one place that has them to the next, and where one of
// sixty is it goes through all that any of them has.
func (s *server) byIndex(ctx context.Context, w wanted) ([]int64, error) {
	fits, args := "TRUE", []any(nil)
	if len(w.common) > 0 {
		has, terms := s.match(w.common)
		fits, args = has, []any{terms}
	}
	_, terms := s.match(w.groups)
	all := []string{terms}
	if len(w.speakers) > 0 {
		all = nil
		for _, who := range speakerTerms(w.speakers) {
			_, terms := s.match(append(slices.Clip(w.groups), []string{who}))
			all = append(all, terms)
		}
	}
	rows, err := s.read.QueryContext(ctx, `
		WITH found AS MATERIALIZED (
			SELECT rowid, fits FROM unnest(CAST(? AS TEXT[])) AS one (terms) CROSS JOIN LATERAL (
				SELECT rowid, `+fits+` AS fits FROM book_terms WHERE terms @@ CAST(one.terms AS tsquery)) AS its)
		SELECT rowid FROM found WHERE fits AND rowid BETWEEN ? AND ? ORDER BY rowid DESC LIMIT ?`,
		append([]any{pq.Array(all)}, append(args, w.first, w.last, w.most)...)...)
	return gather(rows, err, func(r *sql.Rows) (id int64, err error) {
		err = r.Scan(&id)
		return id, err
	})
}
