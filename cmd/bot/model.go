package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"onrecord/article"
	"onrecord/brief"
	"onrecord/cache"
	"onrecord/chat"
	"onrecord/llm"
)

// openAI is where the language model is asked for when only a key is given.
const openAI = "https://api.openai.com/v1"

// language is the language model, nil for none.
func (a *app) language() (*llm.Client, error) {
	a.once.model.Do(func() {
		if a.Model == "" {
			return
		}
		o := llm.Options{
			URL: cmp.Or(a.ModelURL, openAI), Key: a.ModelKey, Model: a.Model,
			PerDay: a.ModelPerDay, PerUser: a.ModelPerUser, Log: a.log(),
		}
		c, err := a.cache()
		if err != nil {
			a.modelErr = err
			return
		}
		o.Counter, _ = c.(llm.Counter)
		a.model, err = llm.New(o)
		if err != nil {
			a.modelErr = usageError{"--openai-base-url: " + err.Error()}
			return
		}
		a.closers = append(a.closers, a.model.Close)
	})
	return a.model, a.modelErr
}

// words has briefings worded by the language model, nil for none.
func (a *app) words(kept cache.Cache) (*brief.Words, error) {
	if a.command == "eval" || a.command == "batch" {
		return nil, nil
	}
	model, err := a.language()
	if model == nil || err != nil {
		return nil, err
	}
	return &brief.Words{Writer: model, Cache: kept, Private: a.Private == "allow", Log: a.log()}, nil
}

// reword has the briefing of a command worded.
func (a *app) reword(ctx context.Context, service *chat.Service, src article.Source, b *brief.Briefing) (*brief.Briefing, error) {
	switch {
	case service.Words == nil:
		return nil, usageError{"--reword: there is no language model, name one with --openai-model"}
	case src.Private && !service.Words.Private:
		return nil, usageError{"--reword: what comes from a file is private and stays here: set PRIVATE_TO_SERVICES=allow to let it go to the language model"}
	}
	scope := terminalScope
	scope.Private = false // what is private is the source, if anything
	return service.Word(ctx, scope, src, b), nil
}

// checkModel says whether the language model answers.
func checkModel(ctx context.Context, a *app) finding {
	model, err := a.language()
	switch {
	case err != nil:
		return finding{wrong, "language", oneLine(err)}
	case model == nil:
		return finding{neutral, "language", "no language model: summaries are in the articles' own words; see docs/llm.md"}
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if err := model.Check(ctx); err != nil {
		return finding{wrong, "language", strings.TrimPrefix(oneLine(err), llm.ErrServer.Error()+": ") + " (" + model.Host() + "): check OPENAI_BASE_URL, OPENAI_API_KEY and OPENAI_MODEL; until then summaries are in the articles' own words"}
	}
	text := fmt.Sprintf("%s at %s answers; at most %d requests a day, %d a person", a.Model, model.Host(), a.ModelPerDay, a.ModelPerUser)
	if a.Private == "allow" {
		text += "; what is private goes there too"
	}
	return finding{fine, "language", text}
}
