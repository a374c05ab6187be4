package pdf

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text makes running text of the printed lines: paragraphs parted by blank
// lines, words whole again that a line end had cut, without the headers,
// footers and page numbers. Columns follow each other as the file has them.
func (d *Document) Text() string {
	pages := furnish(d.Pages)
	vocabulary := words(pages)
	var paragraphs []string
	var open *paragraph // the paragraph that may go on with the next line
	body := bodySize(pages)
	for _, page := range pages {
		for _, run := range runs(page) {
			for i, line := range run.lines {
				switch {
				case open == nil:
				case i == 0 && open.goesOnIn(run, body):
				case i > 0 && !run.breaksBefore(i):
				default:
					paragraphs = append(paragraphs, open.text())
					open = nil
				}
				if open == nil {
					open = &paragraph{vocabulary: vocabulary}
				}
				open.add(line, i == len(run.lines)-1 && run.full(line))
			}
		}
	}
	if open != nil {
		paragraphs = append(paragraphs, open.text())
	}
	return strings.Join(paragraphs, "\n\n")
}

// Headline is the title that the file's properties give when it is one, else
// the largest type near the top of the first page.
func (d *Document) Headline() string {
	pages := furnish(d.Pages)
	if len(pages) == 0 {
		return ""
	}
	first := pages[0]
	if t := strings.Join(strings.Fields(d.Title), " "); goodTitle(t) && said(first, t) {
		return t
	}
	body := bodySize(pages)
	var best []string
	size := 0.0
	for i := 0; i < len(first) && i < 12; i++ {
		line := first[i]
		switch {
		case line.Size > max(size*1.05, body*1.25):
			size, best = line.Size, []string{line.Text}
		case size > 0 && math.Abs(line.Size-size) <= size*.05 && i > 0 && math.Abs(first[i-1].Size-size) <= size*.05:
			best = append(best, line.Text)
		}
	}
	if t := strings.Join(strings.Fields(strings.Join(best, " ")), " "); len(t) <= 250 && len(strings.Fields(t)) >= 2 {
		return t
	}
	if t := strings.Join(strings.Fields(d.Title), " "); goodTitle(t) && len(strings.Fields(t)) >= 3 {
		return t
	}
	return ""
}

// Authors are the names in the file's properties, if its first page has them
// too: on their own they are often those of whoever owns the computer.
func (d *Document) Authors() []string {
	if len(d.Pages) == 0 {
		return nil
	}
	var names []string
	for _, name := range strings.FieldsFunc(d.Author, func(c rune) bool { return c == ',' || c == ';' || c == '&' }) {
		name = strings.Join(strings.Fields(name), " ")
		if n := len(strings.Fields(name)); n >= 2 && n <= 5 && !strings.ContainsAny(name, "@/\\0123456789") && said(d.Pages[0], name) {
			names = append(names, name)
		}
	}
	return names
}

// Letters counts the letters and digits of the file, and how many marks it has
// that stand for nothing: the sign of fonts that do not say what their shapes
// mean.
func (d *Document) Letters() (letters, unknown int) {
	for _, page := range d.Pages {
		for _, line := range page {
			for _, c := range line.Text {
				switch {
				case c == utf8.RuneError, unicode.Is(unicode.Co, c):
					unknown++
				case unicode.IsLetter(c), unicode.IsDigit(c):
					letters++
				}
			}
		}
	}
	return letters, unknown
}

// goodTitle keeps out what programs put into the title field by themselves.
func goodTitle(t string) bool {
	if t == "" || len(t) > 250 || len(strings.Fields(t)) < 2 {
		return false
	}
	low := strings.ToLower(t)
	for _, bad := range []string{"microsoft word", "untitled", "powerpoint", "document1", ".doc", ".pdf", ".indd", ".qxd", ".qxp", ".tex", ".rtf", ".txt", ".htm", "http://", "https://", "\\"} {
		if strings.Contains(low, bad) {
			return false
		}
	}
	return true
}

// said reports whether the words stand on the page, line ends aside.
func said(page []Line, words string) bool {
	var b strings.Builder
	for _, line := range page {
		b.WriteString(line.Text)
		if !line.Hyphen {
			b.WriteByte(' ')
		}
	}
	squeeze := func(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }
	return strings.Contains(squeeze(b.String()), squeeze(words))
}

