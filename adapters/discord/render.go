package discord

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/bwmarrin/discordgo"

	"onrecord/chat"
)

// Limits of Discord that a message is kept within. Discord does not say whether
// it counts code points or UTF-16 units; we count UTF-16 units, of which there
// are never fewer.
const (
	maxContent     = 2000
	maxDescription = 4096
	maxRows        = 5
	maxRow         = 5
	maxOptions     = 25
	maxLabel       = 80
	maxOption      = 100
	maxCustomID    = 100
	maxThreadName  = 100
	maxFile        = 10 << 20
	maxFiles       = 10
)

// maxLink is the longest address that is put behind a word. Addresses of
// passages hold the words of the passage and can be longer than is useful.
const maxLink = 1500

// outgoing is a message as it goes out: on its own, as a follow-up, or as an
// edit of another message.
//
// A reply is shown in embeds, one in a message. Nothing in an embed pings, its
// links are not unfurled, it takes 4096 characters, so that a quotation which
// content would cut stays whole, and a deferred answer can be edited into it
// without the flag that components V2 need on that very edit. Every field goes
// out, also when empty: in an edit, what is not there stays as it was.
type outgoing struct {
	Content         string                            `json:"content"`
	Embeds          []*discordgo.MessageEmbed         `json:"embeds"`
	Components      []discordgo.MessageComponent      `json:"components"`
	AllowedMentions *discordgo.MessageAllowedMentions `json:"allowed_mentions"`
	Flags           discordgo.MessageFlags            `json:"flags"`
	Attachments     []attachment                      `json:"attachments"`

	// Of messages in a channel only.
	Nonce        string                      `json:"nonce,omitempty"`
	EnforceNonce bool                        `json:"enforce_nonce,omitempty"`
	Reference    *discordgo.MessageReference `json:"message_reference,omitempty"`

	files []chat.File
}

// attachment tells Discord about a file that comes with the message.
type attachment struct {
	ID       string `json:"id"`
	Filename string `json:"filename"`
}

// nobody is whom our messages may ping. It goes with every send and every edit:
// an edit without it would be read with the defaults.
func nobody() *discordgo.MessageAllowedMentions {
	return &discordgo.MessageAllowedMentions{Parse: []discordgo.AllowedMentionType{}}
}

// newMessage is a message without words.
func newMessage() outgoing {
	return outgoing{Embeds: []*discordgo.MessageEmbed{}, Components: []discordgo.MessageComponent{}, Attachments: []attachment{}, AllowedMentions: nobody()}
}

// sentence is a message of our own words.
func sentence(s string) outgoing {
	m := newMessage()
	m.Content = cutTo(escape(clean(s)), maxContent)
	return m
}

// keeper keeps an action that does not fit into an identifier, and gives the
// short name that it is found by.
type keeper func(a chat.Action) (id string)

// render turns a reply into messages, within all limits. At most so many are
// made (0: any number): what is left goes into a file with the last.
func render(r chat.Reply, keep keeper, most int) []outgoing {
	texts := flow(r.Blocks, maxDescription)
	files := fitting(r.Files)
	if most > 0 && len(texts) > most {
		// Set again with room for a note: cutting a text that is set could cut
		// its marks.
		const note = "\n\n-# The whole answer is in the file."
		texts = flow(r.Blocks, maxDescription-len(note))[:most]
		texts[most-1] += note
		files = append([]chat.File{{Name: "answer.txt", ContentType: "text/plain; charset=utf-8", Data: []byte(cleanLines(r.String()))}}, files...)
	}
	if len(files) > maxFiles {
		files = files[:maxFiles]
	}
	messages := make([]outgoing, 0, len(texts))
	for _, text := range texts {
		m := newMessage()
		m.Embeds = append(m.Embeds, &discordgo.MessageEmbed{Description: text})
		messages = append(messages, m)
	}
	if len(messages) == 0 {
		m := newMessage()
		if len(files) == 0 {
			m.Content = "Done."
		}
		messages = append(messages, m)
	}
	last := &messages[len(messages)-1]
	last.attach(files)
	last.Components = components(r.Actions, keep)
	if len(last.Embeds) > 0 && r.Page.Of > 1 {
		last.Embeds[0].Footer = &discordgo.MessageEmbedFooter{Text: "Page " + strconv.Itoa(r.Page.Number) + " of " + strconv.Itoa(r.Page.Of)}
	}
	return messages
}

