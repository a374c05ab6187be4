package main

import (
	"bytes"

	"onrecord/adapters/console"
	"onrecord/chat"
)

// widest is the longest line that is easy to read.
const widest = 100

// render sets replies as text: in the width of the terminal if there is one,
// in 80 columns and without colours for everything else.
func (a *app) render(replies ...chat.Reply) ([]byte, error) {
	var out bytes.Buffer
	for i, r := range replies {
		if i > 0 {
			out.WriteString("\n\n")
		}
		if err := console.Render(&out, r, min(console.Columns(a.out), widest), console.Colours(a.out)); err != nil {
			return nil, err
		}
	}
	return out.Bytes(), nil
}
