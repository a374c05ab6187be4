package chat

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"onrecord/article"
)

// Command is one thing that people can ask for: a row of the table.
type Command struct {
	Name    string   // lower case, one word
	Aliases []string // other words for it
	Usage   string   // what may follow the name: "[SOURCE] [by SPEAKER]"
	Summary string   // one line for the help
	Details []string // more of it, a line each, for "help NAME"
	Options []Option // the words that it understands after the source
	// Bare names the option that a whole number without a word stands for, as
	// in "claim 3"; empty for none.
	Bare string
	// Lead names the option that words in front of all options stand for, as in
	// "said Meyer about asylum"; empty for none.
	Lead string
	// Hidden keeps the command out of the list of help: a button types it.
	Hidden bool
	// Source says that the command is about an article. The Bot then finds out
	// which before Run is called.
	Source bool
	// Words says that any words may follow: they are what the command is about.
	Words bool
	Run   func(ctx context.Context, bot *Bot, call *Call) (Reply, error)
}

// Option is a word of a command's arguments that means something, with what
// may follow it.
type Option struct {
	Name    string // "by"
	Meaning string // for the help: "of one speaker only"
	Takes   Takes
	// Suggests says that names of speakers can be offered while it is typed.
	Suggests bool
}

// Takes is what follows the word of an option.
type Takes string

// What can follow. Words go on until the next option.
const (
	Nothing Takes = "nothing"
	Words   Takes = "words"
	Count   Takes = "count" // a whole number from 1
	Rest    Takes = "rest"  // everything to the end, other options' names too
)

// Call is a request that was understood.
type Call struct {
	Request Request
	Command *Command
	Options map[string]string // by Option.Name; "" for options that take nothing
	Rest    string            // words that belong to nothing, for commands without a source

	Settings Settings // of the workspace that the request comes from

	// Of a command about an article:
	Source article.Source
	Handle string // of an article that was remembered, empty otherwise
	Named  string // why this article, when nobody named it: "the last article you asked about"
	Note   string // what the asker should know of how the request was read
}

// Option returns what was said after the option's name, and whether it was
// there at all.
func (c *Call) Option(name string) (string, bool) {
	v, ok := c.Options[name]
	return v, ok
}

// Count returns the number after an option, or def. It was checked when the
// arguments were read.
func (c *Call) Count(name string, def int) int {
	if n, err := strconv.Atoi(c.Options[name]); err == nil {
		return n
	}
	return def
}

// Refusal is an error that says in a sentence for people why a request was
// not done and what to do instead.
type Refusal struct{ Text string }

func (r *Refusal) Error() string { return r.Text }

// Sentence is the text.
func (r *Refusal) Sentence() string { return r.Text }

func refuse(format string, args ...any) error {
	return &Refusal{Text: fmt.Sprintf(format, args...)}
}

// find returns the command with that name or alias, nil if there is none.
func find(table []Command, word string) *Command {
	word = strings.ToLower(word)
	for i, c := range table {
		if c.Name == word || slices.Contains(c.Aliases, word) {
			return &table[i]
		}
	}
	return nil
}

// nearest returns the name of the command that a mistyped word most likely
// meant, "" if none is near. One slip in three letters is near.
func nearest(table []Command, word string) string {
	word = strings.ToLower(word)
	if len(word) < 3 || len(word) > 20 {
		return ""
	}
	best, bestDistance := "", 1+max(len([]rune(word))/3, 1)
	for _, c := range table {
		for _, name := range append([]string{c.Name}, c.Aliases...) {
			if d := distance(word, name); len(name) >= 3 && d < bestDistance {
				best, bestDistance = c.Name, d
			}
		}
		if strings.HasPrefix(c.Name, word) && bestDistance > 1 {
			best, bestDistance = c.Name, 1
		}
	}
	return best
}

// distance is the Damerau-Levenshtein distance (optimal string alignment):
// how many letters to add, drop, change or swap with a neighbour.
func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	two, one := make([]int, len(t)+1), make([]int, len(t)+1)
	for j := range one {
		one[j] = j
	}
	for i := 1; i <= len(s); i++ {
		row := make([]int, len(t)+1)
		row[0] = i
		for j := 1; j <= len(t); j++ {
			cost := 1
			if s[i-1] == t[j-1] {
				cost = 0
			}
			row[j] = min(one[j]+1, row[j-1]+1, one[j-1]+cost)
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				row[j] = min(row[j], two[j-2]+1)
			}
		}
		two, one = one, row
	}
	return one[len(t)]
}

// arguments are the words after a command, sorted out.
type arguments struct {
	source  string // a link, a handle, a path, or "" when none is named
	options map[string]string
	rest    string // what is neither; for "brief" that is text to brief
}

