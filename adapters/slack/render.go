package slack

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"onrecord/adapters/slack/internal/blockkit"
	"onrecord/chat"
)

// message is what goes out at once.
type message struct {
	blocks []slack.Block
	text   string // all of it as plain text, not escaped
}

const (
	// budget is the text of one message, in code points: addresses count too.
	// It stays away from what Slack refuses.
	budget = 11_500
	// messageLimit is the same with the actions below.
	messageLimit = 12_000
	// blockBudget leaves room for two rows of actions.
	blockBudget = blockkit.MessageBlocks - 3
	// fewest is the room, in code points, that is worth beginning a line in
	// which goes on in the next message.
	fewest = 400
	// shortText is how much of a message stands in notifications.
	shortText = 3000
	// optionValue is shorter than the limit of the specification: sources differ.
	optionValue = 75
)

// render sets a reply in messages within Slack's limits. A list that is too
// long for one message goes on in the next. What is quoted stays whole unless
// it is longer than any message.
//
// Nothing in a message is markup: words stand in rich_text and plain_text,
// where Slack reads neither mentions nor links.
func render(r chat.Reply) []message {
	var p packer
	lines := linesOf(r.Blocks)
	for i := 0; i < len(lines); {
		// What belongs to an item stays with it if possible.
		end := i + 1
		for lines[i].kind == richLine && end < len(lines) && lines[end].detail {
			end++
		}
		p.add(lines[i:end])
		i = end
	}
	p.flush()
	p.actions(r.Actions)
	return p.messages
}

type lineKind int

const (
	richLine lineKind = iota
	headerLine
	contextLine
	dividerLine
)

// line is a block of a reply, ready to be set.
type line struct {
	kind   lineKind
	detail bool // goes below the line before it, as a point of a list
	level  int  // of a detail: 1 for what belongs to the detail above it
	spans  []span
}

// span is a run of cleaned text.
type span struct {
	text  string
	style slack.RichTextSectionTextStyle
	link  string
	whole bool // not to be cut
}

func (s span) cost() int { return utf8.RuneCountInString(s.text) + len(s.link) }

func (l line) cost() int {
	n := 1 // the line break
	n += utf8.RuneCountInString(l.mark())
	for _, s := range l.spans {
		n += s.cost()
	}
	return n
}

func (l line) String() string {
	if l.kind == dividerLine {
		return "--"
	}
	var w strings.Builder
	w.WriteString(l.mark())
	for _, s := range l.spans {
		w.WriteString(s.text)
	}
	return w.String()
}

// mark is what stands before a detail where there is only text.
func (l line) mark() string {
	switch {
	case !l.detail:
		return ""
	case l.level > 0:
		return "    · "
	default:
		return "    "
	}
}

func linesOf(blocks []chat.Block) []line {
	var lines []line
	for _, b := range blocks {
		if b.Role == chat.Divider {
			lines = append(lines, line{kind: dividerLine})
			continue
		}
		l := line{spans: spansOf(b)}
		if len(l.spans) == 0 {
			continue
		}
		// Header and context show neither links nor what is to be typed.
		plain := !slices.ContainsFunc(l.spans, func(s span) bool { return s.link != "" || s.style.Code })
		size := l.cost()
		switch b.Role {
		case chat.Heading:
			if plain && size <= blockkit.Header {
				l.kind = headerLine
				break
			}
			embolden(l.spans)
		case chat.Subheading:
			if !slices.ContainsFunc(l.spans, func(s span) bool { return s.style.Bold }) {
				embolden(l.spans)
			}
		case chat.Meta, chat.Note:
			if plain && size <= blockkit.Text {
				l.kind = contextLine
			}
		case chat.Item:
			mark := "• "
			if b.Number > 0 {
				mark = fmt.Sprintf("%d. ", b.Number)
			}
			number := span{text: mark}
			number.style.Bold = b.Number > 0
			l.spans = append([]span{number}, l.spans...)
		case chat.Detail:
			l.detail = true
			if rest, point := strings.CutPrefix(l.spans[0].text, "· "); point && rest != "" {
				l.level, l.spans[0].text = 1, rest // the list has points of its own
			}
		}
		if address := webAddress(b.Passage); address != "" && l.kind == richLine && l.cost()+len(address)+20 <= budget {
			l.spans = append(l.spans, span{text: " "}, span{text: "passage", link: address})
		}
		lines = append(lines, l)
	}
	return lines
}

