package chat

import (
	"strconv"
	"strings"
)

// Reply is an answer: blocks of plain text with roles, and what can be done
// next. The zero Reply says nothing.
//
// No string in a reply is markup. Many hold words of strangers: adapters escape
// all of them, and drop control characters, which no string here needs.
type Reply struct {
	Blocks  []Block
	Actions []Action
	Files   []File

	Visibility Visibility
	Replace    bool // takes the place of the reply whose action was pressed, where that is possible
	Page       Page

	// Details belong under this reply: in its thread where there are threads,
	// after it elsewhere. They have no details of their own.
	Details *Reply
	// Remove takes away the message whose action was pressed; Blocks, if any,
	// are then for whoever pressed it.
	Remove bool

	Command string // name of the command that was run, empty when none was understood

	// Err is why the reply is an apology or a refusal. It is for wrappers and
	// logs; what people should know of it stands in Blocks.
	Err error
	// Reference is what the reply and the log have in common when Err is not
	// something that the asker could mend.
	Reference string
}

// Visibility is who sees a reply.
type Visibility string

// The visibilities. The zero one leaves it to the platform.
const (
	ToAsker   Visibility = "asker"   // only who asked
	ToThread  Visibility = "thread"  // the thread of the question, opened if need be
	ToChannel Visibility = "channel" // everybody in the channel
)

// Page says which part of a long list a reply shows. The zero Page is all.
type Page struct {
	Number, Of int // from 1
}

// Role is what a block is for.
type Role string

// The roles of blocks.
const (
	Heading    Role = "heading"    // what the reply is about
	Subheading Role = "subheading" // what the next blocks are about
	Meta       Role = "meta"       // where the article comes from, in one line
	Paragraph  Role = "paragraph"
	Item       Role = "item"    // one of a list; Number tells which if it is not 0
	Detail     Role = "detail"  // belongs to the item or line above it
	Note       Role = "note"    // small print
	Divider    Role = "divider" // a line or a gap; has no text
)

// Block is a line or paragraph of a reply.
type Block struct {
	Role   Role
	Number int
	Text   []Run
	// Passage is the address of the place on the page where an item's words
	// stand (a link with a text fragment), empty when there is none. It is
	// long: adapters that cannot hide it behind a word leave it out.
	Passage string
}

// Style is what a run of text is.
type Style string

// The styles. The zero one is plain text.
const (
	Plain    Style = ""
	Strong   Style = "strong"   // a name or label that the eye looks for
	Quoted   Style = "quoted"   // words of the article, byte for byte: never cut, never split between messages
	Inserted Style = "inserted" // words of ours among words of the article, in [brackets]
	Typed    Style = "typed"    // something to type, "quotes by Meyer"
)

// Run is a piece of text of one style. A white space of any kind and length
// in it may be shown as one space.
type Run struct {
	Text  string
	Style Style
	Link  string // address that the words lead to, empty for none; http or https
}

// Tone is how an action should look.
type Tone string

// The tones. The zero one is neutral.
const (
	Primary Tone = "primary"
	Danger  Tone = "danger"
)

// Action is something to do next: a command that the bot offers to type.
type Action struct {
	Name    string // stable and short, "claims": what to call it in identifiers
	Label   string // for people: "Claims (14)"
	Command string // what pressing it types, complete and valid later too: "claims #k3f9a2c1 page 2"
	Short   string // what a person would type right after this reply: "claims page 2"
	Tone    Tone
	More    bool   // not important: belongs behind "More …" where there is little room
	Confirm string // question to ask first; empty for none
}

// Add appends a block. It is called all over the place: inlined, it would make
// the program 60 kB larger.
//
//go:noinline
func (r *Reply) Add(role Role, text ...Run) {
	r.Blocks = append(r.Blocks, Block{Role: role, Text: text})
}

// AddItem appends an item with a number.
//
//go:noinline
func (r *Reply) AddItem(number int, text ...Run) {
	r.Blocks = append(r.Blocks, Block{Role: Item, Number: number, Text: text})
}

// Say is a run of plain text.
func Say(s string) Run { return Run{Text: s} }

// Bold is a run that the eye looks for.
func Bold(s string) Run { return Run{Text: s, Style: Strong} }

// Quote is a run of the article's words.
func Quote(s string) Run { return Run{Text: s, Style: Quoted} }

// Insert is a run of words that are not the article's. It brings its brackets.
func Insert(s string) Run { return Run{Text: "[" + s + "]", Style: Inserted} }

// Type is a run of something to type.
func Type(s string) Run { return Run{Text: s, Style: Typed} }

// String is the reply as plain text, for logs of tests and for platforms that
// could not show the blocks. Actions are left out.
func (r Reply) String() string {
	var w strings.Builder
	for _, b := range r.Blocks {
		switch b.Role {
		case Divider:
			w.WriteString("--")
		case Item:
			if b.Number > 0 {
				w.WriteString(strconv.Itoa(b.Number) + "  ")
			} else {
				w.WriteString("- ")
			}
		case Detail:
			w.WriteString("  ")
		}
		w.WriteString(b.String())
		w.WriteByte('\n')
	}
	return w.String()
}

// String is the block's text, runs of white space made one space.
func (b Block) String() string {
	var w strings.Builder
	for _, run := range b.Text {
		w.WriteString(run.Text)
	}
	return strings.Join(strings.Fields(w.String()), " ")
}
