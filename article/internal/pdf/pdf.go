// Package pdf reads the text of PDF files.
//
// The work is done by PDFium, compiled to WebAssembly and run by wazero: no C
// compiler is needed to build it, and a file that breaks PDFium breaks out of
// nothing, for the sandbox has no files, no network and a ceiling on its
// memory. Pure Go readers were measured first and lose the words: of the
// four-word runs of a newspaper page they keep 12 to 94 in a hundred.
//
// The engine is loaded when the first file comes. Compiling it takes seconds
// and some 300 MB, once; with a cache folder the next process finds the result
// there and starts in a moment.
//
// PDFium gives the letters of a page, line by line. [Document.Text] makes
// paragraphs of the lines again.
package pdf

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/klippa-app/go-pdfium"
	pdferrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// What can be wrong with a file, or with the engine.
var (
	ErrBroken    = errors.New("damaged PDF")
	ErrEncrypted = errors.New("PDF with a password")
	ErrSlow      = errors.New("PDF takes too long")
	ErrEngine    = errors.New("PDF engine failed to start")
)

// Bounds on one file. Articles stay far below them.
const (
	maxPages    = 200
	maxChars    = 2_000_000
	maxTime     = 20 * time.Second
	memoryPages = 4096 // of 64 KiB: 256 MiB
)

// Engine reads PDF files, one at a time. The zero Engine works.
type Engine struct {
	CacheDir string        // for the compiled engine; empty keeps it in memory
	Timeout  time.Duration // for one file, once the engine runs; 20 s when zero

	mu    sync.Mutex // guards turn
	turn  chan struct{}
	pool  pdfium.Pool
	cache wazero.CompilationCache
}

// Document is what was found in a file.
type Document struct {
	Title   string // from its properties, as are Author and Created
	Author  string
	Created time.Time
	Pages   [][]Line
	Cut     bool // there was more than is read of any file
}

// Line is one line of a page as it is printed, its letters in reading order.
// Lengths are in points, the origin is at the lower left.
type Line struct {
	Text        string
	Left, Right float64
	Base        float64 // where the letters stand
	Size        float64 // of the type
	Hyphen      bool    // ends in a hyphen that parts a word
}

// enter waits for the engine to be free.
func (e *Engine) enter(ctx context.Context) error {
	e.mu.Lock()
	if e.turn == nil {
		e.turn = make(chan struct{}, 1)
	}
	turn := e.turn
	e.mu.Unlock()
	select {
	case turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (e *Engine) leave() { <-e.turn }

// Close frees the engine. A later Read starts it again.
func (e *Engine) Close() error {
	if err := e.enter(context.Background()); err != nil {
		return err
	}
	defer e.leave()
	var failed []error
	if e.pool != nil {
		failed = append(failed, e.pool.Close())
		e.pool = nil
	}
	if e.cache != nil {
		failed = append(failed, e.cache.Close(context.Background()))
		e.cache = nil
	}
	return errors.Join(failed...)
}

// Read reads the file. It calls starting before it loads the engine, which may
// take seconds.
func (e *Engine) Read(ctx context.Context, data []byte, starting func()) (*Document, error) {
	if err := e.enter(ctx); err != nil {
		return nil, err
	}
	defer e.leave()
	if e.pool == nil {
		starting()
		if err := e.start(); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrEngine, err)
		}
	}
	limit := e.Timeout
	if limit <= 0 {
		limit = maxTime
	}
	ctx, cancel := context.WithTimeoutCause(ctx, limit, ErrSlow)
	defer cancel()
	instance, err := e.pool.GetInstanceWithContext(ctx)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrEngine, err)
	}
	// When time is up the sandbox is torn down under the running call, which
	// then fails.
	watch := make(chan struct{})
	var watcher sync.WaitGroup
	watcher.Go(func() {
		select {
		case <-ctx.Done():
			_ = instance.Kill()
		case <-watch:
		}
	})
	doc, err := read(instance, data)
	close(watch)
	watcher.Wait()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if closeErr := instance.Close(); closeErr != nil && err == nil && doc == nil {
		err = closeErr
	}
	return doc, err
}

