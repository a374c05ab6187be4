// Package blockkit is what Slack lets a message be: the limits of blocks and
// their elements, a check of blocks against them, and what of them a person
// reads. The adapter renders by these numbers, and the fake Slack refuses what
// is over them, so a test of one is a test of both.
//
// Lengths are counted in Unicode code points.
package blockkit

// Limits of messages and views.
const (
	MessageBlocks = 50
	ViewBlocks    = 100
	// MessageText is the text of all blocks of a message, above which Slack
	// answers msg_blocks_too_long. The number is measured by others, not
	// documented.
	MessageText = 13_200
	// Fallback is the plain text of a message: more is cut off by Slack.
	Fallback = 40_000
)

// Limits of blocks and elements, by the names of Slack's reference.
const (
	Text           = 3000 // of any text object
	Header         = 150
	SectionFields  = 10
	SectionField   = 2000
	ContextItems   = 10
	ActionsItems   = 25
	ActionID       = 255
	BlockID        = 255
	ButtonText     = 75
	ButtonValue    = 2000
	ButtonURL      = 3000
	LinkURL        = 3000
	OverflowItems  = 5
	OptionText     = 75
	OptionValue    = 150
	ConfirmTitle   = 100
	ConfirmText    = 300
	ConfirmButton  = 30
	SelectItems    = 100
	Placeholder    = 150
	InputLabel     = 2000
	InputHint      = 2000
	InputText      = 3000 // what a person may enter
	ViewTitle      = 24
	ViewButton     = 24
	ViewMetadata   = 3000
	ViewCallbackID = 255
)

// Table is the limits by the paths that the slackblocks specification gives
// them, to be compared with it.
func Table() map[string]int {
	return map[string]int{
		"text.min_length":               1,
		"text.max_length":               Text,
		"action_id.max_length":          ActionID,
		"block_id.max_length":           BlockID,
		"button.text.max_length":        ButtonText,
		"button.url.max_length":         ButtonURL,
		"button.value.max_length":       ButtonValue,
		"confirmation.title.max_length": ConfirmTitle,
		"confirmation.text.max_length":  ConfirmText,

		"confirmation.confirm.max_length":       ConfirmButton,
		"confirmation.deny.max_length":          ConfirmButton,
		"option.text.max_length":                OptionText,
		"option.value.max_length":               OptionValue,
		"overflow.options.min_items":            1,
		"overflow.options.max_items":            OverflowItems,
		"select.placeholder.max_length":         Placeholder,
		"select.options.max_items":              SelectItems,
		"plain_text_input.max_length.max":       InputText,
		"actions.elements.max_items":            ActionsItems,
		"context.elements.max_items":            ContextItems,
		"header.text.max_length":                Header,
		"input.label.max_length":                InputLabel,
		"input.hint.max_length":                 InputHint,
		"section.text.max_length":               Text,
		"section.fields.max_items":              SectionFields,
		"section.fields.item_max_length":        SectionField,
		"view.blocks.min_items":                 1,
		"view.blocks.max_items":                 ViewBlocks,
		"view.private_metadata.max_length":      ViewMetadata,
		"view.callback_id.max_length":           ViewCallbackID,
		"view.title.max_length":                 ViewTitle,
		"view.close.max_length":                 ViewButton,
		"view.submit.max_length":                ViewButton,
		"url_source.url.max_length":             LinkURL,
		"button.accessibility_label.max_length": ButtonText,
	}
}
