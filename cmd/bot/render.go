package main

import "onrecord/chat"

// render sets replies as text for a terminal.
func (a *app) render(replies ...chat.Reply) []byte {
	var out []byte
	for i, r := range replies {
		if i > 0 {
			out = append(out, '\n')
		}
		out = append(out, r.String()...)
	}
	return out
}
