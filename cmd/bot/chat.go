package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"onrecord/adapters/console"
	"onrecord/chat"
)

type chatCommand struct{}

// Run talks in the terminal until the person leaves.
func (chatCommand) Run(ctx context.Context, a *app) error {
	bot, err := a.bot(ctx)
	if err != nil {
		return err
	}
	talk := &console.Console{
		In:     a.in,
		Out:    a.out,
		Colour: console.Colours(a.out),
		Open:   func(path string) (chat.File, error) { return openFile(ctx, path) },
		Save:   saveFile,
	}
	for _, c := range chat.Commands() {
		talk.Commands = append(talk.Commands, c.Name)
	}
	return talk.Run(ctx, chat.Wrap(bot.Handle, chat.Wrapping{Log: a.log()}))
}

// openFile opens a file for the person at the terminal, whose machine this is.
func openFile(ctx context.Context, path string) (chat.File, error) {
	data, err := readFile(ctx, path)
	if err != nil {
		return chat.File{}, err
	}
	return chat.File{Name: filepath.Base(path), Data: data}, nil
}

// saveFile keeps an export in the folder where the bot was started, under a
// name that is not taken.
func saveFile(f chat.File) (string, error) {
	name := filepath.Base(f.Name)
	ext := filepath.Ext(name)
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		file, err = os.CreateTemp(".", name[:len(name)-len(ext)]+"-*"+ext)
	}
	if err != nil {
		return "", err
	}
	if _, err := file.Write(f.Data); err != nil {
		file.Close()
		return "", err
	}
	return file.Name(), file.Close()
}
