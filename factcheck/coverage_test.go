package factcheck

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"onrecord/nlp"
	"onrecord/quote"
)

// TestStoriesCoverEverything reads the source for every kind, every reason,
// every reason why something cannot be checked yet and every message of the
// consistency checks, and asks that a story of testdata/stories has each. What
// claimreview's guards say is covered in the same way there.
func TestStoriesCoverEverything(t *testing.T) {
	var kinds, reasons, clashes []string
	files, err := filepath.Glob("testdata/stories/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		s := parseStory(t, string(data))
		text, body := s.text, 0
		if s.dateline != "" {
			body = len(s.dateline) + len(" — ")
			text = s.dateline + " — " + text
		}
		doc := nlp.ParseFrom(text, body)
		quotes := quote.Find(doc)
		for _, c := range (Finder{Dateline: s.dateline}).Claims(doc, quotes, s.published) {
			for _, k := range c.Kinds {
				kinds = append(kinds, string(k))
			}
			reasons = append(reasons, c.Reasons...)
		}
		for _, c := range Clashes(doc, quotes, s.title, s.published) {
			kinds = append(kinds, "clash "+string(c.Kind))
			clashes = append(clashes, c.Text)
		}
	}
	covers := func(what string, have []string, wanted []string) {
		if len(wanted) < 3 {
			t.Errorf("%s: the source has %q only", what, wanted)
		}
		for _, w := range wanted {
			re := regexp.MustCompile("^" + verb.ReplaceAllString(regexp.QuoteMeta(w), ".*") + "$")
			found := false
			for _, h := range have {
				found = found || re.MatchString(h)
			}
			if !found {
				t.Errorf("no story has the %s “%s”", what, w)
			}
		}
	}
	covers("kind", kinds, constants(t, "factcheck.go", "Kind", ""))
	covers("consistency check", kinds, constants(t, "consistency.go", "ClashKind", "clash "))
	covers("reason", reasons, formats(t, "reasons.go", "add", 0))
	var later []string
	for _, w := range predictions(t) {
		later = append(later, w+": it cannot be checked yet")
	}
	covers("prediction", reasons, later)
	var said []string
	for _, file := range []string{"consistency.go", "consistency_counts.go", "consistency_dates.go"} {
		said = append(said, formats(t, file, "clash", 2)...)
	}
	covers("message", clashes, said)
}

var verb = regexp.MustCompile(`%[sd]`)

func source(t *testing.T, file string) *ast.File {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func literal(e ast.Expr) (string, bool) {
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(l.Value)
	return s, err == nil
}

// constants are the string constants of a type in a file.
func constants(t *testing.T, file, kind, prefix string) (out []string) {
	ast.Inspect(source(t, file), func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok {
			if id, ok := v.Type.(*ast.Ident); ok && id.Name == kind {
				for _, x := range v.Values {
					if s, ok := literal(x); ok {
						out = append(out, prefix+s)
					}
				}
			}
		}
		return true
	})
	return out
}

// formats are the literals that calls of a function have as an argument.
func formats(t *testing.T, file, function string, argument int) (out []string) {
	ast.Inspect(source(t, file), func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok && len(c.Args) > argument {
			if id, ok := c.Fun.(*ast.Ident); ok && id.Name == function {
				if s, ok := literal(c.Args[argument]); ok {
					out = append(out, s)
				}
			}
		}
		return true
	})
	return out
}

// predictions are the reasons of the verdicts in judge.go that are predictions.
func predictions(t *testing.T) (out []string) {
	ast.Inspect(source(t, "judge.go"), func(n ast.Node) bool {
		c, ok := n.(*ast.CompositeLit)
		if !ok {
			return true
		}
		why, later := "", false
		for _, e := range c.Elts {
			if kv, ok := e.(*ast.KeyValueExpr); ok {
				switch key := kv.Key.(*ast.Ident).Name; key {
				case "why":
					why, _ = literal(kv.Value)
				case "prediction":
					later = true
				}
			}
		}
		if later && !strings.Contains(strings.Join(out, "\n"), why) {
			out = append(out, why)
		}
		return true
	})
	return out
}