// renderPlain is a reply without embeds and components, for where Discord
// refuses those.
func renderPlain(r chat.Reply) []outgoing {
	var messages []outgoing
	for _, text := range flow(r.Blocks, maxContent) {
		m := newMessage()
		m.Content = text
		m.Flags = discordgo.MessageFlagsSuppressEmbeds
		messages = append(messages, m)
	}
	if len(messages) == 0 {
		messages = append(messages, sentence("Done."))
	}
	return messages
}

// fitting are the files that Discord takes. Their names are labels.
func fitting(files []chat.File) []chat.File {
	var out []chat.File
	for _, f := range files {
		if len(f.Data) > 0 && len(f.Data) <= maxFile {
			f.Name = fileName(f.Name)
			out = append(out, f)
		}
	}
	return out
}

// fileName is a name that leads nowhere and breaks no header.
func fileName(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case r == '.' || r == '-' || r == '_', r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			return r
		}
		return '_'
	}, clean(name))
	if name = strings.TrimLeft(name, "."); name == "" {
		return "file"
	}
	if over := len(name) - maxOption; over > 0 {
		name = name[over:] // the end says what kind of file it is
	}
	return name
}

func (m *outgoing) attach(files []chat.File) {
	m.files = files
	for i, f := range files {
		m.Attachments = append(m.Attachments, attachment{ID: strconv.Itoa(i), Filename: f.Name})
	}
}

// flow sets blocks as Markdown and cuts them into texts of at most so many
// characters. A block is only cut where it does not fit into one, a quotation
// only where it does not fit by itself.
func flow(blocks []chat.Block, limit int) []string {
	var texts []string
	text := ""
	end := func() {
		if t := strings.Trim(text, " \n"); t != "" {
			texts = append(texts, t)
		}
		text = ""
	}
	put := func(gap, s string) {
		if text == "" {
			text = s
			return
		}
		if longer := join(text, gap+s); width(longer) <= limit {
			text = longer
			return
		}
		end()
		text = s
	}
	var before chat.Role
	for _, group := range together(blocks) {
		set := make([]setBlock, 0, len(group))
		whole, first := "", "" // what goes together, and the gap before it
		for i, b := range group {
			one := blockOf(b)
			one.gap = gapOf(before, b.Role)
			before = b.Role
			one.line = one.String()
			if one.passage != "" && width(one.line)+width(one.passage) <= limit {
				one.line += one.passage
			}
			set = append(set, one)
			switch {
			case i == 0:
				whole, first = one.line, one.gap
			case strings.TrimSpace(one.line) != "":
				whole = join(whole, one.gap+one.line)
			}
		}
		if text != "" && width(join(text, first+whole)) > limit && width(whole) <= limit {
			end()
		}
		for i, b := range set {
			switch {
			case strings.TrimSpace(b.line) == "", text == "" && group[i].Role == chat.Divider:
			case width(b.line) <= limit:
				put(b.gap, b.line)
			default:
				for _, piece := range b.pieces(limit) {
					put(b.gap, piece)
					b.gap = ""
				}
			}
		}
	}
	end()
	return texts
}

// together parts blocks into those that stay in one message if it holds them: a
// heading and what it is above, an item and its details.
func together(blocks []chat.Block) [][]chat.Block {
	var groups [][]chat.Block
	for i, b := range blocks {
		if i > 0 {
			switch before := blocks[i-1].Role; {
			case b.Role == chat.Detail, before == chat.Heading, before == chat.Subheading, before == chat.Divider:
				last := &groups[len(groups)-1]
				*last = append(*last, b)
				continue
			}
		}
		groups = append(groups, []chat.Block{b})
	}
	return groups
}

// gapOf is what stands between two blocks.
func gapOf(before, role chat.Role) string {
	switch role {
	case chat.Subheading, chat.Paragraph, chat.Divider, chat.Note:
		if before != role && !(role == chat.Paragraph && before == chat.Subheading) {
			return "\n\n"
		}
	case chat.Item:
		if before != chat.Item && before != chat.Subheading {
			return "\n\n"
		}
	case chat.Heading:
		return "\n\n"
	}
	return "\n"
}

// setBlock is a block with the marks of its role.
type setBlock struct {
	mark    string // before the words
	bold    bool
	runs    []chat.Run
	passage string

	gap, line string // what stands before it, and all of it with the passage
}

