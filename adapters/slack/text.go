package slack

import (
	"slices"
	"strings"

	"onrecord/adapters/slack/internal/blockkit"
)

// readable turns what Slack sends of a message into what its writer sees:
// links as their addresses, mentions as names, entities as characters. The
// mention of bot is taken out. links are the web addresses, each once.
func readable(s, bot string) (text string, links []string) {
	var w strings.Builder
	for s != "" {
		i := strings.IndexByte(s, '<')
		if i < 0 {
			w.WriteString(blockkit.Unescape(s))
			break
		}
		w.WriteString(blockkit.Unescape(s[:i]))
		s = s[i:]
		end := strings.IndexByte(s, '>')
		if end < 0 {
			w.WriteString(blockkit.Unescape(s))
			break
		}
		inside := s[1:end]
		if strings.Contains(inside, "<") {
			w.WriteByte('<') // that one was meant
			s = s[1:]
			continue
		}
		s = s[end+1:]
		what, label, labelled := strings.Cut(inside, "|")
		what, label = blockkit.Unescape(what), blockkit.Unescape(label)
		switch {
		case what == "":
		case bot != "" && what == "@"+bot:
		case what[0] == '@' || what[0] == '#':
			if labelled && label != "" {
				w.WriteString(what[:1] + strings.TrimLeft(label, "@#"))
			} else {
				w.WriteString(what)
			}
		case what[0] == '!':
			switch name, _, _ := strings.Cut(what[1:], "^"); {
			case labelled && label != "":
				w.WriteString(label)
			default:
				w.WriteString("@" + name)
			}
		case strings.HasPrefix(what, "http://"), strings.HasPrefix(what, "https://"):
			w.WriteString(what)
			if !slices.Contains(links, what) {
				links = append(links, what)
			}
		case strings.HasPrefix(what, "mailto:"), strings.HasPrefix(what, "tel:"):
			if label == "" {
				_, label, _ = strings.Cut(what, ":")
			}
			w.WriteString(label)
		default:
			w.WriteString(what)
		}
	}
	return strings.TrimSpace(w.String()), links
}
