package main

import (
	"bytes"
	_ "embed"
	"html/template"
)

// page is a picture: columns of posts beside each other.
type page struct {
	Name, Title string
	Platform    string
	Dark        bool
	Columns     []column
}

// column is a channel, or a thread beside it.
type column struct {
	Head   string
	Narrow bool
	Posts  []post
}

// post is a message.
type post struct {
	Author  string
	App     bool
	Private bool // only the reader sees it
	Follows bool // of the same author as the one above
	Typed   bool // by the reader: a command, shown so that one sees what was asked
	Parts   []part
}

// part is a block of a message. Its kinds are text, header, context,
// divider, embed and actions.
type part struct {
	Kind     string
	Lines    []line
	Footer   string
	Controls []control
}

type line struct {
	Small bool
	Point int // how deep it is in a list; 0 for none
	Spans []span
}

// span is text of one style. Where a link leads is not kept.
type span struct {
	Text                     string
	Bold, Italic, Code, Link bool
}

// control is something to press: a button, an overflow or a select.
type control struct {
	Kind, Label, Tone string
	Options           []string
}

func plainLines(s string) []line { return []line{{Spans: []span{{Text: s}}}} }

func typedBy(text string) post {
	return post{Author: "Ada Okoro", Typed: true, Parts: []part{{Kind: "text", Lines: plainLines(text)}}}
}

// Clock is the time beside each message.
func (page) Clock() string { return clock }

// Width is that of the window, in pixels.
func (p page) Width() int {
	width := 0
	for _, c := range p.Columns {
		width += 720
		if c.Narrow {
			width -= 180
		}
	}
	return width
}

//go:embed page.html
var source string

var pageTemplate = template.Must(template.New("page").Parse(source))

func (p page) html() ([]byte, error) {
	var w bytes.Buffer
	err := pageTemplate.Execute(&w, p)
	return w.Bytes(), err
}