// furnish drops what belongs to the paper and not to the text: page numbers,
// and lines at the edge of a page that stand on others at the same height.
// Fragments of one printed line become one line.
func furnish(pages [][]Line) [][]Line {
	type place struct {
		text string
		base int
	}
	seen := map[place]int{}
	edges := make([]map[int]bool, len(pages))
	for i, page := range pages {
		edges[i] = edge(page)
		counted := map[place]bool{}
		for n := range page {
			if !edges[i][n] {
				continue
			}
			p := place{shape(page[n].Text), int(math.Round(page[n].Base / 4))}
			// Neighbouring heights count too, for the rounding.
			if !counted[p] {
				counted[p] = true
				seen[p]++
			}
		}
	}
	out := make([][]Line, 0, len(pages))
	for i, page := range pages {
		var kept []Line
		for n, line := range page {
			if line.Text == "" {
				continue
			}
			if edges[i][n] {
				p := place{shape(line.Text), int(math.Round(line.Base / 4))}
				times := seen[p] + seen[place{p.text, p.base - 1}] + seen[place{p.text, p.base + 1}]
				if isPageNumber(line.Text) || times >= 2 && times*3 >= len(pages) {
					continue
				}
			}
			if last := len(kept) - 1; last >= 0 && sameLine(kept[last], line) {
				kept[last] = joined(kept[last], line)
				continue
			}
			kept = append(kept, line)
		}
		out = append(out, kept)
	}
	return out
}

// edge gives the lines that are the two highest or the two lowest heights of
// the page.
func edge(page []Line) map[int]bool {
	var bases []float64
	for _, line := range page {
		bases = append(bases, math.Round(line.Base))
	}
	slices.Sort(bases)
	bases = slices.Compact(bases)
	at := map[int]bool{}
	if len(bases) < 3 {
		return at
	}
	low, high := bases[1], bases[len(bases)-2]
	for i, line := range page {
		if b := math.Round(line.Base); b <= low || b >= high {
			at[i] = true
		}
	}
	return at
}

// shape is the text with its numbers taken out, so that "Page 3 of 9" and
// "Page 4 of 9" are the same line.
func shape(s string) string {
	var b strings.Builder
	digits := false
	for _, c := range s {
		if unicode.IsDigit(c) {
			if !digits {
				b.WriteByte('#')
			}
			digits = true
			continue
		}
		digits = false
		b.WriteRune(unicode.ToLower(c))
	}
	return b.String()
}

func isPageNumber(s string) bool {
	switch strings.TrimSpace(strings.Trim(shape(s), "-–—.|[]() ")) {
	case "#", "#/#", "# / #", "# of #", "page #", "page # of #", "page #/#", "p. #", "seite #", "seite # von #", "página #", "página # de #":
		return len(s) <= 24
	}
	return false
}

func sameLine(a, b Line) bool {
	return math.Abs(a.Base-b.Base) < .3*max(a.Size, b.Size, 1) && b.Left >= a.Right-1 && b.Left-a.Right < 4*max(a.Size, b.Size, 1)
}

func joined(a, b Line) Line {
	gap := " "
	if a.Hyphen {
		gap = "" // a hyphen that stands for nothing within the line
	}
	return Line{Text: a.Text + gap + b.Text, Left: a.Left, Right: b.Right, Base: a.Base, Size: max(a.Size, b.Size), Hyphen: b.Hyphen}
}

// bodySize is the size that most letters are printed in.
func bodySize(pages [][]Line) float64 {
	letters := map[int]int{}
	for _, page := range pages {
		for _, line := range page {
			letters[int(math.Round(line.Size*2))] += len(line.Text)
		}
	}
	best, most := 0, 0
	for size, n := range letters {
		if n > most || n == most && size < best {
			best, most = size, n
		}
	}
	return float64(best) / 2
}

// run is a stretch of lines one below the other: a column or a part of one.
type run struct {
	lines       []Line
	left, right float64 // of the column
	gap         float64 // from line to line, as a rule
}

// runs cuts the page where the text goes up again, to the side, or far down.
func runs(page []Line) []run {
	var all []run
	for i, line := range page {
		if i > 0 {
			prev := page[i-1]
			down := prev.Base - line.Base
			beside := line.Left > prev.Right+line.Size || line.Right < prev.Left-line.Size
			if down > 0 && down < 4*max(line.Size, prev.Size) && !beside {
				last := &all[len(all)-1]
				last.lines = append(last.lines, line)
				continue
			}
		}
		all = append(all, run{lines: []Line{line}})
	}
	for i := range all {
		all[i].measure()
	}
	return all
}

func (r *run) measure() {
	r.left, r.right = math.Inf(1), math.Inf(-1)
	var gaps []float64
	for i, line := range r.lines {
		r.left, r.right = min(r.left, line.Left), max(r.right, line.Right)
		if i > 0 {
			gaps = append(gaps, r.lines[i-1].Base-line.Base)
		}
	}
	if len(gaps) > 0 {
		// The lower quartile: text set in single lines and paragraphs apart
		// has as many wide gaps as narrow ones.
		slices.Sort(gaps)
		r.gap = gaps[len(gaps)/4]
	}
}

// full reports whether the line reaches near the right of the column.
func (r *run) full(line Line) bool { return line.Right >= r.right-.12*(r.right-r.left) }

