package blockkit

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

type object = map[string]any

// CheckMessage reports what is wrong with the blocks of a message, a JSON
// array. The names in it are those of Slack's reference.
func CheckMessage(blocks []byte) []string {
	c := checker{message: true}
	list, ok := c.decode(blocks)
	if !ok {
		return c.problems
	}
	if len(list) > MessageBlocks {
		c.add("blocks", "%d blocks, more than %d", len(list), MessageBlocks)
	}
	c.blocks(list)
	if n := textSize(list); n > MessageText {
		c.add("blocks", "msg_blocks_too_long: %d characters, more than %d", n, MessageText)
	}
	return c.problems
}

// CheckView reports what is wrong with a view, a JSON object.
func CheckView(view []byte) []string {
	c := checker{}
	var v object
	if err := json.Unmarshal(view, &v); err != nil {
		return []string{"not JSON: " + err.Error()}
	}
	kind, _ := v["type"].(string)
	if kind != "modal" && kind != "home" {
		c.add("view", "unknown type %q", kind)
	}
	if kind == "modal" {
		c.text("view.title", v["title"], ViewTitle, true, true)
		c.text("view.submit", v["submit"], ViewButton, true, false)
		c.text("view.close", v["close"], ViewButton, true, false)
	}
	c.size("view.private_metadata", v["private_metadata"], ViewMetadata)
	c.size("view.callback_id", v["callback_id"], ViewCallbackID)
	list, _ := v["blocks"].([]any)
	if len(list) < 1 || len(list) > ViewBlocks {
		c.add("view.blocks", "%d blocks, not 1 to %d", len(list), ViewBlocks)
	}
	c.blocks(list)
	return c.problems
}

type checker struct {
	message   bool
	problems  []string
	actionIDs []string
	blockIDs  []string
}

func (c *checker) add(where, format string, args ...any) {
	c.problems = append(c.problems, where+": "+fmt.Sprintf(format, args...))
}

func (c *checker) decode(data []byte) ([]any, bool) {
	var list []any
	if err := json.Unmarshal(data, &list); err != nil {
		c.add("blocks", "not a JSON array: %v", err)
		return nil, false
	}
	return list, true
}

func (c *checker) size(where string, v any, most int) {
	if s, ok := v.(string); ok && utf8.RuneCountInString(s) > most {
		c.add(where, "%d characters, more than %d", utf8.RuneCountInString(s), most)
	}
}

// text checks a text object.
func (c *checker) text(where string, v any, most int, plainOnly, needed bool) {
	if v == nil {
		if needed {
			c.add(where, "is missing")
		}
		return
	}
	o, ok := v.(object)
	if !ok {
		c.add(where, "is no text object")
		return
	}
	kind, _ := o["type"].(string)
	if kind != "plain_text" && (kind != "mrkdwn" || plainOnly) {
		c.add(where, "type %q is not allowed", kind)
	}
	s, ok := o["text"].(string)
	if !ok || s == "" {
		c.add(where, "is empty")
	}
	c.size(where, s, most)
}

func (c *checker) blocks(list []any) {
	for i, b := range list {
		o, ok := b.(object)
		if !ok {
			c.add("blocks", "block %d is no object", i)
			continue
		}
		c.block(o)
	}
}

func (c *checker) block(b object) {
	kind, _ := b["type"].(string)
	if id, ok := b["block_id"].(string); ok && id != "" {
		c.size(kind+".block_id", id, BlockID)
		if slices.Contains(c.blockIDs, id) {
			c.add(kind+".block_id", "%q stands there twice", id)
		}
		c.blockIDs = append(c.blockIDs, id)
	}
	switch kind {
	case "divider":
	case "header":
		c.text("header.text", b["text"], Header, true, true)
	case "section":
		fields, _ := b["fields"].([]any)
		c.text("section.text", b["text"], Text, false, len(fields) == 0)
		if len(fields) > SectionFields {
			c.add("section.fields", "%d, more than %d", len(fields), SectionFields)
		}
		for _, f := range fields {
			c.text("section.fields", f, SectionField, false, true)
		}
		if a, ok := b["accessory"].(object); ok {
			c.element(a, "button", "overflow", "image", "static_select")
		}
	case "context":
		elements, _ := b["elements"].([]any)
		if len(elements) < 1 || len(elements) > ContextItems {
			c.add("context.elements", "%d, not 1 to %d", len(elements), ContextItems)
		}
		for _, e := range elements {
			if o, ok := e.(object); ok && o["type"] == "image" {
				continue
			}
			c.text("context.elements", e, Text, false, true)
		}
	case "actions":
		elements, _ := b["elements"].([]any)
		if len(elements) < 1 || len(elements) > ActionsItems {
			c.add("actions.elements", "%d, not 1 to %d", len(elements), ActionsItems)
		}
		for _, e := range elements {
			o, _ := e.(object)
			c.element(o, "button", "overflow", "static_select")
		}
	case "input":
		if c.message {
			c.add("input", "does not belong into a message here")
		}
		c.text("input.label", b["label"], InputLabel, true, true)
		c.text("input.hint", b["hint"], InputHint, true, false)
		e, _ := b["element"].(object)
		c.element(e, "plain_text_input", "url_text_input", "static_select")
	case "rich_text":
		c.richText(b)
	default:
		c.add("blocks", "unknown type %q", kind)
	}
}

