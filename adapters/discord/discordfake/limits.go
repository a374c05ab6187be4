package discordfake

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// The limits of Discord, a number a line, in UTF-16 units, which are never fewer
// than code points. They are written down here once more, so that an adapter
// which has one wrong does not pass by it.
const (
	limContent         = 2000
	limEmbeds          = 10
	limEmbedSum        = 6000
	limTitle           = 256
	limDescription     = 4096
	limFields          = 25
	limFieldName       = 256
	limFieldValue      = 1024
	limFooter          = 2048
	limAuthor          = 256
	limRows            = 5
	limButtons         = 5
	limOptions         = 25
	limLabel           = 80
	limOption          = 100
	limCustomID        = 100
	limPlaceholder     = 150
	limURL             = 512
	limNonce           = 25
	limModalTitle      = 45
	limInputLabel      = 45
	limInput           = 4000
	limChoices         = 25
	limThreadName      = 100
	limCommandName     = 32
	limDescriptionText = 100
	limCommandSum      = 8000
	limFile            = 10 << 20
	limRequest         = 25 << 20
)

func length(s string) int {
	n := 0
	for _, r := range s {
		n += max(utf16.RuneLen(r), 1)
	}
	return n
}

// checker gathers what is wrong with a body.
type checker struct{ faults []string }

func (c *checker) fault(format string, args ...any) {
	c.faults = append(c.faults, fmt.Sprintf(format, args...))
}

func (c *checker) text(where, s string, least, most int) {
	if n := length(s); n > most || n < least {
		c.fault("%s: %d characters, must be %d to %d", where, n, least, most)
	}
	if !utf8.ValidString(s) {
		c.fault("%s: not UTF-8", where)
	}
}

type messageBody struct {
	Content string `json:"content"`
	Embeds  []struct {
		Title       string `json:"title"`
		Description string `json:"description"`
		URL         string `json:"url"`
		Fields      []struct {
			Name  string `json:"name"`
			Value string `json:"value"`
		} `json:"fields"`
		Footer *struct {
			Text string `json:"text"`
		} `json:"footer"`
		Author *struct {
			Name string `json:"name"`
		} `json:"author"`
	} `json:"embeds"`
	Components      []component `json:"components"`
	AllowedMentions *struct {
		Parse json.RawMessage `json:"parse"`
		Users []string        `json:"users"`
		Roles []string        `json:"roles"`
	} `json:"allowed_mentions"`
	Flags       int             `json:"flags"`
	Nonce       json.RawMessage `json:"nonce"`
	Enforce     bool            `json:"enforce_nonce"`
	Attachments []struct {
		ID       json.RawMessage `json:"id"`
		Filename string          `json:"filename"`
	} `json:"attachments"`
	Reference *struct {
		MessageID string `json:"message_id"`
	} `json:"message_reference"`
}

type component struct {
	Type        int         `json:"type"`
	CustomID    string      `json:"custom_id"`
	Label       string      `json:"label"`
	URL         string      `json:"url"`
	Style       int         `json:"style"`
	Placeholder string      `json:"placeholder"`
	MaxLength   int         `json:"max_length"`
	Components  []component `json:"components"`
	Options     []struct {
		Label       string `json:"label"`
		Value       string `json:"value"`
		Description string `json:"description"`
	} `json:"options"`
}

const (
	flagSuppressEmbeds = 1 << 2
	flagEphemeral      = 1 << 6
	flagComponentsV2   = 1 << 15
)

// CheckMessage tells what Discord, or the manners that we ask of an adapter,
// would refuse in the JSON body of a message; files is the number of files that
// come with it.
func CheckMessage(body []byte, files int) []string {
	var c checker
	var m messageBody
	if err := json.Unmarshal(body, &m); err != nil {
		return []string{"not JSON: " + err.Error()}
	}
	c.message(m, files)
	return c.faults
}

