package main

import (
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"
)

// help is what --help shows: of a command if one was named, else of them all.
func help(cmds *commands, c command, width int) string {
	settings := options(reflect.ValueOf(&cmds.config).Elem())
	flags := [][2]string{{"-h, --help", "Show this help."}}
	var out strings.Builder
	paragraph := func(text string) {
		for line := range strings.SplitSeq(text, "\n") {
			out.WriteString("\n" + strings.Join(wrap(line, width), "\n"))
		}
		out.WriteString("\n")
	}
	names, helps := cmds.list()
	if c.runner == nil {
		out.WriteString("Usage: bot COMMAND [flags]\n")
		paragraph(description)
		var rows [][2]string
		for i, name := range names {
			rows = append(rows, [2]string{name, helps[i]})
		}
		table(&out, "Commands", rows, width)
	} else {
		var own, arguments [][2]string
		var usage strings.Builder
		usage.WriteString("Usage: bot " + c.name)
		for _, o := range options(reflect.ValueOf(c.runner).Elem()) {
			if _, required := o.tag.Lookup("required"); required || !o.flag {
				usage.WriteString(" " + o.usage())
			}
			if o.flag {
				own = append(own, o.row())
			} else {
				arguments = append(arguments, o.row())
			}
		}
		out.WriteString(usage.String() + " [flags]\n")
		for i, name := range names {
			if name == c.name {
				paragraph(helps[i])
			}
		}
		if more, ok := c.runner.(interface{ Help() string }); ok {
			paragraph(more.Help())
		}
		table(&out, "Arguments", arguments, width)
		flags = append(own, flags...)
	}
	table(&out, "Flags", flags, width)
	var rows [][2]string
	for _, s := range settings {
		rows = append(rows, s.row())
	}
	table(&out, "Settings", rows, width)
	if c.runner == nil {
		paragraph("'bot COMMAND --help' says more about a command.")
	}
	return out.String()
}

// usage is how the option is written: --date=2020-01-21, SOURCE, [MORE ...].
func (o option) usage() string {
	kind := o.value.Kind()
	switch {
	case !o.flag && kind == reflect.Slice:
		return "[" + o.name + " ...]"
	case !o.flag || kind == reflect.Bool:
		return o.name
	}
	value := o.tag.Get("placeholder")
	if value == "" {
		value = o.tag.Get("default")
	}
	if kind == reflect.Slice {
		value += ",..."
	}
	return o.name + "=" + value
}

// row is the line of the help about the option.
func (o option) row() [2]string {
	text := strings.ReplaceAll(o.tag.Get("help"), "${enum}", o.tag.Get("enum"))
	if env := o.tag.Get("env"); env != "" {
		text = fmt.Sprintf("%s ($%s).", strings.TrimSuffix(text, "."), env)
	}
	return [2]string{o.usage(), text}
}

// table writes rows of two columns below a title, nothing when there are none.
func table(out *strings.Builder, title string, rows [][2]string, width int) {
	if len(rows) == 0 {
		return
	}
	left := 0
	for _, r := range rows {
		left = max(left, utf8.RuneCountInString(r[0]))
	}
	fmt.Fprintf(out, "\n%s:\n", title)
	for _, r := range rows {
		for i, line := range wrap(r[1], max(width-left-6, 24)) {
			if i > 0 {
				r[0] = ""
			}
			fmt.Fprintf(out, "  %-*s    %s\n", left, r[0], line)
		}
	}
}

// wrap cuts text into lines of at most width characters, if words allow.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && utf8.RuneCountInString(line+" "+word) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}
