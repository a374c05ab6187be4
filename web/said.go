package web

import (
	"context"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"onrecord/article"
	"onrecord/book"
	"onrecord/brief"
	"onrecord/chat"
)

// maxMost is the most quotations that one request looks at.
const maxMost = 1000

// Scope is where the quote book of a token's workspace stands. A name with a
// platform before it ("slack/T024BE7LD", "discord/81384788765712384") is a
// workspace of that platform, whose public part the token may read; every other
// name has a book of its own.
func (t Token) Scope() chat.Scope {
	platform, workspace, ok := strings.Cut(t.Workspace, "/")
	if ok && workspace != "" && (platform == "slack" || platform == "discord") {
		return chat.Scope{Platform: platform, Workspace: workspace}
	}
	return chat.Scope{Platform: "api", Workspace: t.Workspace}
}

// onlyJSON refuses what is not declared as JSON.
func onlyJSON(r *http.Request, what string) error {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return problem{Status: http.StatusUnsupportedMediaType, Detail: "Send JSON with " + what + ", and say so in Content-Type."}
	}
	return nil
}

// said looks into the quote book of the token's workspace.
func (a *API) said(ctx context.Context, t Token, r *http.Request) ([]byte, error) {
	if err := onlyJSON(r, "what to look for"); err != nil {
		return nil, err
	}
	var asked struct {
		Speaker string `json:"speaker"`
		About   string `json:"about"`
		Since   string `json:"since"`
		Until   string `json:"until"`
		Outlet  string `json:"outlet"`
		Stance  string `json:"stance"`
		Most    int    `json:"most"`
	}
	if err := decode(r, &asked); err != nil {
		return nil, err
	}
	for name, s := range map[string]string{"speaker": asked.Speaker, "about": asked.About, "since": asked.Since, "until": asked.Until, "outlet": asked.Outlet} {
		if len(s) > maxField {
			return nil, refused("%s is longer than %d bytes.", name, maxField)
		}
	}
	switch {
	case asked.Most < 0 || asked.Most > maxMost:
		return nil, refused("most is a whole number up to %d.", maxMost)
	case asked.Stance != "" && !slices.Contains(book.Stances, asked.Stance):
		return nil, refused("stance is one of %s.", strings.Join(book.Stances, ", "))
	}
	q := book.Query{
		Speaker: strings.TrimSpace(asked.Speaker), About: strings.TrimSpace(asked.About), Outlet: strings.TrimSpace(asked.Outlet),
		Stance: asked.Stance, Most: asked.Most,
	}
	now := time.Now().UTC()
	if asked.Since != "" {
		days, ok := book.Days(asked.Since, now)
		if !ok {
			return nil, refused("since is a day or a time, such as 2020-01-21, March or last week.")
		}
		q.Since = days.Start
	}
	if asked.Until != "" {
		days, ok := book.Days(asked.Until, now)
		if !ok {
			return nil, refused("until is a day or a time, such as 2020-01-21, March or last week.")
		}
		q.Until = days.End
	}
	found, err := a.Service.Said(ctx, chat.Request{Scope: t.Scope()}, q)
	if err != nil {
		return nil, err
	}
	return found.JSON()
}

// remembers reports why an article cannot go into the quote book.
func (a *API) remembers(src article.Source) error {
	switch {
	case src.Link == "" || src.Private:
		return refused("Only an article behind a url that is not private can be remembered.")
	case a.Service.Book == nil:
		return noStore("quote book")
	}
	return nil
}

func noStore(what string) error {
	return problem{Status: http.StatusServiceUnavailable, Detail: "There is no " + what + " here: whoever runs the bot keeps one by setting ONRECORD_STATE_FILE to a file."}
}

// remember puts a briefed article into the quote book of the token's workspace, and
// tells the watches there.
func (a *API) remember(ctx context.Context, t Token, src article.Source, b *brief.Briefing) error {
	at := t.Scope()
	if err := a.Service.Book.Remember(ctx, book.Shelf{Platform: at.Platform, Workspace: at.Workspace}, "", b, src.Link); err != nil {
		return fmt.Errorf("remembering an article: %w", err)
	}
	if a.Service.Briefed != nil {
		a.Service.Briefed(ctx, at, src, b)
	}
	return nil
}

// compare holds articles against each other.
func (a *API) compare(ctx context.Context, _ Token, r *http.Request) ([]byte, error) {
	if err := onlyJSON(r, "a list of articles"); err != nil {
		return nil, err
	}
	var list struct {
		Articles []struct {
			URL     string `json:"url"`
			Text    string `json:"text"`
			Title   string `json:"title"`
			Date    string `json:"date"`
			Private bool   `json:"private"`
		} `json:"articles"`
	}
	if err := decode(r, &list); err != nil {
		return nil, err
	}
	if n := len(list.Articles); n < 2 || n > brief.MostCompared {
		return nil, refused("Send from 2 to %d articles.", brief.MostCompared)
	}
	var sources []article.Source
	for i, one := range list.Articles {
		src, _, err := (&asked{URL: one.URL, Text: one.Text, Title: one.Title, Date: one.Date, Private: one.Private}).whole()
		if err != nil {
			p := problemOf(err)
			p.Detail = fmt.Sprintf("Article %d: %s", i+1, p.Detail)
			return nil, p
		}
		sources = append(sources, src)
	}
	// Of the service only what reads: nothing is remembered.
	found, err := (&chat.Service{Briefer: a.Service.Briefer}).BriefAll(ctx, chat.Scope{}, sources)
	if err != nil {
		return nil, err
	}
	return brief.ComparisonJSON(brief.Compare(found))
}