func blockOf(b chat.Block) setBlock {
	set := setBlock{runs: b.Text}
	switch b.Role {
	case chat.Heading, chat.Subheading:
		set.bold = !slices.ContainsFunc(b.Text, func(r chat.Run) bool { return r.Style == chat.Strong })
	case chat.Item:
		set.mark = "• "
		if b.Number > 0 {
			set.mark = "**" + strconv.Itoa(b.Number) + "** "
		}
	case chat.Meta, chat.Detail, chat.Note:
		set.mark = "-# " // small print: what we add looks different from what it is about
	case chat.Divider:
		return setBlock{mark: "───────"}
	}
	if link := target(b.Passage); link != "" {
		set.passage = " [passage](" + link + ")"
	}
	return set
}

// String is the block in one piece, without the passage.
func (s setBlock) String() string {
	body := ""
	for _, run := range s.runs {
		body = join(body, s.set(run, run.Text)) + hostLink(run)
	}
	body = strings.TrimSpace(body)
	if s.mark == "" {
		body = atLineStart(body)
	}
	return s.mark + body
}

// pieces is a block that has to be cut: its words, and its quotations whole
// where they can be.
func (s setBlock) pieces(limit int) []string {
	out := []string{}
	first := s.mark
	add := func(piece string) {
		if first == "" && len(out) == 0 {
			piece = atLineStart(strings.TrimLeft(piece, " "))
		}
		if strings.TrimSpace(piece) == "" && len(out) == 0 {
			return
		}
		out = append(out, first+piece)
		first = ""
	}
	for _, run := range s.runs {
		if whole := s.set(run, run.Text); run.Style == chat.Quoted && width(first)+width(whole) <= limit {
			add(whole)
			continue
		}
		for _, word := range wordsOf(clean(run.Text)) {
			for word != "" {
				// A word longer than any line is cut; each half then stands
				// in its own message.
				n := len(word)
				for width(first)+width(s.set(run, word[:n])) > limit {
					n = shorter(word, n/2)
				}
				if n < len(word) {
					n = longest(word, n, func(part string) bool { return width(first)+width(s.set(run, part)) <= limit })
				}
				add(s.set(run, word[:n]))
				word = word[n:]
			}
		}
		if link := hostLink(run); link != "" && width(link) <= limit {
			add(link)
		}
	}
	if s.passage != "" && width(s.passage) <= limit {
		add(s.passage)
	}
	return out
}

// join puts one piece of Markdown behind another. Where an emphasis ends and
// the next one of its kind begins, it goes on instead: four stars in a row would
// mean something else.
func join(a, b string) string {
	for _, mark := range []string{"**", "`"} {
		before, ends := strings.CutSuffix(a, mark)
		if ends && strings.HasPrefix(b, mark) && !escapesNext(before) && strings.TrimRight(a, mark[:1]) != "" {
			return before + b[len(mark):]
		}
	}
	return a + b
}

// escapesNext reports whether what follows the Markdown s is escaped: an odd number of
// backslashes ends it.
func escapesNext(s string) bool {
	return (len(s)-len(strings.TrimRight(s, `\`)))%2 == 1
}

// wordsOf cuts a text after its spaces.
func wordsOf(text string) []string {
	return strings.SplitAfter(text, " ")
}

// shorter is the largest place at or before n where a text may be cut: between
// two characters, and not before what is put on top of one, if there is such a
// place near.
func shorter(text string, n int) int {
	const near = 64
	for m := n; m > 0 && n-m < near; m-- {
		if boundary(text, m) {
			return m
		}
	}
	for m := n; m > 0; m-- {
		if m == len(text) || utf8.RuneStart(text[m]) {
			return m
		}
	}
	_, first := utf8.DecodeRuneInString(text)
	return first
}

func boundary(text string, n int) bool {
	if n >= len(text) {
		return true
	}
	if text[n]&0xC0 == 0x80 {
		return false
	}
	for _, r := range text[n:] {
		return r != '\u200d' && !unicode.In(r, unicode.Mn, unicode.Me, unicode.Mc)
	}
	return true
}

// longest is the largest place from n on up to which a text fits.
func longest(text string, n int, fits func(string) bool) int {
	lo, hi := n, len(text)
	for lo < hi {
		mid := (lo + hi + 1) / 2
		if fits(text[:mid]) {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	if at := shorter(text, lo); at > n {
		return at
	}
	return n
}

// set writes a run, or a part of it, as Markdown.
func (s setBlock) set(run chat.Run, text string) string {
	text = clean(text)
	inner := strings.TrimSpace(text)
	if inner == "" {
		if text != "" {
			return " "
		}
		return ""
	}
	lead, trail := "", ""
	if strings.HasPrefix(text, " ") {
		lead = " "
	}
	if strings.HasSuffix(text, " ") {
		trail = " "
	}
	switch {
	case run.Style == chat.Typed && !strings.ContainsAny(inner, "`\\<@"):
		return lead + "`" + inner + "`" + trail
	case run.Style == chat.Strong || s.bold && run.Style == chat.Plain:
		return lead + "**" + escape(inner) + "**" + trail
	}
	return lead + escape(inner) + trail
}

// hostLink is the address that a run leads to, behind the name of its host.
// The run's own words do not hide it: they are a stranger's and could name
// another site.
func hostLink(run chat.Run) string {
	link := target(run.Link)
	if link == "" {
		return ""
	}
	u, err := url.Parse(link)
	if err != nil || u.Host == "" {
		return ""
	}
	return " ([" + escape(clean(u.Host)) + "](" + link + "))"
}

// target is an address as it may stand in a link, empty if it may not: http or
// https, nothing that ends the link early.
func target(link string) string {
	if link == "" || len(link) > maxLink {
		return ""
	}
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return ""
	}
	var w strings.Builder
	for _, c := range []byte(u.String()) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte("()<>[]\\`\"*|{}^", c) >= 0 {
			w.WriteString("%" + strings.ToUpper(strconv.FormatUint(uint64(c)+0x100, 16)[1:]))
			continue
		}
		w.WriteByte(c)
	}
	// A host that needed this (an IPv6 address, say) is no host any more.
	again, err := url.Parse(w.String())
	if err != nil || again.Host != u.Host || w.Len() > maxLink {
		return ""
	}
	return w.String()
}

