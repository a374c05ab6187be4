package openapitest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"

	"onrecord/adapters/discord"
	"onrecord/adapters/discord/discordfake"
	"onrecord/chat"
	"onrecord/chat/chattest"
	"onrecord/work"
)

// description is Discord's own description of its API. It stands beside the
// checkout, in the folder that the project's data lie in.
const description = "shared/data/platforms/discord-openapi-v10.json"

// find looks for the description beside the checkout.
func find(t *testing.T) []byte {
	t.Helper()
	dir, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(filepath.Dir(dir), filepath.FromSlash(description)))
	if os.IsNotExist(err) {
		t.Skipf("Discord's description of its API is not there: ../%s beside the checkout", description)
	}
	if err != nil {
		t.Fatal(err)
	}
	return pruned(t, data)
}

// used are the paths that the adapter knows. The validator compiles every
// schema of what it is given, which takes minutes for all 150 paths.
var used = []string{
	"/gateway/bot", "/users/@me", "/users/@me/channels", "/applications/@me",
	"/applications/{application_id}/commands",
	"/channels/{channel_id}", "/channels/{channel_id}/messages", "/channels/{channel_id}/typing",
	"/channels/{channel_id}/messages/{message_id}/threads",
	"/interactions/{interaction_id}/{interaction_token}/callback",
	"/webhooks/{webhook_id}/{webhook_token}", "/webhooks/{webhook_id}/{webhook_token}/messages/@original",
}

// pruned is the description with the paths that are used, and of these what
// says how a request looks.
func pruned(t *testing.T, data []byte) []byte {
	t.Helper()
	var all map[string]any
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	paths, ok := all["paths"].(map[string]any)
	if !ok {
		t.Fatal("the description has no paths")
	}
	kept := map[string]any{}
	for _, p := range used {
		item, ok := paths[p].(map[string]any)
		if !ok {
			t.Fatalf("the description does not know %s", p)
		}
		for _, operation := range item {
			if o, ok := operation.(map[string]any); ok {
				o["responses"] = map[string]any{"200": map[string]any{"description": "not looked at"}}
			}
		}
		kept[p] = item
	}
	all["paths"] = kept
	out, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Every request that the adapter sends fits Discord's description. What that
// does not know (the length of content for bots, the sum over all embeds, names
// of commands, identifiers that occur twice) the fake looks at.
func TestRequests(t *testing.T) {
	document, err := libopenapi.NewDocument(find(t))
	if err != nil {
		t.Fatal(err)
	}
	v, errs := validator.NewValidator(document)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	defer v.Release()

	seen := map[string]int{}
	for _, r := range requests(t) {
		if r.Status >= 400 {
			t.Errorf("%s %s was answered with %d", r.Method, r.Path, r.Status)
			continue
		}
		body, contentType := payload(t, r)
		req, err := http.NewRequestWithContext(t.Context(), r.Method, "https://discord.com/api/v10"+r.Path+"?"+r.Query, bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bot x")
		if contentType != "" {
			req.Header.Set("Content-Type", contentType)
		}
		if ok, faults := v.ValidateHttpRequestSync(req); !ok {
			for _, f := range faults {
				t.Errorf("%s %s: %s: %s", r.Method, r.Path, f.Message, f.Reason)
				for _, s := range f.SchemaValidationErrors {
					t.Errorf("  %s at %s", s.Reason, s.FieldPath)
				}
			}
			t.Logf("body: %.2000s", body)
		}
		seen[r.Method+" "+shape(r.Path)]++
	}
	for path, n := range seen {
		t.Logf("%4d  %s", n, path)
	}
	if len(seen) < 10 {
		t.Errorf("only %d kinds of requests", len(seen))
	}
}

// shape is a path without identifiers and tokens.
func shape(path string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if strings.HasPrefix(p, "tok-") || p != "" && strings.Trim(p, "0123456789") == "" {
			parts[i] = "…"
		}
	}
	return strings.Join(parts, "/")
}

// payload is the JSON of a request, taken out of its multipart body if it is in
// one.
func payload(t *testing.T, r discordfake.Request) ([]byte, string) {
	t.Helper()
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		return r.Body, r.Header.Get("Content-Type")
	}
	parts := multipart.NewReader(bytes.NewReader(r.Body), params["boundary"])
	for {
		p, err := parts.NextPart()
		if err != nil {
			t.Fatalf("a multipart body without its JSON: %v", err)
		}
		if p.FormName() == "payload_json" {
			data, err := io.ReadAll(p)
			if err != nil {
				t.Fatal(err)
			}
			return data, "application/json"
		}
	}
}

