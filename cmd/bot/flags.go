package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/alexflint/go-arg"
)

// option is a flag or an argument of the command line. The tags of its field
// say all about it:
//
//	arg          "--name", or "positional"; see go-arg
//	env          environment variable that stands for a flag that is not given
//	secret       NAME_FILE may name a file that holds the value
//	default      value when nothing is given
//	enum         the words that it may be, parted by commas
//	required     a flag that must be given
//	placeholder  stands for the value in the help
//	help         what it is; ${enum} stands for the words
type option struct {
	name  string // --format or SOURCE
	flag  bool
	tag   reflect.StructTag
	value reflect.Value
}

// options lists the options that a struct and those embedded in it declare.
func options(of reflect.Value) []option {
	var all []option
	for field, value := range of.Fields() {
		tag := field.Tag.Get("arg")
		name, _, _ := strings.Cut(tag, ",")
		switch {
		case field.Anonymous:
			all = append(all, options(value)...)
		case strings.HasPrefix(tag, "--"):
			all = append(all, option{name: name, flag: true, tag: field.Tag, value: value})
		case name == "positional":
			all = append(all, option{name: strings.ToUpper(field.Name), tag: field.Tag, value: value})
		}
	}
	return all
}

// command is one of the commands, with what was given for it.
type command struct {
	name string // empty for none
	runner
}

// runner does what a command is for.
type runner interface {
	Run(ctx context.Context, a *app) error
}

// list gives all commands, in the order of the help.
func (c *commands) list() (names, helps []string) {
	for field := range reflect.TypeFor[commands]().Fields() {
		if name, ok := strings.CutPrefix(field.Tag.Get("arg"), "subcommand:"); ok {
			names, helps = append(names, name), append(helps, field.Tag.Get("help"))
		}
	}
	return names, helps
}

// parse reads a command line and the environment into cmds. Its error is wrong
// usage, or arg.ErrHelp; the command is known even then, if one was named.
func parse(cmds *commands, args []string, lookup func(string) (string, bool)) (command, error) {
	// The environment is ours: with go-arg a flag would add to a list from there.
	parser, err := arg.NewParser(arg.Config{Program: "bot", IgnoreEnv: true}, cmds)
	if err != nil {
		panic(err) // a tag is wrong, and no test was run
	}
	settings := options(reflect.ValueOf(&cmds.config).Elem())
	args, help, wrong := canonical(args)
	var env []variable
	if !help {
		env, err = environment(settings, args, lookup)
	}
	var given []string
	for _, v := range env {
		given = append(given, v.args...)
	}
	err = cmp.Or(err, parser.Parse(append(given, args...)))
	var c command
	if names := parser.SubcommandNames(); len(names) > 0 {
		c.name, c.runner = names[0], parser.Subcommand().(runner)
	}
	switch {
	case help:
		return c, arg.ErrHelp
	case wrong != nil:
		return c, wrong
	case err == nil && c.runner == nil:
		names, _ := cmds.list()
		return c, fmt.Errorf("name a command: %s", strings.Join(names, ", "))
	case err == nil:
		own := options(reflect.ValueOf(c.runner).Elem())
		err = cmp.Or(check(slices.Concat(settings, own)), cmds.validate())
	}
	return c, plainly(err, env)
}

// canonical rewrites arguments so that go-arg reads them as people mean them:
// it takes -format for --format, and the argument behind --format= for a value.
func canonical(args []string) (plain []string, help bool, wrong error) {
	for i, a := range args {
		name, value, hasValue := strings.Cut(a, "=")
		switch {
		case a == "--":
			return append(plain, args[i:]...), help, wrong
		case a == "--help" || a == "-h":
			help = true
		case len(a) > 1 && a[0] == '-' && a[1] != '-' || strings.HasPrefix(a, "---"):
			wrong = cmp.Or(wrong, fmt.Errorf("unknown flag %s", name))
		case hasValue && value == "" && a[0] == '-':
			plain = append(plain, name, "")
		default:
			plain = append(plain, a)
		}
	}
	return plain, help, wrong
}

// variable is an environment variable that stands for a flag.
type variable struct {
	name, flag string
	args       []string // the flag and its value, for go-arg
}

// environment finds the variables that settings are taken from: those whose
// flag is not among args. A secret that has no variable may have NAME_FILE, as
// Docker and Kubernetes hand secrets over.
func environment(settings []option, args []string, lookup func(string) (string, bool)) ([]variable, error) {
	if end := slices.Index(args, "--"); end >= 0 {
		args = args[:end]
	}
	var found []variable
	for _, s := range settings {
		if slices.ContainsFunc(args, func(a string) bool { return a == s.name || strings.HasPrefix(a, s.name+"=") }) {
			continue
		}
		name := s.tag.Get("env")
		value, ok := lookup(name)
		_, secret := s.tag.Lookup("secret")
		if path, _ := lookup(name + "_FILE"); secret && path != "" {
			if value != "" {
				return nil, fmt.Errorf("%s and %s_FILE are both set: keep one", name, name)
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return nil, fmt.Errorf("%s_FILE: %w", name, err)
			}
			name, value, ok = name+"_FILE", strings.TrimSpace(string(data)), true
		}
		switch {
		case ok && value == "":
			found = append(found, variable{name, s.name, []string{s.name, ""}})
		case ok:
			found = append(found, variable{name, s.name, []string{s.name + "=" + value}})
		}
	}
	return found, nil
}

// check looks at what go-arg has no tags for.
func check(all []option) error {
	for _, o := range all {
		if _, required := o.tag.Lookup("required"); required && o.value.IsZero() {
			return fmt.Errorf("%s is required", o.name)
		}
		words, isEnum := o.tag.Lookup("enum")
		if isEnum && !slices.Contains(strings.Split(words, ","), o.value.String()) {
			return fmt.Errorf(`%s must be one of "%s" but got %q`, o.name, strings.ReplaceAll(words, ",", `","`), o.value)
		}
	}
	return nil
}

// plainly says what is wrong without the words of Go, and names the variable
// that a wrong value comes from. go-arg names whole arguments, but the value of
// a variable may be a secret, and is left out.
func plainly(err error, env []variable) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	for _, v := range env {
		if rest, ok := strings.CutPrefix(text, "error processing "+v.args[0]); ok {
			text = v.flag + rest
		}
		if first, _, _ := strings.Cut(text, " "); strings.TrimSuffix(first, ":") == v.flag {
			text += " (from " + v.name + ")"
		}
	}
	return errors.New(strings.NewReplacer(
		"error processing ", "",
		"unknown argument ", "unknown flag ",
		"invalid subcommand: ", "unknown command ",
		"too many positional arguments at ", "unexpected argument ",
		"strconv.ParseInt: parsing ", "",
		"strconv.ParseBool: parsing ", "",
		": invalid syntax", " cannot be read",
		": value out of range", " is too large",
		"time: ", "",
	).Replace(text))
}