// clean makes a text of a stranger one line of characters that can be seen.
// Everything that controls something (the direction of writing, too) is
// dropped; runs of white space become one space.
func clean(s string) string {
	var w strings.Builder
	space := false
	for _, r := range strings.ToValidUTF8(s, "\uFFFD") {
		switch {
		case unicode.IsSpace(r):
			if !space {
				w.WriteByte(' ')
			}
			space = true
			continue
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d':
			continue
		}
		space = false
		w.WriteRune(r)
	}
	return w.String()
}

// cleanLines is clean for a text whose lines stay.
func cleanLines(s string) string {
	var w strings.Builder
	for line := range strings.Lines(s) {
		w.WriteString(strings.TrimSpace(clean(line)) + "\n")
	}
	return w.String()
}

// marks are the characters that may mean something in Discord's Markdown: they
// get a backslash. The colon is among them because it makes emoji and bare
// links.
const marks = "\\*_~|>#-+[]()@:<`"

// escape makes a clean text mean nothing but itself.
func escape(s string) string {
	var w strings.Builder
	for _, r := range quiet(s) {
		if r < 0x80 && strings.IndexByte(marks, byte(r)) >= 0 {
			w.WriteByte('\\')
		}
		w.WriteRune(r)
	}
	return w.String()
}

// quiet puts a zero-width space into @everyone and @here.
func quiet(s string) string {
	if !strings.Contains(s, "@") {
		return s
	}
	var w strings.Builder
	for i, r := range s {
		w.WriteRune(r)
		if r != '@' {
			continue
		}
		rest := s[i+1:]
		for _, all := range []string{"everyone", "here"} {
			if len(rest) >= len(all) && strings.EqualFold(rest[:len(all)], all) {
				w.WriteRune('\u200b')
			}
		}
	}
	return w.String()
}

// atLineStart takes the meaning from a number with a dot, which would begin a
// list.
func atLineStart(s string) string {
	digits := 0
	for digits < len(s) && s[digits] >= '0' && s[digits] <= '9' {
		digits++
	}
	if digits > 0 && digits < len(s) && s[digits] == '.' {
		return s[:digits] + "\\" + s[digits:]
	}
	return s
}

// width is the length of a text as Discord may count it.
func width(s string) int {
	n := 0
	for _, r := range s {
		n += max(utf16.RuneLen(r), 1)
	}
	return n
}

// cutTo shortens a text to so many characters. A backslash stays with what it
// stands before.
func cutTo(s string, limit int) string {
	if width(s) <= limit {
		return s
	}
	n, end, escaped := 0, 0, false
	for i, r := range s {
		if !escaped && n <= limit-1 && boundary(s, i) {
			end = i
		}
		escaped = r == '\\' && !escaped
		if n += max(utf16.RuneLen(r), 1); n > limit {
			break
		}
	}
	return strings.TrimRight(s[:end], " ") + "…"
}