// arguments sorts the words after a command's name: the first one is the
// source if it looks like one, then come options, each with its words. In an
// option's words, quotation marks group nothing and are dropped at the ends.
func (c *Command) arguments(text string) (arguments, error) {
	a := arguments{options: map[string]string{}}
	words := strings.Fields(text)
	if c.Source && len(words) > 0 && (isLink(words[0]) || isHandle(words[0]) || isPath(words[0])) {
		a.source = words[0]
		words = words[1:]
	}
	for i := 0; i < len(words); {
		option := c.option(words[i])
		if n, err := strconv.Atoi(words[i]); err == nil && n > 0 && n <= 10_000 && c.Bare != "" && a.options[c.Bare] == "" {
			a.options[c.Bare] = strconv.Itoa(n)
			i++
			continue
		}
		if option == nil && c.Lead != "" && len(a.options) == 0 {
			from := i
			for i < len(words) && c.option(words[i]) == nil {
				i++
			}
			if lead := strings.Trim(strings.Join(words[from:i], " "), `"'“”‘’„«»`); lead != "" {
				a.options[c.Lead] = lead
			}
			continue
		}
		if option == nil {
			// The source may also stand after the options.
			if c.Source && a.source == "" && len(a.options) > 0 && i == len(words)-1 && (isLink(words[i]) || isHandle(words[i])) {
				a.source = words[i]
				break
			}
			a.rest = strings.Join(words[i:], " ")
			break
		}
		name := words[i]
		i++
		if _, twice := a.options[option.Name]; twice {
			return a, refuse("“%s” stands there twice: once is enough.", option.Name)
		}
		switch option.Takes {
		case Nothing:
			a.options[option.Name] = ""
		case Count:
			if i == len(words) {
				return a, refuse("A number is missing after “%s”, as in “%s %s 5”.", name, c.Name, option.Name)
			}
			n, err := strconv.Atoi(words[i])
			if err != nil || n < 1 || n > 10_000 {
				return a, refuse("After “%s” comes a whole number from 1, as in “%s %s 5”.", name, c.Name, option.Name)
			}
			a.options[option.Name] = strconv.Itoa(n)
			i++
		case Rest:
			a.options[option.Name] = strings.Join(words[i:], " ")
			i = len(words)
		default:
			from := i
			for i < len(words) && (i == from || c.option(words[i]) == nil) {
				if i > from && i == len(words)-1 && c.Source && a.source == "" && (isLink(words[i]) || isHandle(words[i])) {
					break
				}
				i++
			}
			value := strings.Trim(strings.Join(words[from:i], " "), `"'“”‘’„«»`)
			if value == "" {
				return a, refuse("Something is missing after “%s”: %s", name, c.usage())
			}
			a.options[option.Name] = value
		}
	}
	return a, nil
}

func (c *Command) option(word string) *Option {
	word = strings.ToLower(word)
	for i, o := range c.Options {
		if o.Name == word {
			return &c.Options[i]
		}
	}
	return nil
}

func (c *Command) usage() string {
	return strings.TrimSpace(c.Name + " " + c.Usage)
}

// isLink reports whether a word is a web address as people type one. It need
// not be a good one: whoever reads it says what is wrong with it.
func isLink(word string) bool {
	word = strings.Trim(word, "<>")
	if scheme, rest, ok := strings.Cut(word, "://"); ok {
		return scheme != "" && rest != "" && !strings.ContainsFunc(scheme, func(r rune) bool {
			return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("+-.", r)
		})
	}
	if hasScheme(word, "file") || hasScheme(word, "data") || hasScheme(word, "javascript") {
		return true
	}
	if isPath(word) {
		return false
	}
	host, path, _ := strings.Cut(word, "/")
	host, port, _ := strings.Cut(host, ":")
	if port != "" && strings.ContainsFunc(port, func(r rune) bool { return !unicode.IsDigit(r) }) {
		return false
	}
	// Without a scheme: "example.com/story". A single dotted word in the
	// middle of a text ("U.S.", "end.Next") is none unless a path follows or
	// its last part could be a top-level domain.
	labels := strings.Split(host, ".")
	if len(labels) < 2 {
		return false
	}
	for _, l := range labels {
		if l == "" || strings.ContainsFunc(l, func(r rune) bool { return r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			return false
		}
	}
	tld := labels[len(labels)-1]
	if len(tld) < 2 || !unicode.IsLetter(rune(tld[0])) && tld[0] < 0x80 {
		return false
	}
	return path != "" || strings.ToLower(host) == host
}

func hasScheme(word, scheme string) bool {
	return len(word) > len(scheme) && strings.EqualFold(word[:len(scheme)+1], scheme+":")
}

// isPath reports whether a word names a file: something that chat never opens.
func isPath(word string) bool {
	lower := strings.ToLower(word)
	switch {
	case strings.HasPrefix(word, "/") && len(word) > 1,
		strings.HasPrefix(word, "./"), strings.HasPrefix(word, "../"), strings.HasPrefix(word, "~/"),
		strings.HasPrefix(word, `\\`), strings.HasPrefix(word, `.\`), strings.HasPrefix(word, `..\`),
		len(word) > 2 && word[1] == ':' && (word[2] == '\\' || word[2] == '/') && unicode.IsLetter(rune(word[0])):
		return true
	case strings.Contains(word, "://"):
		return false
	}
	// "notes.txt" is no host: none of these is a top-level domain. "notes.md" could be one.
	for _, end := range []string{".txt", ".pdf", ".docx", ".doc", ".html", ".htm", ".odt", ".rtf"} {
		if !strings.HasSuffix(lower, end) || len(lower) == len(end) {
			continue
		}
		// A file, or a folder and a file, but not a host and a page.
		first, _, nested := strings.Cut(lower, "/")
		return !nested || !strings.Contains(first, ".")
	}
	return false
}

// linksIn are the addresses with a scheme in a text, in order, each once.
func linksIn(text string) []string {
	var links []string
	for word := range strings.FieldsSeq(text) {
		i := strings.Index(word, "https://")
		if j := strings.Index(word, "http://"); i < 0 || j >= 0 && j < i {
			i = j
		}
		if i < 0 {
			continue
		}
		link := word[i:]
		// What stands around an address is not part of it; a closing bracket
		// is when its opening one is.
		for {
			last := link[len(link)-1]
			if strings.IndexByte(`.,;:!?'"*>]`, last) >= 0 ||
				last == ')' && strings.Count(link, "(") < strings.Count(link, ")") {
				link = link[:len(link)-1]
				continue
			}
			if t := strings.TrimRight(link, "”’»…"); t != link {
				link = t
				continue
			}
			break
		}
		if rest := link[strings.Index(link, "://")+3:]; rest != "" && !slices.Contains(links, link) {
			links = append(links, link)
		}
	}
	return links
}