func embolden(spans []span) {
	for i := range spans {
		spans[i].style.Bold = true
	}
}

// spansOf is the text of a block without what does not show.
func spansOf(b chat.Block) []span {
	var spans []span
	begin, space := true, false // at the beginning, after a space
	for _, run := range b.Text {
		s := span{text: clean(run.Text), link: webAddress(run.Link), whole: run.Style == chat.Quoted}
		if begin || space {
			s.text = strings.TrimLeft(s.text, " ")
		}
		if s.text == "" {
			continue
		}
		begin, space = false, strings.HasSuffix(s.text, " ")
		switch run.Style {
		case chat.Strong:
			s.style.Bold = true
		case chat.Inserted:
			s.style.Italic = true
		case chat.Typed:
			s.style.Code = true
		}
		spans = append(spans, s)
	}
	if n := len(spans); n > 0 {
		spans[n-1].text = strings.TrimRight(spans[n-1].text, " ")
		if spans[n-1].text == "" {
			spans = spans[:n-1]
		}
	}
	return spans
}

// clean takes out what a text of a stranger could do where it is shown:
// control characters and characters that nobody sees, direction overrides
// among them. White space becomes one space.
func clean(s string) string {
	var w strings.Builder
	space := false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			if !space {
				w.WriteByte(' ')
			}
			space = true
			continue
		case unicode.IsControl(r), unseen(r):
			continue
		}
		space = false
		w.WriteRune(r)
	}
	return w.String()
}

// unseen reports whether nobody sees a character that no writing needs.
// Joiners, which Persian and emoji need, and the tags of flags stay.
func unseen(r rune) bool {
	switch {
	case r == '\u200C' || r == '\u200D', r >= 0xE0020 && r <= 0xE007F:
		return false
	case r >= 0x600 && r <= 0x605 || r == 0x6DD || r == 0x70F || r == 0x110BD || r == 0x110CD:
		return false // signs of Arabic, Syriac and Kaithi numbers, which are seen
	}
	return unicode.Is(unicode.Cf, r)
}

