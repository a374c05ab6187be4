package onrecord

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// arrows is the map of the house: which room may import which. A new arrow is
// a line here, drawn on purpose. A room's own internal packages need no line.
var arrows = map[string][]string{
	"internal/perceptron":   {},                      // the sparse linear models of nlp and quote, and their file form
	"internal/trees":        {"internal/perceptron"}, // the boosted trees of quote and brief/summary
	"nlp":                   {"internal/perceptron"},
	"quote":                 {"internal/perceptron", "internal/trees", "nlp"},
	"factcheck":             {"internal/perceptron", "nlp", "quote"},
	"factcheck/claimreview": {"factcheck"},
	"leash":                 {"nlp", "quote"}, // a model's sentence held against the article
	"leash/trial":           {"leash", "nlp", "quote"},
	"llm":                   {},
	"llm/llmfake":           {},
	"article":               {},
	"cache":                 {},
	"brief":                 {"article", "brief/summary", "cache", "factcheck", "leash", "nlp", "quote"},
	"brief/summary":         {"factcheck", "internal/perceptron", "internal/trees", "nlp", "quote", "score"}, // score for its training
	"book":                  {"brief", "factcheck", "nlp", "quote"},                                          // the quote book; store implements its port
	"book/booktest":         {"book"},
	"checklist":             {"book", "brief", "factcheck", "quote"}, // what people did about claims; store implements its port
	"checklist/checktest":   {"checklist"},
	"watch":                 {"article", "book", "brief", "factcheck", "nlp", "quote", "work"}, // feeds and articles followed; store implements its port
	"watch/watchtest":       {"watch", "brief"},
	"webhook":               {"article", "watch"}, // signed messages to programs; implements watch's port
	"chat":                  {"article", "book", "brief", "checklist", "factcheck", "nlp", "quote", "watch"},
	"chat/chattest":         {"chat", "article", "book", "brief", "factcheck", "nlp", "quote"},
	"page":                  {"brief", "factcheck", "nlp", "quote"},
	"page/pagetest":         {"article", "brief", "factcheck", "nlp", "quote"},
	"install":               {}, // where the bot is installed, with sealed tokens; store implements its port
	"install/installtest":   {"install"},
	"work":                  {},
	"work/worktest":         {"work"},
	"store":                 {"book", "chat", "checklist", "install", "work", "watch", "factcheck", "factcheck/claimreview"}, // implements their ports; the one room with SQL
	"adapters/console":      {"chat"},
	"adapters/slack":        {"chat", "install", "work"},
	"adapters/discord":      {"chat", "install", "work"},
	"web":                   {"article", "book", "brief", "chat", "checklist", "factcheck", "page"},
	"score":                 {}, // the measures of quality, text and numbers only
	"cmd/bot":               {"*"},
	"bench/summaries":       {"article", "brief", "brief/summary", "factcheck", "nlp", "quote", "score"},
	"cmd/train":             {"brief/summary", "nlp", "quote", "factcheck", "factcheck/claimreview", "score"},
}

// pure rooms take text in and give findings out.
var pure = []string{"nlp", "quote", "factcheck", "leash", "leash/trial", "brief/summary", "page", "score"}

// edge packages are what a pure room never imports.
var edge = []string{"context", "log", "net", "os", "os/exec", "syscall", "math/rand", "math/rand/v2", "database/sql"}

// keepers says which rooms may import a third-party library that must stay
// behind one door.
var keepers = map[string][]string{
	"github.com/redis/go-redis":       {"cache"},
	"github.com/maypok86/otter":       {"cache"},
	"github.com/klippa-app/go-pdfium": {"article"},
	"github.com/alexflint/go-arg":     {"bench/summaries", "cmd/bot", "cmd/train"},
	"github.com/prometheus":           {"web"},
	"github.com/sashabaranov":         {"llm"},
	"github.com/sony/gobreaker":       {"llm"},
	"github.com/slack-go":             {"adapters/slack"},
	"github.com/bwmarrin/discordgo":   {"adapters/discord"},
	"modernc.org/sqlite":              {"store"},
	"github.com/pressly/goose":        {"store"},
	"github.com/mmcdole/gofeed":       {"watch"},
	"github.com/lib/pq":               {"store"},
}

func TestArrows(t *testing.T) {
	for dir, imports := range imports(t) {
		room := roomOf(dir)
		allowed, known := arrows[room]
		if !known {
			if dir != "." {
				t.Errorf("%s: not on the map: add the room to arrows", dir)
			}
			continue
		}
		for _, imp := range imports {
			target, own := strings.CutPrefix(imp, "onrecord/")
			if own {
				to := roomOf(target)
				if to != room && !slices.Contains(allowed, to) && !slices.Contains(allowed, "*") {
					t.Errorf("%s imports %s: no arrow from %s to %s", dir, imp, room, to)
				}
				continue
			}
			if slices.Contains(pure, room) && isEdge(imp) {
				t.Errorf("%s imports %s: %s is a pure room", dir, imp, room)
			}
			for lib, rooms := range keepers {
				if strings.HasPrefix(imp, lib) && !slices.Contains(rooms, room) {
					t.Errorf("%s imports %s: only %v may", dir, imp, rooms)
				}
			}
		}
	}
}

func isEdge(imp string) bool {
	return slices.ContainsFunc(edge, func(e string) bool { return imp == e || strings.HasPrefix(imp, e+"/") })
}

// roomOf gives the room that a folder belongs to: the longest name on the map
// that the folder is or lies in.
func roomOf(dir string) string {
	for d := dir; d != "." && d != "/"; d = path.Dir(d) {
		if _, ok := arrows[d]; ok {
			return d
		}
	}
	return dir
}

// imports lists what each folder with Go files imports, tests left out.
func imports(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name := d.Name(); file != "." && (strings.HasPrefix(name, ".") || name == "testdata" || name == "tools") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		dir := filepath.ToSlash(filepath.Dir(file))
		found[dir] = append(found[dir], []string{}...)
		for _, spec := range parsed.Imports {
			imp, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			found[dir] = append(found[dir], imp)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
