package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"onrecord/brief"
	"onrecord/chat"
)

type feedbackCommand struct {
	Since  day    `arg:"--since" placeholder:"2026-01-31" help:"Leave out what is older."`
	Most   int    `arg:"--most" default:"1000" help:"The newest so many."`
	Format string `arg:"--format" enum:"text,json,csv" default:"text" help:"Form of the list: ${enum}. JSON has an object a line."`
}

// Run lists the errors that people reported, newest first.
func (c *feedbackCommand) Run(ctx context.Context, a *app) error {
	db := a.store(ctx)
	if db == nil {
		return noStore(a)
	}
	all, err := db.Feedback().List(ctx, c.Since.Time, c.Most)
	if err != nil {
		return err
	}
	data, err := c.render(a, all)
	if err != nil {
		return err
	}
	return write(a.out, data)
}

// noStore says why a command that needs the store cannot run.
func noStore(a *app) error {
	if a.dbErr != nil {
		return a.dbErr
	}
	return fail(nil, "There is no store: set ONRECORD_STATE_FILE or DATABASE_URL to what 'bot serve' uses.")
}

// reported is feedback as a line of JSON.
type reported struct {
	At        time.Time `json:"at"`
	Platform  string    `json:"platform"`
	Workspace string    `json:"workspace"`
	Channel   string    `json:"channel"`
	User      string    `json:"user"`
	Article   string    `json:"article"`
	Item      string    `json:"item"`
	Words     string    `json:"words"`
	Reason    string    `json:"reason"`
	Engine    string    `json:"engine"`
}

func (c *feedbackCommand) render(a *app, all []chat.Feedback) ([]byte, error) {
	var out bytes.Buffer
	switch c.Format {
	case "json":
		lines := json.NewEncoder(&out)
		lines.SetEscapeHTML(false)
		for _, f := range all {
			if err := lines.Encode(reported(f)); err != nil {
				return nil, err
			}
		}
	case "csv":
		rows := [][]string{{"at", "platform", "workspace", "channel", "user", "article", "item", "reason", "words", "engine"}}
		for _, f := range all {
			rows = append(rows, []string{f.At.UTC().Format(time.RFC3339), f.Platform, f.Workspace, f.Channel, f.User, f.Article, f.Item, f.Reason, f.Words, f.Engine})
		}
		return brief.CSV(rows), nil
	default:
		var r chat.Reply
		r.Add(chat.Heading, chat.Bold(fmt.Sprintf("Reported errors: %d", len(all))))
		for i, f := range all {
			article := f.Article
			if article == "" {
				article = "a private text"
			}
			r.AddItem(i+1, chat.Bold(f.Item+", "+f.Reason), chat.Say(" · "+article))
			r.Add(chat.Detail, chat.Say(f.At.UTC().Format("2 Jan 2006 15:04")+" UTC · "+f.Platform+" "+f.Workspace+" "+f.Channel+" "+f.User))
			if f.Words != "" {
				r.Add(chat.Detail, chat.Quote(f.Words))
			}
		}
		return a.render(r)
	}
	return out.Bytes(), nil
}