// requests lets people do everything that they can, and gives what the adapter
// sent.
func requests(t *testing.T) []discordfake.Request {
	t.Helper()
	server := discordfake.New(discordfake.Options{})
	defer server.Close()
	server.KeepRequests()
	queue := work.New(work.Options{})
	recent := &chat.MemoryRecent{}
	p, err := discord.New(discord.Options{Token: server.Token, APIURL: server.APIURL(), Queue: queue, Recent: recent})
	if err != nil {
		t.Fatal(err)
	}
	bot := &chat.Bot{Service: &chat.Service{Briefer: &chattest.Briefer{}, Recent: recent}}
	handler := func(ctx context.Context, req chat.Request) chat.Reply {
		switch {
		case strings.Contains(req.Text, "hostile"):
			var r chat.Reply
			for _, h := range chattest.Hostile {
				r.Add(chat.Heading, chat.Bold(h))
				r.AddItem(1, chat.Quote(h))
			}
			for i := range 40 {
				r.AddItem(i+1, chat.Quote("“"+strings.Repeat(fmt.Sprint("word", i, " "), 250)+"”"))
				r.Actions = append(r.Actions, chat.Action{Name: "a", Label: chattest.Hostile[i%4], Command: chattest.Hostile[i%4], More: i > 15})
			}
			return r
		case strings.Contains(req.Text, "remove"):
			var r chat.Reply
			r.Remove = true
			r.Add(chat.Paragraph, chat.Say("gone"))
			return r
		case strings.Contains(req.Text, "details"):
			var r, d chat.Reply
			r.Add(chat.Paragraph, chat.Say("short"))
			d.Add(chat.Paragraph, chat.Say("long"))
			r.Details, r.Visibility = &d, chat.ToChannel
			return r
		}
		return bot.Handle(ctx, req)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx, handler) }()
	defer func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}()
	must := func(what string, is func() bool) {
		t.Helper()
		if err := server.Until(ctx, is); err != nil {
			t.Fatalf("waiting until %s: %v", what, err)
		}
	}
	must("it is connected", server.Connected)
	guild := server.AddGuild()
	channel := server.AddChannel(guild)
	ann := server.AddUser("Ann")
	dm := server.DM(ann)
	link := discordfake.Option{Name: "source", Value: "https://example.com/story"}

	in := server.Command(ann, channel, "brief", link)
	must("brief is answered", in.Answered)
	m, _ := in.Original()
	for _, label := range []string{"Claims (", "Quotes (", "Share", "Refresh", "Export"} {
		must(label, server.Click(ann, m, label).Answered)
	}
	must("completions come", server.Complete(ann, channel, "quotes", "").Answered)
	form := server.Command(ann, channel, "brief", discordfake.Option{Name: "paste", Value: true})
	must("the form opens", form.Answered)
	must("the text is taken", server.Submit(ann, channel, form.Modal(), strings.Repeat("Crime fell by 90 percent in Vellmar. ", 20)).Answered)
	for _, text := range []string{"hostile", "details"} {
		must(text, server.Command(ann, channel, "help", discordfake.Option{Name: "words", Value: text}).Answered)
	}
	must("remove", server.ClickID(ann, m, "v1:0:run:help remove").Answered)
	must("old button", server.ClickID(ann, m, "old").Answered)

	mention := server.Write(ann, channel, "@bot https://example.com/story")
	must("the mention is answered", func() bool { return len(server.FromBot(ann, mention)) > 0 })
	menu := server.Menu(ann, channel, "Brief this message", mention)
	must("the menu is answered", menu.Answered)
	server.Write(ann, dm, "hostile")
	must("the message is answered", func() bool {
		all := server.FromBot(ann, dm)
		return len(all) > 0 && len(all[len(all)-1].Components) > 0 // they come with the last one
	})
	closed := server.AddChannel(guild)
	server.Deny(closed, "embeds")
	p.Check(ctx)
	server.Invalidate()
	server.Write(ann, dm, "help")
	before := len(server.FromBot(ann, dm))
	must("what was missed is answered", func() bool { return len(server.FromBot(ann, dm)) > before })
	for _, f := range server.Faults() {
		t.Error(f)
	}
	return server.Requests()
}
