package main

import (
	"context"
	"os"
	"path/filepath"

	"onrecord/article"
	"onrecord/leash/trial"
)

// leash scores the check of a language model's sentences. The gold are files of
// faithful rewordings (leash/testdata); the hostile ones are made from them and
// from the articles.
func (e *evaluation) leash(ctx context.Context) error {
	var articles []trial.Article
	for _, name := range e.files {
		a, err := e.reworded(ctx, name)
		if err != nil {
			return err
		}
		articles = append(articles, a)
	}
	parts, err := answer(ctx, e, "articles", articles, func(a trial.Article) trial.Result { return trial.Run([]trial.Article{a}) })
	if err != nil {
		return err
	}
	var all trial.Result
	for _, p := range parts {
		all.Rows = append(all.Rows, p.Rows...)
	}
	if err := keep(e, all.Rows); err != nil {
		return err
	}
	return write(e.out, []byte(all.Table()))
}

// reworded reads a file of faithful rewordings and the article that it names.
func (e *evaluation) reworded(ctx context.Context, name string) (trial.Article, error) {
	f, err := os.Open(name)
	if err != nil {
		return trial.Article{}, goldError(name, err)
	}
	defer f.Close()
	path, rewordings, err := trial.Read(f)
	if err != nil {
		return trial.Article{}, goldError(name, err)
	}
	path = filepath.Join(filepath.Dir(name), filepath.FromSlash(path))
	data, err := readFile(ctx, path)
	if err != nil {
		return trial.Article{}, fail(err, "The article %s that %s names cannot be read (%s): its first line should be a path, relative to its folder.", path, name, reason(err))
	}
	a, err := e.reader().Read(ctx, article.FromBytes(filepath.Base(path), "", data))
	if err != nil {
		return trial.Article{}, err
	}
	rewordings.Name, rewordings.Text, rewordings.Body, rewordings.Published = filepath.Base(path), a.Text, a.Body, a.Published
	return rewordings, nil
}