// breaksBefore reports whether a paragraph begins with line i.
func (r *run) breaksBefore(i int) bool {
	prev, line := r.lines[i-1], r.lines[i]
	size := max(min(prev.Size, line.Size), 1)
	if prev.Hyphen {
		return false
	}
	if math.Abs(prev.Size-line.Size) > .15*size && !shortLetters(prev) && !shortLetters(line) {
		return true
	}
	if prev.Base-line.Base > 1.3*r.gap+.1*size {
		return true
	}
	// The first line of a paragraph stands to the right of the others.
	if indent := line.Left - prev.Left; indent > .6*size && indent < 6*size && prev.Left-r.left < .5*size && !startsLower(line.Text) {
		return true
	}
	// The line before ended although there was room for the next word: nobody
	// but the end of a paragraph does that.
	word, _, _ := strings.Cut(line.Text, " ")
	width := (line.Right - line.Left) / float64(max(utf8.RuneCountInString(line.Text), 1))
	room := r.right - prev.Right
	need := width * float64(utf8.RuneCountInString(word)+1)
	if startsLower(line.Text) {
		return room > need+12*width && ends(prev.Text)
	}
	if ends(prev.Text) {
		return room > need+.3*size
	}
	return room > need+6*width
}

// shortLetters reports whether the line may look smaller than it is, for want
// of a letter to measure.
func shortLetters(line Line) bool { return utf8.RuneCountInString(line.Text) < 3 }

func startsLower(s string) bool {
	c, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLower(c)
}

// ends reports whether the line may be the last of a sentence.
func ends(s string) bool {
	s = strings.TrimRight(s, `"'”’»)]*`)
	c, _ := utf8.DecodeLastRuneInString(s)
	return strings.ContainsRune(".!?:…。！？؟", c)
}

// paragraph grows line by line.
type paragraph struct {
	b          strings.Builder
	vocabulary map[string]bool
	last       Line
	lastFull   bool // the last line of its column, and it fills it
}

func (p *paragraph) add(line Line, full bool) {
	switch {
	case p.b.Len() == 0:
		p.b.WriteString(line.Text)
	case p.last.Hyphen || cutWord(p.last.Text) && startsLower(line.Text):
		text := p.b.String()
		p.b.Reset()
		p.b.WriteString(p.mend(strings.TrimSuffix(text, "-"), line.Text))
	default:
		p.b.WriteByte(' ')
		p.b.WriteString(line.Text)
	}
	p.last, p.lastFull = line, full
}

// cutWord reports whether the line ends in a letter and a hyphen.
func cutWord(s string) bool {
	rest, found := strings.CutSuffix(s, "-")
	c, _ := utf8.DecodeLastRuneInString(rest)
	return found && unicode.IsLetter(c)
}

// mend puts a word together that a line end had cut. Whether the hyphen is its
// own ("long-term") the rest of the document knows at times; else it goes,
// unless a capital or a digit follows.
func (p *paragraph) mend(text, next string) string {
	head := text[lastWord(text):]
	tail := next[:firstWord(next)]
	c, _ := utf8.DecodeRuneInString(tail)
	switch {
	case tail == "" || head == "":
	case p.vocabulary[strings.ToLower(head+tail)]:
		return text + next
	case p.vocabulary[strings.ToLower(head+"-"+tail)]:
		return text + "-" + next
	case unicode.IsLower(c):
		return text + next
	}
	return text + "-" + next
}

func lastWord(s string) int {
	i := len(s)
	for i > 0 {
		c, n := utf8.DecodeLastRuneInString(s[:i])
		if !unicode.IsLetter(c) {
			break
		}
		i -= n
	}
	return i
}

func firstWord(s string) int {
	for i, c := range s {
		if !unicode.IsLetter(c) {
			return i
		}
	}
	return len(s)
}

// words are the words of the document as they stand within lines, with and
// without hyphens.
func words(pages [][]Line) map[string]bool {
	all := map[string]bool{}
	for _, page := range pages {
		for _, line := range page {
			fields := strings.Fields(line.Text)
			for i, f := range fields {
				if i == 0 || i == len(fields)-1 {
					continue // may be a part of a word
				}
				f = strings.ToLower(strings.TrimFunc(f, func(c rune) bool { return !unicode.IsLetter(c) }))
				if f != "" {
					all[f] = true
				}
			}
		}
	}
	return all
}

// goesOnIn reports whether the paragraph goes on in the next column or on the
// next page: it stopped in the middle, and what comes there looks like its
// rest.
func (p *paragraph) goesOnIn(next run, body float64) bool {
	first := next.lines[0]
	if math.Abs(first.Size-p.last.Size) > .1*max(body, 1) {
		return false
	}
	if p.last.Hyphen || startsLower(first.Text) {
		return true
	}
	return p.lastFull && !ends(p.last.Text)
}

func (p *paragraph) text() string { return strings.Join(strings.Fields(p.b.String()), " ") }