func (c *checker) message(m messageBody, files int) {
	c.text("content", m.Content, 0, limContent)
	if m.Content == "" && len(m.Embeds) == 0 && files == 0 {
		c.fault("an empty message")
	}
	if m.AllowedMentions == nil || string(m.AllowedMentions.Parse) != "[]" || len(m.AllowedMentions.Users)+len(m.AllowedMentions.Roles) > 0 {
		c.fault(`allowed_mentions is not {"parse":[]}`)
	}
	if m.Flags&flagComponentsV2 != 0 && (m.Content != "" || len(m.Embeds) > 0) {
		c.fault("components V2 together with content or embeds")
	}
	if len(m.Embeds) > limEmbeds {
		c.fault("%d embeds", len(m.Embeds))
	}
	sum := 0
	for i, e := range m.Embeds {
		at := fmt.Sprintf("embed %d ", i)
		c.text(at+"title", e.Title, 0, limTitle)
		c.text(at+"description", e.Description, 0, limDescription)
		sum += length(e.Title) + length(e.Description)
		if len(e.Fields) > limFields {
			c.fault("%s%d fields", at, len(e.Fields))
		}
		for _, f := range e.Fields {
			c.text(at+"field name", f.Name, 1, limFieldName)
			c.text(at+"field value", f.Value, 1, limFieldValue)
			sum += length(f.Name) + length(f.Value)
		}
		if e.Footer != nil {
			c.text(at+"footer", e.Footer.Text, 1, limFooter)
			sum += length(e.Footer.Text)
		}
		if e.Author != nil {
			c.text(at+"author", e.Author.Name, 1, limAuthor)
			sum += length(e.Author.Name)
		}
		if e.Title == "" && e.Description == "" && len(e.Fields) == 0 && e.Footer == nil {
			c.fault("%sis empty", at)
		}
	}
	if sum > limEmbedSum {
		c.fault("%d characters in all embeds", sum)
	}
	if n := len(strings.Trim(string(m.Nonce), `"`)); n > limNonce {
		c.fault("nonce of %d characters", n)
	}
	for _, a := range m.Attachments {
		c.text("file name", a.Filename, 1, limOption*10)
	}
	c.components(m.Components)
}

func (c *checker) components(rows []component) {
	if len(rows) > limRows {
		c.fault("%d rows", len(rows))
	}
	ids := map[string]bool{}
	for _, row := range rows {
		if row.Type != 1 {
			c.fault("component of type %d at the top", row.Type)
			continue
		}
		if len(row.Components) == 0 || len(row.Components) > limButtons {
			c.fault("a row of %d components", len(row.Components))
		}
		for _, in := range row.Components {
			if ids[in.CustomID] {
				c.fault("custom_id %q twice", in.CustomID)
			}
			ids[in.CustomID] = true
			c.text("custom_id", in.CustomID, 1, limCustomID)
			switch in.Type {
			case 2:
				c.text("button label", in.Label, 1, limLabel)
				c.text("button url", in.URL, 0, limURL)
				if in.Style < 1 || in.Style > 4 {
					c.fault("button style %d", in.Style)
				}
			case 3:
				if len(row.Components) != 1 {
					c.fault("a select shares its row")
				}
				c.text("placeholder", in.Placeholder, 0, limPlaceholder)
				if len(in.Options) == 0 || len(in.Options) > limOptions {
					c.fault("%d options", len(in.Options))
				}
				values := map[string]bool{}
				for _, o := range in.Options {
					c.text("option label", o.Label, 1, limOption)
					c.text("option value", o.Value, 1, limOption)
					c.text("option description", o.Description, 0, limOption)
					if values[o.Value] {
						c.fault("option value %q twice", o.Value)
					}
					values[o.Value] = true
				}
			case 4:
				c.text("input label", in.Label, 1, limInputLabel)
				if in.MaxLength > limInput {
					c.fault("input of %d characters", in.MaxLength)
				}
			default:
				c.fault("component of type %d in a row", in.Type)
			}
		}
	}
}

