package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"onrecord/article"
	"onrecord/brief"
	"onrecord/chat"
	"onrecord/nlp"
	"onrecord/quote"
)

type batchCommand struct {
	Sentences bool `arg:"--sentences" help:"Read single sentences, each with its context, and say which are worth checking."`
}

// Help is shown below the flags.
func (batchCommand) Help() string {
	return `Each line of input is {"id","text","title"?,"date"?,"url"?} and gives the line {"id", ...} that 'bot brief --format json' would print, without article.text; offsets count code points of the text as it came. Quotations in a headline at the head of the text are in it too.

With --sentences it is {"id","text","doc_id"?,"sent_no"?,"context_before"?,"context_after"?,"title"?,"date"?} and gives {"id","score","label","checkable","kinds","standalone","checkability"}. Sentences of an article are rated as an editor would, those of a speech and single ones by whether the public would want to know; "checkability" is the probability that evidence could settle the sentence.

A line that cannot be used gives {"id","error"}, and the run goes on.`
}

// Run reads lines until the input ends.
func (c *batchCommand) Run(ctx context.Context, a *app) error {
	if isTerminal(a.in) {
		return usageError{"batch reads JSON lines from standard input: 'bot batch < articles.jsonl'"}
	}
	service, err := a.service(ctx, false)
	if err != nil {
		return err
	}
	bar := startBar(a.err, inputSize(a.in))
	defer bar.done()
	lines := newLineReader(bar.count(a.in))
	emit := func(result []byte) error {
		bar.step()
		_, err := a.out.Write(result)
		return err
	}
	if c.Sentences {
		err = inOrder(sentenceGroups(ctx, lines), analyseSentences, emit)
	} else {
		err = inOrder(stopped(ctx, lines.next), func(ln line) []byte { return batchLine(ctx, service, ln) }, emit)
	}
	if err != nil && ctx.Err() == nil {
		return fail(err, "The batch stopped: %s. What was written so far is complete.", reason(err))
	}
	return err
}

// stopped ends next when ctx does.
func stopped[T any](ctx context.Context, next func() (T, error)) func() (T, error) {
	return func() (T, error) {
		if err := ctx.Err(); err != nil {
			var zero T
			return zero, err
		}
		return next()
	}
}

// inputSize is the size of a file that is read, 0 when unknown.
func inputSize(r io.Reader) int64 {
	f, ok := r.(*os.File)
	if !ok {
		return 0
	}
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return 0
	}
	return info.Size()
}

// id is a string of a JSON line; a number is taken for its digits.
type id string

// UnmarshalJSON takes a string or a number.
func (i *id) UnmarshalJSON(data []byte) error {
	var n json.Number
	if json.Unmarshal(data, (*string)(i)) == nil {
		return nil
	}
	if err := json.Unmarshal(data, &n); err != nil {
		return errors.New("id is neither a string nor a number")
	}
	*i = id(n)
	return nil
}

// decodeLine reads a line of input into v, and gives its id even when the rest
// of it is no good.
func decodeLine(ln line, v any) (id, error) {
	if ln.err != nil {
		return findID(ln.data), fmt.Errorf("line %d is %w: split the text", ln.number, ln.err)
	}
	if err := json.Unmarshal(ln.data, v); err != nil {
		return findID(ln.data), fmt.Errorf("line %d: %s: write one JSON object a line", ln.number, jsonTrouble(err))
	}
	return findID(ln.data), nil
}

// findID reads an object up to its id, whatever comes behind.
func findID(data []byte) id {
	dec := json.NewDecoder(bytes.NewReader(data))
	if start, err := dec.Token(); err != nil || start != json.Delim('{') {
		return ""
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return ""
		}
		if key == "id" {
			var found id
			_ = dec.Decode(&found) // what is no id is none
			return found
		}
		var skipped json.RawMessage
		if dec.Decode(&skipped) != nil {
			return ""
		}
	}
	return ""
}

// jsonTrouble says what is wrong without the names of Go types.
func jsonTrouble(err error) string {
	var kind *json.UnmarshalTypeError
	switch {
	case !errors.As(err, &kind):
		return err.Error()
	case kind.Field == "":
		return "this is no object (" + kind.Value + ")"
	default:
		return fmt.Sprintf("%q must not be of the kind %s", kind.Field, kind.Value)
	}
}

// errorLine is the answer to a line that cannot be used.
func errorLine(of id, err error) []byte {
	return jsonLine(struct {
		ID    id     `json:"id"`
		Error string `json:"error"`
	}{of, sentence(err)})
}

// jsonLine is v and a newline, nothing escaped that JSON does not ask for.
func jsonLine(v any) []byte {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(err) // only values of our own come here
	}
	return buf.Bytes()
}

// batchLine answers one line of input.
func batchLine(ctx context.Context, service *chat.Service, ln line) []byte {
	var in struct {
		ID    id     `json:"id"`
		Text  string `json:"text"`
		Title string `json:"title"`
		Date  string `json:"date"`
		URL   string `json:"url"`
	}
	of, err := decodeLine(ln, &in)
	if err != nil {
		return errorLine(of, err)
	}
	src, err := textSource(in.Text, in.Title, in.Date, in.URL)
	if err != nil {
		return errorLine(of, err)
	}
	b, err := service.Brief(ctx, chat.Scope{Platform: "cli", Private: true}, src)
	if err != nil {
		return errorLine(of, err)
	}
	out, err := brief.Line(string(of), withHeadline(b))
	if err != nil {
		return errorLine(of, err)
	}
	return out
}

// withHeadline is b with the quotations of the whole text. People are shown those
// of the story, for a headline only says again what stands below; who counts
// quotations, or compares them with those that people marked, wants all.
func withHeadline(b *brief.Briefing) *brief.Briefing {
	if b.Article.Body == 0 {
		return b
	}
	whole := *b.Analysis
	whole.Quotes = quote.Find(nlp.Parse(b.Article.Text))
	return &brief.Briefing{Article: b.Article, Analysis: &whole}
}

// textSource is an article whose text is known, and is left as it is.
func textSource(text, title, date, url string) (article.Source, error) {
	src := article.FromText(text)
	src.Verbatim = true
	src.Title, src.URL = title, url
	if date != "" {
		day, err := parseDay(date)
		if err != nil {
			return src, err
		}
		src.Date = day
	}
	return src, nil
}

// parseDay reads the day of a date, whatever time of day follows it.
func parseDay(date string) (time.Time, error) {
	day, err := time.Parse(time.DateOnly, date[:min(len(date), len(time.DateOnly))])
	if err != nil {
		return time.Time{}, fail(err, "The date %q cannot be read: write it as 2020-01-21.", date)
	}
	return day, nil
}
