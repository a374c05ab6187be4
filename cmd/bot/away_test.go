package main

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"onrecord/book"
	"onrecord/store"
)

// What is briefed while PostgreSQL is away is in the quote book when it is back,
// once, even if the process was killed in between.
func TestBriefedWhileTheDatabaseIsAway(t *testing.T) {
	database, address := ownServer(t)
	site := press(t)
	bot := serving(t, site, map[string]string{"DATABASE_URL": address, "ONRECORD_API_TOKENS": apiToken()})
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	bot.ready(ctx)
	brief := func(story string) {
		t.Helper()
		body := fmt.Sprintf(`{"url": "%s/story/%s", "remember": true}`, site.URL, story)
		if status, data, err := asks(ctx, http.DefaultClient, bot.address, "brief", body); status != http.StatusOK || err != nil {
			t.Fatalf("%s: %d, %v, %s", story, status, err, data)
		}
	}
	brief("before")
	database.Halt()
	brief("first")
	brief("first")
	bot.kill()
	bot.start()
	bot.ready(ctx)
	brief("second")
	if err := database.Start(); err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(ctx, address, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	shelf := book.Shelf{Platform: "api", Workspace: "desk"}
	said := map[string]int{}
	for len(said) < 3 && ctx.Err() == nil {
		time.Sleep(200 * time.Millisecond)
		clear(said)
		items, err := db.Book().Find(ctx, []book.Shelf{shelf}, book.Search{Kinds: []book.Kind{book.Quote}, Terms: []string{"boat"}, Most: 99})
		if err != nil && ctx.Err() == nil {
			t.Fatal(err)
		}
		for _, it := range items {
			said[it.Article.URL]++
		}
	}
	for _, story := range []string{"before", "first", "second"} {
		if n := said[site.URL+"/story/"+story]; n != 1 {
			t.Errorf("the quotation of story %s stands in the book %d times", story, n)
		}
	}
	bot.stop()
}