type choice struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// checkResponse tells what is wrong with an answer to an interaction of a type.
func checkResponse(interaction int, body []byte) []string {
	var c checker
	var r struct {
		Type int `json:"type"`
		Data struct {
			messageBody
			Choices    []choice        `json:"choices"`
			CustomID   string          `json:"custom_id"`
			Title      string          `json:"title"`
			Components json.RawMessage `json:"components"`
		} `json:"data"`
	}
	if err := json.Unmarshal(body, &r); err != nil {
		return []string{"not JSON: " + err.Error()}
	}
	if len(r.Data.Components) > 0 && string(r.Data.Components) != "null" {
		if err := json.Unmarshal(r.Data.Components, &r.Data.messageBody.Components); err != nil {
			return []string{"components: " + err.Error()}
		}
	}
	switch r.Type {
	case 4, 7:
		if interaction == 4 {
			c.fault("autocomplete answered with a message")
		}
		if r.Type == 7 && interaction != 3 {
			c.fault("UPDATE_MESSAGE for interaction type %d", interaction)
		}
		c.message(r.Data.messageBody, 0)
	case 5:
		if interaction == 4 {
			c.fault("autocomplete cannot be deferred")
		}
	case 6:
		if interaction != 3 && interaction != 5 {
			c.fault("DEFERRED_UPDATE_MESSAGE for interaction type %d", interaction)
		}
	case 8:
		if interaction != 4 {
			c.fault("choices for interaction type %d", interaction)
		}
		if len(r.Data.Choices) > limChoices {
			c.fault("%d choices", len(r.Data.Choices))
		}
		for _, ch := range r.Data.Choices {
			c.text("choice name", ch.Name, 1, limOption)
			c.text("choice value", ch.Value, 0, limOption)
		}
	case 9:
		if interaction == 4 || interaction == 5 {
			c.fault("a modal for interaction type %d", interaction)
		}
		c.text("modal title", r.Data.Title, 1, limModalTitle)
		c.text("modal custom_id", r.Data.CustomID, 1, limCustomID)
		c.components(r.Data.messageBody.Components)
	default:
		c.fault("response type %d", r.Type)
	}
	return c.faults
}

var commandName = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)

// CheckCommands tells what is wrong with the body of a bulk overwrite.
func CheckCommands(body []byte) []string {
	var c checker
	var commands []struct {
		Type        int    `json:"type"`
		Name        string `json:"name"`
		Description string `json:"description"`
		Options     []struct {
			Type         int      `json:"type"`
			Name         string   `json:"name"`
			Description  string   `json:"description"`
			Required     bool     `json:"required"`
			Autocomplete bool     `json:"autocomplete"`
			Choices      []choice `json:"choices"`
		} `json:"options"`
	}
	if err := json.Unmarshal(body, &commands); err != nil {
		return []string{"not JSON: " + err.Error()}
	}
	slash, menus := 0, 0
	names := map[string]bool{}
	for _, cmd := range commands {
		at := "command " + cmd.Name + " "
		key := fmt.Sprint(cmd.Type, cmd.Name)
		if names[key] {
			c.fault("%stwice", at)
		}
		names[key] = true
		switch cmd.Type {
		case 0, 1:
			slash++
			if !commandName.MatchString(cmd.Name) || strings.ToLower(cmd.Name) != cmd.Name {
				c.fault("%sname", at)
			}
			c.text(at+"description", cmd.Description, 1, limDescriptionText)
		default:
			menus++
			c.text(at+"name", cmd.Name, 1, limCommandName)
			if cmd.Description != "" || len(cmd.Options) > 0 {
				c.fault("%sis of a menu and has a description or options", at)
			}
		}
		sum := length(cmd.Name) + length(cmd.Description)
		if len(cmd.Options) > 25 {
			c.fault("%s%d options", at, len(cmd.Options))
		}
		optional := false
		for _, o := range cmd.Options {
			if !commandName.MatchString(o.Name) || strings.ToLower(o.Name) != o.Name {
				c.fault("%soption name %q", at, o.Name)
			}
			c.text(at+"option description", o.Description, 1, limDescriptionText)
			if o.Required && optional {
				c.fault("%srequired option %q after one that is not", at, o.Name)
			}
			optional = optional || !o.Required
			if o.Autocomplete && (len(o.Choices) > 0 || o.Type != 3 && o.Type != 4 && o.Type != 10) {
				c.fault("%soption %q cannot be completed", at, o.Name)
			}
			sum += length(o.Name) + length(o.Description)
		}
		if sum > limCommandSum {
			c.fault("%s%d characters", at, sum)
		}
	}
	if slash > 100 || menus > 15 {
		c.fault("%d slash commands, %d of menus", slash, menus)
	}
	return c.faults
}