// webAddress is an address that may be linked, "" if it may not.
func webAddress(s string) string {
	if s == "" || len(s) > blockkit.LinkURL || clean(s) != s {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	s = u.String()
	if len(s) > blockkit.LinkURL {
		return ""
	}
	return s
}

// packer fills messages with lines.
type packer struct {
	messages []message
	blocks   []slack.Block
	text     strings.Builder
	used     int
}

// flush ends the message in hand.
func (p *packer) flush() {
	if len(p.blocks) == 0 {
		return
	}
	p.messages = append(p.messages, message{blocks: p.blocks, text: strings.TrimRight(p.text.String(), "\n")})
	p.blocks, p.used = nil, 0
	p.text.Reset()
}

// add appends a line and its details, in a new message if they do not fit.
func (p *packer) add(group []line) {
	cost := 0
	for _, l := range group {
		cost += l.cost()
	}
	switch {
	case p.room(cost):
		p.set(group)
	case cost <= budget:
		p.flush()
		p.set(group)
	default:
		// Too much for any message. As many lines as fit go together.
		for len(group) > 0 {
			n, cost := 0, 0
			for n < len(group) && cost+group[n].cost() <= budget-p.used {
				cost += group[n].cost()
				n++
			}
			switch {
			case n > 0 && p.room(cost):
				p.set(group[:n])
				group = group[n:]
			case group[0].cost() <= budget && p.used > 0 || len(p.blocks) >= blockBudget:
				p.flush()
			default:
				p.cut(group[0])
				group = group[1:]
			}
		}
	}
}

func (p *packer) room(cost int) bool {
	return p.used+cost <= budget && len(p.blocks) < blockBudget
}

// set appends lines that fit as one block.
func (p *packer) set(group []line) {
	for _, l := range group {
		p.used += l.cost()
		p.text.WriteString(l.String())
		p.text.WriteByte('\n')
	}
	switch first := group[0]; first.kind {
	case headerLine:
		p.blocks = append(p.blocks, slack.NewHeaderBlock(plain(first.String())))
	case contextLine:
		p.blocks = append(p.blocks, slack.NewContextBlock("", plain(first.String())))
	case dividerLine:
		p.blocks = append(p.blocks, slack.NewDividerBlock())
	default:
		p.blocks = append(p.blocks, slack.NewRichTextBlock("", richText(group)...))
	}
}

// richText sets a line and its details: as a list, whose lines break below
// their own beginning.
func richText(group []line) []slack.RichTextElement {
	var parts []slack.RichTextElement
	var list *slack.RichTextList
	for _, l := range group {
		elements := make([]slack.RichTextSectionElement, 0, len(l.spans))
		for _, s := range l.spans {
			elements = append(elements, s.element())
		}
		section := slack.NewRichTextSection(elements...)
		switch {
		case !l.detail:
			parts, list = append(parts, section), nil
		case list != nil && list.Indent == l.level:
			list.Elements = append(list.Elements, section)
		default:
			list = slack.NewRichTextList(slack.RTEListBullet, l.level, section)
			parts = append(parts, list)
		}
	}
	return parts
}

func (s span) element() slack.RichTextSectionElement {
	var style *slack.RichTextSectionTextStyle
	if s.style != (slack.RichTextSectionTextStyle{}) {
		style = &s.style
	}
	if s.link != "" {
		return slack.NewRichTextSectionLinkElement(s.link, s.text, style)
	}
	return slack.NewRichTextSectionTextElement(s.text, style)
}

// cut sets a line that is longer than a message, in several.
func (p *packer) cut(l line) {
	var part []span
	used := 1
	next := func() {
		if len(part) > 0 {
			p.set([]line{{spans: part}})
		}
		p.flush()
		part, used = nil, 1
	}
	for _, s := range l.spans {
		for s.text != "" {
			room := budget - p.used - used
			switch {
			case s.cost() <= room:
				part = append(part, s)
				used += s.cost()
				s.text = ""
			case room < fewest+len(s.link), s.whole && s.cost() < budget, s.link != "" && s.cost() < budget:
				next()
			default:
				var head span
				head, s = s.split(room - len(s.link))
				part = append(part, head)
				next()
			}
		}
	}
	if len(part) > 0 {
		p.set([]line{{spans: part}})
	}
}

// split cuts a span after at most n code points, after a space if there is one
// not too far back.
func (s span) split(n int) (head, tail span) {
	runes := []rune(s.text)
	at := min(max(n, 1), len(runes)-1)
	for i := at; i > at-min(200, at/2); i-- {
		if runes[i-1] == ' ' {
			at = i
			break
		}
	}
	if runes[at-1] != ' ' {
		// What combines with the letter before it stays with it.
		for i := at; i > max(at-20, 1); i-- {
			if !unicode.Is(unicode.M, runes[i]) && runes[i] != '\u200D' && runes[i-1] != '\u200D' {
				at = i
				break
			}
		}
	}
	head, tail = s, s
	head.text, tail.text = string(runes[:at]), string(runes[at:])
	return head, tail
}

// actions puts what can be done next below the last message: the first four
// as buttons, the others in a menu. What the menu cannot hold is a button too,
// in a row of its own if there are more than four.
func (p *packer) actions(actions []chat.Action) {
	var row, others []slack.BlockElement
	var menu []*slack.OptionBlockObject
	cost := 0
	for i, a := range actions {
		label, value := clip(clean(a.Label), blockkit.ButtonText), strings.TrimSpace(a.Command)
		if strings.TrimSpace(label) == "" {
			label = clip(clean(a.Name), blockkit.ButtonText)
		}
		if strings.TrimSpace(label) == "" || value == "" || utf8.RuneCountInString(value) > blockkit.ButtonValue {
			continue // nothing that could be pressed
		}
		cost += utf8.RuneCountInString(label) + utf8.RuneCountInString(value)
		button := slack.NewButtonBlockElement(clip(fmt.Sprintf("%s%d:%s", actionPrefix, i, clean(a.Name)), blockkit.ActionID), value, plain(label))
		switch a.Tone {
		case chat.Primary:
			button.Style = slack.StylePrimary
		case chat.Danger:
			button.Style = slack.StyleDanger
		}
		if question := strings.TrimSpace(clean(a.Confirm)); question != "" {
			button.Confirm = slack.NewConfirmationBlockObject(plain("Are you sure?"),
				plain(clip(question, blockkit.ConfirmText)), plain(clip(label, blockkit.ConfirmButton)), plain("Cancel"))
			cost += utf8.RuneCountInString(question) + 60
		}
		switch {
		case !a.More && len(row) < 4:
			row = append(row, button)
		case button.Confirm == nil && len(menu) < blockkit.OverflowItems && utf8.RuneCountInString(value) <= optionValue:
			menu = append(menu, slack.NewOptionBlockObject(value, plain(label), nil))
		default:
			others = append(others, button)
		}
	}
	if len(row)+len(others) <= 4 {
		row, others = append(row, others...), nil
	}
	if len(menu) > 0 {
		row = append(row, slack.NewOverflowBlockElement(actionPrefix+"more", menu...))
	}
	var rows []slack.Block
	if len(row) > 0 {
		rows = append(rows, slack.NewActionBlock("", row...))
	}
	for some := range slices.Chunk(others, 4) {
		rows = append(rows, slack.NewActionBlock("", some...))
	}
	if len(rows) == 0 {
		return
	}
	rows = rows[:min(len(rows), 20)]
	n := len(p.messages)
	if n > 0 {
		last := &p.messages[n-1]
		if len(last.blocks)+len(rows) <= blockkit.MessageBlocks && last.size()+cost <= messageLimit {
			last.blocks = append(last.blocks, rows...)
			return
		}
	}
	// A row of long commands may be too much for one message.
	for _, row := range rows {
		p.messages = append(p.messages, message{blocks: []slack.Block{row}, text: "What next?"})
	}
}

// size is the text of a message with its addresses, in code points.
func (m message) size() int {
	n := utf8.RuneCountInString(m.text)
	for _, b := range m.blocks {
		if rich, ok := b.(*slack.RichTextBlock); ok {
			n += addresses(rich.Elements)
		}
	}
	return n
}

// addresses is the length of all links in rich text.
func addresses(parts []slack.RichTextElement) int {
	n := 0
	for _, part := range parts {
		switch part := part.(type) {
		case *slack.RichTextList:
			n += addresses(part.Elements)
		case *slack.RichTextSection:
			for _, e := range part.Elements {
				if link, ok := e.(*slack.RichTextSectionLinkElement); ok {
					n += len(link.URL)
				}
			}
		}
	}
	return n
}

// actionPrefix marks the identifiers of buttons whose value is a command.
const actionPrefix = "do:"

// plain is a text object in which nothing is parsed. It must not be empty.
func plain(s string) *slack.TextBlockObject {
	no := false
	return &slack.TextBlockObject{Type: slack.PlainTextType, Text: s, Emoji: &no}
}

// clip shortens a text to n code points.
func clip(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}

// short is what stands in notifications and where blocks are not shown.
func (m message) short() string { return blockkit.Escape(clip(m.text, shortText)) }

// whole is the message without blocks, for when Slack does not like them.
func (m message) whole() string { return blockkit.Escape(clip(m.text, blockkit.Fallback)) }