// start loads the engine.
func (e *Engine) start() error {
	// PDFium needs the exception handling of WebAssembly; a configuration of
	// one's own has to ask for it.
	config := wazero.NewRuntimeConfig().
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
		WithMemoryLimitPages(memoryPages).
		WithCloseOnContextDone(true)
	if e.CacheDir != "" {
		// What lies there is run as machine code: nobody else may write to it.
		// A folder that cannot be used only costs time.
		if err := os.MkdirAll(e.CacheDir, 0o700); err == nil {
			if cache, err := wazero.NewCompilationCacheWithDir(e.CacheDir); err == nil {
				e.cache = cache
				config = config.WithCompilationCache(cache)
			}
		}
	}
	pool, err := webassembly.Init(webassembly.Config{
		MaxIdle:       1,
		MaxTotal:      1,
		RuntimeConfig: config,
		FSConfig:      wazero.NewFSConfig(), // no files at all; the default is the whole disk
		Stdout:        io.Discard,
		Stderr:        io.Discard,
	})
	if err != nil {
		return err
	}
	e.pool = pool
	debug.FreeOSMemory() // compiling leaves some 250 MB of garbage behind
	return nil
}

// read gets everything out of the file. The library panics on some failures
// inside the sandbox.
func read(instance pdfium.Pdfium, data []byte) (doc *Document, err error) {
	defer func() {
		if p := recover(); p != nil {
			doc, err = nil, fmt.Errorf("%w: %v", ErrBroken, p)
		}
		if err != nil && errors.Is(err, ErrBroken) {
			// A trap comes with a page of addresses.
			first, _, _ := strings.Cut(err.Error(), "\n")
			err = fmt.Errorf("%w%s", ErrBroken, strings.TrimPrefix(first, ErrBroken.Error()))
		}
	}()
	opened, err := instance.OpenDocument(&requests.OpenDocument{File: &data})
	switch {
	case errors.Is(err, pdferrors.ErrPassword), errors.Is(err, pdferrors.ErrSecurity):
		return nil, ErrEncrypted
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	counted, err := instance.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: opened.Document})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	if counted.PageCount == 0 {
		return nil, fmt.Errorf("%w: no pages", ErrBroken)
	}
	doc = &Document{Cut: counted.PageCount > maxPages}
	properties(instance, opened.Document, doc)

	r := &reader{instance: instance, left: maxChars}
	var failed error
	for i := range min(counted.PageCount, maxPages) {
		lines, err := r.page(opened.Document, i)
		if err != nil {
			// One bad page does not take the others with it.
			failed = err
			continue
		}
		doc.Pages = append(doc.Pages, lines)
		if r.left <= 0 {
			doc.Cut = true
			break
		}
	}
	if len(doc.Pages) == 0 {
		return nil, fmt.Errorf("%w: %w", ErrBroken, failed)
	}
	return doc, nil
}

// properties reads what the file says about itself.
func properties(instance pdfium.Pdfium, document references.FPDF_DOCUMENT, doc *Document) {
	for tag, set := range map[string]func(string){
		"Title":        func(s string) { doc.Title = s },
		"Author":       func(s string) { doc.Author = s },
		"CreationDate": func(s string) { doc.Created = date(s) },
	} {
		got, err := instance.FPDF_GetMetaText(&requests.FPDF_GetMetaText{Document: document, Tag: tag})
		if err != nil {
			continue
		}
		set(strings.ToValidUTF8(strings.TrimSpace(got.Value), ""))
	}
}

