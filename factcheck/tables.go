package factcheck

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
)

// Tables say how claims are checked: rules by the sort of claim, and the
// offices that an operator knows. docs/advice.md describes their format. A
// Tables is not changed once it is made.
type Tables struct {
	rules   []rule
	offices []office
	version string
}

// rule is advice for one sort of claim. A line of it is given when its slots
// can be filled from the story.
type rule struct {
	name    string
	when    []string // signs that must all hold
	unless  []string // signs that must not
	words   wordSet  // one of them must stand in the claim, unless it is empty
	source  string
	voices  []string // words of the roles of people who can tell
	missing string
	wrong   string
	search  []string
	off     bool
}

// office is an institution of the operator's: whom to ask about what, where.
type office struct {
	name  string
	place string
	words wordSet
	about string
}

// wordSet is a list of words and phrases to look for, in base form or as they
// are written.
type wordSet struct {
	single  map[string]bool
	phrases [][]string
}

func newWordSet(words []string) wordSet {
	s := wordSet{single: map[string]bool{}}
	for _, w := range words {
		if fields := strings.Fields(w); len(fields) > 1 {
			s.phrases = append(s.phrases, fields)
		} else {
			s.single[w] = true
		}
	}
	return s
}

func (s wordSet) empty() bool { return len(s.single)+len(s.phrases) == 0 }

//go:embed advice/*.txt
var adviceFiles embed.FS

// DefaultTables are the tables that Onrecord ships.
var DefaultTables = sync.OnceValue(func() *Tables {
	names, err := fs.Glob(adviceFiles, "advice/*.txt")
	var files []TableFile
	for _, name := range names {
		data, readErr := adviceFiles.ReadFile(name)
		err = errors.Join(err, readErr)
		files = append(files, TableFile{name, string(data)})
	}
	t, parseErr := ParseTables(files...)
	if err = errors.Join(err, parseErr); err != nil {
		panic(err) // the files are part of the program
	}
	return t
})

// maxTables bounds the rules and offices that an operator may add.
const maxTables = 2000

// TableFile is a file of tables: its name, for messages, and its text.
type TableFile struct{ Name, Text string }

// ParseTables reads files of tables, in their order. Its error names the file
// and the line, and says what is wrong there.
func ParseTables(files ...TableFile) (*Tables, error) {
	t := &Tables{}
	sum := sha256.New()
	for _, f := range files {
		sum.Write([]byte(f.Text))
		if err := t.parse(f.Name, f.Text); err != nil {
			return nil, err
		}
	}
	t.version = hex.EncodeToString(sum.Sum(nil)[:4])
	return t, nil
}

// Extend gives t with own before its rules and offices. A rule of own takes the
// place of one with its name in t; one that says "Off: yes" takes it away.
func (t *Tables) Extend(own *Tables) *Tables {
	out := &Tables{offices: slices.Concat(own.offices, t.offices), version: t.version + "+" + own.version}
	replaced := map[string]bool{}
	for _, r := range own.rules {
		replaced[r.name] = true
		if !r.off {
			out.rules = append(out.rules, r)
		}
	}
	for _, r := range t.rules {
		if !replaced[r.name] {
			out.rules = append(out.rules, r)
		}
	}
	return out
}

// Version stands for the content of the tables: part of a cache key.
func (t *Tables) Version() string { return t.version }

// Size is how many rules and offices there are.
func (t *Tables) Size() (rules, offices int) { return len(t.rules), len(t.offices) }

