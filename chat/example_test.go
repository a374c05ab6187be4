package chat_test

import (
	"context"
	"fmt"
	"strconv"

	"onrecord/chat"
	"onrecord/chat/chattest"
)

// A new command is a new row of the table. Whether it is about an article is
// one field: the Bot then finds out which one is meant.
func ExampleCommand() {
	words := chat.Command{
		Name:    "words",
		Usage:   "[SOURCE]",
		Summary: "how long an article is",
		Source:  true,
		Run: func(ctx context.Context, bot *chat.Bot, call *chat.Call) (chat.Reply, error) {
			found, err := bot.Service.Brief(ctx, call.Request.Scope, call.Source)
			if err != nil {
				return chat.Reply{}, err
			}
			var r chat.Reply
			r.Add(chat.Paragraph, chat.Bold(strconv.Itoa(found.Article.Words)), chat.Say(" words"))
			return r, nil
		},
	}
	bot := &chat.Bot{
		Service:  &chat.Service{Briefer: &chattest.Briefer{}, Recent: &chat.MemoryRecent{}},
		Commands: append(chat.Commands(), words),
	}
	handler := chat.Wrap(bot.Handle, chat.Wrapping{})

	ask := func(text string) {
		fmt.Print(handler(context.Background(), chat.Request{ID: "1", Scope: chat.Scope{User: "ada"}, Text: text}))
	}
	ask("words https://example.com/ferries")
	ask("words")
	ask("wrods")
	// Output:
	// 114 words
	// 114 words
	// I do not know the command “wrods”. Did you mean “words”? “help” lists all.
}
