// Preview draws what the bot's answers look like in Slack and in Discord, for
// whoever works on the renderers and for the documentation.
//
//	go run ./tools/preview --out DIR
//
// It runs the bot in process against the fakes of both platforms, asks what a
// newsroom asks about one of the sample articles, and writes an HTML page for
// each picture. The pages are drawn from the blocks, embeds and components that
// the adapters really sent, by this program's own idea of how the platforms
// show them, and say so: they are no pictures of Slack or Discord.
//
// A page stands by itself: it has no script, no link and no address to load
// anything from, so it can be opened without a network. What it shows is
// escaped by html/template.
//
// With --chromium (the name of a Chromium or Chrome) there is also a PNG of each
// page. Those in docs/pictures were made so, some of them chosen, and made
// smaller:
//
//	go run ./tools/preview --out DIR --chromium chromium
//	pngquant --force --ext .png --strip --nofs 32 DIR/*.png
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

func main() {
	out := flag.String("out", "", "the `folder` that the pages are written to")
	article := flag.String("article", "testdata/articles/harbour-fire.txt", "the text `file` to ask about")
	chromium := flag.String("chromium", "", "the `program` that makes pictures of the pages; none are made without it")
	scale := flag.Int("scale", 2, "pixels of a picture for one of the page")
	flag.Parse()
	if *out == "" || flag.NArg() > 0 || *scale < 1 {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(*out, *article, *chromium, *scale); err != nil {
		fmt.Fprintln(os.Stderr, "preview:", err)
		os.Exit(1)
	}
}

func run(out, file, chromium string, scale int) error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	pages, err := pagesOf(ctx, text)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	for _, p := range pages {
		html, err := p.html()
		if err != nil {
			return fmt.Errorf("%s: %w", p.Name, err)
		}
		if err := os.WriteFile(filepath.Join(out, p.Name+".html"), html, 0o644); err != nil {
			return err
		}
		if chromium == "" {
			continue
		}
		if err := picture(ctx, chromium, out, p, scale); err != nil {
			return fmt.Errorf("%s: %w", p.Name, err)
		}
	}
	return nil
}

// pagesOf asks the bot on both platforms.
func pagesOf(ctx context.Context, text []byte) ([]page, error) {
	inSlack, err := slackPages(ctx, text)
	if err != nil {
		return nil, fmt.Errorf("slack: %w", err)
	}
	inDiscord, err := discordPages(ctx, text)
	if err != nil {
		return nil, fmt.Errorf("discord: %w", err)
	}
	return append(inSlack, inDiscord...), nil
}