// parse reads stanzas: "Field: value" lines, parted by blank lines, "#" begins
// a comment line, a line that begins with a blank goes on with the one before.
func (t *Tables) parse(file, text string) error {
	var fields map[string]string
	begins := 0
	flush := func() error {
		if fields == nil {
			return nil
		}
		err := t.stanza(fields)
		fields = nil
		if err != nil {
			return fmt.Errorf("%s, line %d: %w", file, begins, err)
		}
		if len(t.rules)+len(t.offices) > maxTables {
			return fmt.Errorf("%s: more than %d rules and offices", file, maxTables)
		}
		return nil
	}
	last, n := "", 0
	for line := range strings.Lines(strings.ReplaceAll(text, "\r\n", "\n")) {
		n++
		line = strings.TrimRight(line, " \t\n")
		switch {
		case strings.HasPrefix(line, "#"):
		case line == "":
			if err := flush(); err != nil {
				return err
			}
		case line[0] == ' ' || line[0] == '\t':
			if fields == nil {
				return fmt.Errorf("%s, line %d: a line that goes on needs one before it", file, n)
			}
			fields[last] += " " + strings.TrimSpace(line)
		default:
			name, value, ok := strings.Cut(line, ":")
			if !ok {
				return fmt.Errorf("%s, line %d: write it as “Field: value”", file, n)
			}
			if fields == nil {
				fields, begins = map[string]string{}, n
			}
			last = strings.ToLower(strings.TrimSpace(name))
			if _, twice := fields[last]; twice {
				return fmt.Errorf("%s, line %d: “%s” stands twice in one rule", file, n, strings.TrimSpace(name))
			}
			fields[last] = strings.TrimSpace(value)
		}
	}
	return flush()
}

// stanza takes one rule or office.
func (t *Tables) stanza(fields map[string]string) error {
	take := func(name string) string {
		v := fields[name]
		delete(fields, name)
		return v
	}
	list := func(name string) []string {
		var out []string
		for w := range strings.SplitSeq(take(name), ",") {
			if w = strings.ToLower(strings.TrimSpace(w)); w != "" {
				out = append(out, w)
			}
		}
		return out
	}
	_, isRule := fields["rule"]
	_, isOffice := fields["office"]
	switch {
	case isRule && isOffice:
		return fmt.Errorf("a rule and an office in one: part them by a blank line")
	case isRule:
		r := rule{
			name: take("rule"), when: strings.Fields(take("if")), unless: strings.Fields(take("unless")), words: newWordSet(list("words")),
			source: take("source"), voices: list("voices"), missing: take("missing"), wrong: take("wrong"), search: strings.Fields(take("search")),
		}
		switch off := strings.ToLower(take("off")); off {
		case "", "no":
		case "yes":
			r.off = true
		default:
			return fmt.Errorf("“Off” is yes or no, not “%s”", off)
		}
		if r.name == "" {
			return fmt.Errorf("the rule needs a name")
		}
		if err := r.check(); err != nil {
			return err
		}
		t.rules = append(t.rules, r)
	case isOffice:
		o := office{name: take("office"), place: take("place"), words: newWordSet(list("words")), about: take("for")}
		if o.name == "" || o.words.empty() {
			return fmt.Errorf("an office needs a name and “Words”")
		}
		t.offices = append(t.offices, o)
	default:
		return fmt.Errorf("a stanza begins with “Rule: NAME” or “Office: NAME”")
	}
	for name := range fields {
		return fmt.Errorf("there is no field “%s”", name)
	}
	return nil
}

// check says what is wrong with the signs and slots of a rule.
func (r *rule) check() error {
	for _, sign := range slices.Concat(r.when, r.unless) {
		if !slices.Contains(signNames, sign) {
			return fmt.Errorf("there is no sign “%s”: they are %s", sign, strings.Join(signNames, ", "))
		}
	}
	for _, line := range []string{r.source, r.missing, r.wrong} {
		if _, err := slotsOf(line); err != nil {
			return err
		}
	}
	return nil
}

// slotsOf lists the slots of a line.
func slotsOf(line string) ([]string, error) {
	var out []string
	for {
		_, rest, ok := strings.Cut(line, "{")
		if !ok {
			return out, nil
		}
		name, after, ok := strings.Cut(rest, "}")
		if !ok {
			return nil, fmt.Errorf("“{%s” has no closing bracket", rest)
		}
		if !slices.Contains(slotNames, strings.TrimSuffix(name, "?")) {
			return nil, fmt.Errorf("there is no slot {%s}: they are %s", name, strings.Join(slotNames, ", "))
		}
		out = append(out, name)
		line = after
	}
}