func (c *checker) element(e object, allowed ...string) {
	kind, _ := e["type"].(string)
	if !slices.Contains(allowed, kind) {
		c.add("element", "type %q is not allowed there", kind)
		return
	}
	if id, ok := e["action_id"].(string); ok && id != "" {
		c.size(kind+".action_id", id, ActionID)
		if slices.Contains(c.actionIDs, id) {
			c.add(kind+".action_id", "%q stands there twice", id)
		}
		c.actionIDs = append(c.actionIDs, id)
	}
	if confirm, ok := e["confirm"].(object); ok {
		c.text("confirmation.title", confirm["title"], ConfirmTitle, true, true)
		c.text("confirmation.text", confirm["text"], ConfirmText, false, true)
		c.text("confirmation.confirm", confirm["confirm"], ConfirmButton, true, true)
		c.text("confirmation.deny", confirm["deny"], ConfirmButton, true, true)
	}
	switch kind {
	case "button":
		c.text("button.text", e["text"], ButtonText, true, true)
		c.size("button.value", e["value"], ButtonValue)
		c.size("button.url", e["url"], ButtonURL)
		c.size("button.accessibility_label", e["accessibility_label"], ButtonText)
		if style, ok := e["style"].(string); ok && style != "primary" && style != "danger" {
			c.add("button.style", "unknown style %q", style)
		}
	case "overflow":
		options, _ := e["options"].([]any)
		if len(options) < 1 || len(options) > OverflowItems {
			c.add("overflow.options", "%d, not 1 to %d", len(options), OverflowItems)
		}
		c.options(options)
	case "static_select":
		options, _ := e["options"].([]any)
		if len(options) > SelectItems {
			c.add("select.options", "%d, more than %d", len(options), SelectItems)
		}
		c.options(options)
		c.text("select.placeholder", e["placeholder"], Placeholder, true, false)
	case "plain_text_input":
		if n, ok := e["max_length"].(float64); ok && (n < 1 || n > InputText) {
			c.add("plain_text_input.max_length", "%v, not 1 to %d", n, InputText)
		}
		c.text("plain_text_input.placeholder", e["placeholder"], Placeholder, true, false)
	}
}

func (c *checker) options(options []any) {
	for _, o := range options {
		option, _ := o.(object)
		c.text("option.text", option["text"], OptionText, false, true)
		c.size("option.value", option["value"], OptionValue)
	}
}

func (c *checker) richText(b object) {
	elements, _ := b["elements"].([]any)
	if len(elements) == 0 {
		c.add("rich_text.elements", "are missing")
	}
	for _, e := range elements {
		o, _ := e.(object)
		switch kind, _ := o["type"].(string); kind {
		case "rich_text_section", "rich_text_quote", "rich_text_preformatted":
			c.inline(kind, o)
		case "rich_text_list":
			if style := o["style"]; style != "bullet" && style != "ordered" {
				c.add("rich_text_list.style", "unknown style %v", style)
			}
			items, _ := o["elements"].([]any)
			for _, i := range items {
				section, _ := i.(object)
				c.inline("rich_text_list", section)
			}
		default:
			c.add("rich_text", "unknown type %q", kind)
		}
	}
}

func (c *checker) inline(where string, section object) {
	elements, _ := section["elements"].([]any)
	if len(elements) == 0 {
		c.add(where+".elements", "are missing")
	}
	for _, e := range elements {
		o, _ := e.(object)
		switch kind, _ := o["type"].(string); kind {
		case "text":
			if s, _ := o["text"].(string); s == "" {
				c.add(where+".text", "is empty")
			}
		case "link":
			address, _ := o["url"].(string)
			u, err := url.Parse(address)
			if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
				c.add(where+".link", "%.80q is no address", address)
			}
			c.size(where+".link.url", address, LinkURL)
		case "user", "usergroup", "channel", "broadcast", "team", "emoji", "date", "color":
			// What these do to people is Alive's business.
		default:
			c.add(where, "unknown element %q", kind)
		}
	}
}