// date reads a date of a PDF file, "D:20260305114500+01'00'".
func date(s string) time.Time {
	s = strings.TrimPrefix(s, "D:")
	s = strings.ReplaceAll(s, "'", "")
	for _, layout := range []string{"20060102150405-0700", "20060102150405Z0000", "20060102150405Z", "20060102150405", "200601021504", "20060102"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}

// reader reads the letters of pages.
type reader struct {
	instance pdfium.Pdfium
	left     int // characters that may still be read
}

func (r *reader) page(document references.FPDF_DOCUMENT, index int) ([]Line, error) {
	loaded, err := r.instance.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: document, Index: index})
	if err != nil {
		return nil, err
	}
	defer func() { _, _ = r.instance.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: loaded.Page}) }()
	text, err := r.instance.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: requests.Page{ByReference: &loaded.Page}})
	if err != nil {
		return nil, err
	}
	handle := text.TextPage
	defer func() { _, _ = r.instance.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: handle}) }()
	counted, err := r.instance.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: handle})
	if err != nil {
		return nil, err
	}
	n := min(counted.Count, r.left)
	r.left -= n

	var lines []Line
	var line []rune
	from, to := -1, -1 // the first and the last letter of the line
	hyphen := false
	flush := func() error {
		if from >= 0 {
			l, err := r.line(handle, line, from, to)
			if err != nil {
				return err
			}
			l.Hyphen = hyphen
			lines = append(lines, l)
		}
		line, from, to, hyphen = line[:0], -1, -1, false
		return nil
	}
	for i := range n {
		got, err := r.instance.FPDFText_GetUnicode(&requests.FPDFText_GetUnicode{TextPage: handle, Index: i})
		if err != nil {
			return nil, err
		}
		c := rune(got.Unicode)
		switch c {
		case '\n', '\r':
			if err := flush(); err != nil {
				return nil, err
			}
			continue
		case lineHyphen, 0xfffe:
			// PDFium runs a line that ends in a hyphen into the next.
			hyphen = from >= 0
			if err := flush(); err != nil {
				return nil, err
			}
			continue
		case 0:
			continue
		}
		line = append(line, c)
		if c != ' ' && c != '\u00a0' && c != '\t' {
			if from < 0 {
				from = i
			}
			to = i
		}
	}
	return lines, flush()
}

// lineHyphen is what PDFium gives for a hyphen at the end of a line.
const lineHyphen = 0x02

func (r *reader) line(handle references.FPDF_TEXTPAGE, letters []rune, from, to int) (Line, error) {
	first, err := r.instance.FPDFText_GetCharBox(&requests.FPDFText_GetCharBox{TextPage: handle, Index: from})
	if err != nil {
		return Line{}, err
	}
	last, err := r.instance.FPDFText_GetCharBox(&requests.FPDFText_GetCharBox{TextPage: handle, Index: to})
	if err != nil {
		return Line{}, err
	}
	origin, err := r.instance.FPDFText_GetCharOrigin(&requests.FPDFText_GetCharOrigin{TextPage: handle, Index: from})
	if err != nil {
		return Line{}, err
	}
	// The size of the font is in units of the text, which may be scaled: the
	// height of the box that any letter could need is what counts.
	height := 0.0
	if box, err := r.instance.FPDFText_GetLooseCharBox(&requests.FPDFText_GetLooseCharBox{TextPage: handle, Index: from}); err == nil {
		height = math.Abs(float64(box.Rect.Top - box.Rect.Bottom))
	}
	text := strings.TrimSpace(string(letters))
	l := Line{Left: first.Left, Right: last.Right, Base: origin.Y, Size: height}
	l.Text = strings.Map(func(c rune) rune {
		switch {
		case c == '\u00a0', c == '\t':
			return ' '
		case c < ' ', c >= 0x7f && c < 0xa0, c == '\ufeff', c == '\u00ad', !validRune(c):
			return -1
		}
		return c
	}, text)
	return l, nil
}

func validRune(c rune) bool { return c <= 0x10ffff && (c < 0xd800 || c > 0xdfff) }