// counted are the fields of blocks whose text Slack adds up.
func textSize(v any) int {
	n := 0
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			n += textSize(e)
		}
	case object:
		for key, e := range v {
			s, ok := e.(string)
			switch {
			case !ok:
				n += textSize(e)
			case key == "text" || key == "url" || key == "value":
				n += utf8.RuneCountInString(s)
			}
		}
	}
	return n
}

// TextSize is the number of characters of blocks, a JSON array, that count for
// MessageText: texts, addresses and values.
func TextSize(blocks []byte) int {
	var list []any
	if json.Unmarshal(blocks, &list) != nil {
		return 0
	}
	return textSize(list)
}

// living is what Slack reads in mrkdwn as more than text: mentions, links that
// may hide where they lead.
var living = regexp.MustCompile(`<[!@#][^<>]*>|<[a-zA-Z][a-zA-Z0-9+.-]*:[^<>]*>`)

// AliveText lists what would come alive in a text that Slack reads as mrkdwn.
func AliveText(text string) []string { return living.FindAllString(text, -1) }

// Alive lists what in blocks, a JSON array, would ping somebody or show a link
// in a place where Slack interprets text.
func Alive(blocks []byte) []string {
	var list []any
	if json.Unmarshal(blocks, &list) != nil {
		return nil
	}
	var found []string
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				walk(e)
			}
		case object:
			switch v["type"] {
			case "user", "usergroup", "channel", "broadcast", "team":
				found = append(found, fmt.Sprint(v["type"]))
			case "mrkdwn", "markdown":
				s, _ := v["text"].(string)
				found = append(found, AliveText(s)...)
			}
			for _, e := range v {
				walk(e)
			}
		}
	}
	walk(list)
	return found
}

// Read is what a person reads of blocks, a JSON array: a line for each block
// or line break in it. Buttons are in square brackets.
func Read(blocks []byte) string {
	var list []any
	if json.Unmarshal(blocks, &list) != nil {
		return ""
	}
	var w strings.Builder
	for _, b := range list {
		o, _ := b.(object)
		read(&w, o)
		w.WriteByte('\n')
	}
	return w.String()
}

func read(w *strings.Builder, v any) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			read(w, e)
		}
	case object:
		switch v["type"] {
		case "button":
			w.WriteString("[")
			read(w, v["text"])
			w.WriteString("] ")
		case "overflow", "static_select":
			options, _ := v["options"].([]any)
			for _, o := range options {
				option, _ := o.(object)
				w.WriteString("[")
				read(w, option["text"])
				w.WriteString("] ")
			}
		case "divider":
			w.WriteString("--")
		case "mrkdwn":
			s, _ := v["text"].(string)
			w.WriteString(Unescape(s))
		case "link":
			s, _ := v["text"].(string)
			if s == "" {
				s, _ = v["url"].(string)
			}
			w.WriteString(s)
		case "user", "usergroup", "channel", "broadcast":
			fmt.Fprintf(w, "<%v>", v["type"])
		default:
			if s, ok := v["text"].(string); ok {
				w.WriteString(s)
			} else {
				read(w, v["text"])
			}
			for _, key := range []string{"fields", "elements", "label", "element", "accessory"} {
				if v[key] != nil {
					read(w, v[key])
					if key == "elements" && v["type"] == "rich_text_section" {
						w.WriteByte('\n')
					}
				}
			}
		}
	}
}

// Unescape turns the three entities that Slack knows into their characters.
func Unescape(s string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}

// Escape turns the three characters that Slack gives a meaning into entities.
func Escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// Clickable are the buttons and menu entries of blocks, a JSON array.
func Clickable(blocks []byte) []Control {
	var list []any
	if json.Unmarshal(blocks, &list) != nil {
		return nil
	}
	var found []Control
	var walk func(v any, blockID string)
	walk = func(v any, blockID string) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				walk(e, blockID)
			}
		case object:
			if id, ok := v["block_id"].(string); ok {
				blockID = id
			}
			actionID, _ := v["action_id"].(string)
			switch v["type"] {
			case "button":
				value, _ := v["value"].(string)
				found = append(found, Control{Type: "button", BlockID: blockID, ActionID: actionID, Label: label(v["text"]), Value: value, Confirm: v["confirm"] != nil})
			case "overflow":
				options, _ := v["options"].([]any)
				for _, o := range options {
					option, _ := o.(object)
					value, _ := option["value"].(string)
					found = append(found, Control{Type: "overflow", BlockID: blockID, ActionID: actionID, Label: label(option["text"]), Value: value})
				}
			default:
				for _, key := range []string{"elements", "accessory"} {
					walk(v[key], blockID)
				}
			}
		}
	}
	walk(list, "")
	return found
}

func label(v any) string {
	o, _ := v.(object)
	s, _ := o["text"].(string)
	return s
}

// Control is something to press.
type Control struct {
	Type, BlockID, ActionID, Label, Value string
	Confirm                               bool
}
