package chat

import (
	"encoding/binary"
	"encoding/xml"
	"fmt"
	"hash/crc32"
	"strings"
	"time"
	"unicode"

	"onrecord/brief"
)

// Document is a briefing as a Word document (.docx): the first screen, who said
// what, the claims in full, the facts, in the words of the replies of the same
// names.
func Document(b *brief.Briefing, v View) []byte {
	v.Handle, v.Items, v.Explain, v.Marked = "", 0, true, "" // nothing can be pressed, all of it is shown
	d := &document{links: map[string]int{}}
	d.paragraph("Title", 0, []Run{Say(title(b))})
	for i, r := range []Reply{BriefReply(b, v), ClaimsReply(b, Filter{}, v), QuotesReply(b, Filter{}, v), CardReply(b, v)} {
		for _, block := range r.Blocks {
			if i > 0 || block.Role != Heading {
				d.block(block)
			}
		}
	}
	d.paragraph("Note", 0, []Run{Say("Made by Onrecord " + b.Analysis.Engine.Version + ". It ranks and explains; it does not say what is true.")})
	return d.file(title(b), b.Article.ReadAt)
}

// document is the main part of an Office Open XML document being written
// (ECMA-376, part 1, chapter 17).
type document struct {
	body    strings.Builder
	links   map[string]int // numbers of relations, by address
	targets []string       // addresses in the order of their numbers
}

// indents are how far blocks stand from the margin, in twentieths of a point.
const (
	itemIndent   = 360
	detailIndent = 720
)

func (d *document) block(b Block) {
	runs := b.Text
	switch b.Role {
	case Divider:
	case Heading:
		// "Worth checking · Title": the document has the title.
		if len(runs) > 1 && runs[0].Style == Strong {
			runs = runs[:1]
		}
		d.paragraph("Heading1", 0, plainly(runs))
	case Subheading:
		d.paragraph("Heading2", 0, plainly(runs))
	case Meta, Note:
		d.paragraph("Note", 0, runs)
	case Item:
		lead := "– "
		if b.Number > 0 {
			lead = fmt.Sprintf("%d. ", b.Number)
		}
		runs = append([]Run{Say(lead)}, runs...)
		if b.Passage != "" {
			runs = append(runs, Say(" "), Run{Text: "in the article", Link: b.Passage})
		}
		d.paragraph("", itemIndent, runs)
	case Detail:
		d.paragraph("Detail", detailIndent, runs)
	default:
		d.paragraph("", 0, runs)
	}
}

// plainly are runs without styles of their own: a heading has one.
func plainly(runs []Run) []Run {
	out := make([]Run, len(runs))
	for i, r := range runs {
		out[i] = Run{Text: r.Text, Link: r.Link}
	}
	return out
}

func (d *document) paragraph(style string, indent int, runs []Run) {
	d.body.WriteString("<w:p><w:pPr>")
	if style != "" {
		d.body.WriteString(`<w:pStyle w:val="` + style + `"/>`)
	}
	if indent > 0 {
		fmt.Fprintf(&d.body, `<w:ind w:left="%d"/>`, indent)
	}
	d.body.WriteString("</w:pPr>")
	for _, r := range runs {
		d.run(r)
	}
	d.body.WriteString("</w:p>\n")
}

func (d *document) run(r Run) {
	text, linked := wordText(r.Text), strings.HasPrefix(r.Link, "https://") || strings.HasPrefix(r.Link, "http://")
	if text == "" {
		return
	}
	if linked {
		n, ok := d.links[r.Link]
		if !ok {
			d.targets = append(d.targets, r.Link)
			n = len(d.targets)
			d.links[r.Link] = n
		}
		fmt.Fprintf(&d.body, `<w:hyperlink r:id="link%d">`, n)
	}
	d.body.WriteString("<w:r>")
	switch {
	case linked:
		d.body.WriteString(`<w:rPr><w:color w:val="0B4F8A"/><w:u w:val="single"/></w:rPr>`)
	case r.Style == Strong:
		d.body.WriteString("<w:rPr><w:b/></w:rPr>")
	case r.Style == Inserted:
		d.body.WriteString("<w:rPr><w:i/></w:rPr>")
	}
	d.body.WriteString(`<w:t xml:space="preserve">` + text + "</w:t></w:r>")
	if linked {
		d.body.WriteString("</w:hyperlink>")
	}
}

// wordText escapes s. White space becomes one space; what no reader sees, and
// what would turn the direction of the text after it, goes.
func wordText(s string) string {
	var out strings.Builder
	space := false
	for _, r := range s {
		if unicode.IsSpace(r) {
			if !space {
				out.WriteByte(' ')
			}
			space = true
			continue
		}
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\ufeff' {
			continue
		}
		space = false
		out.WriteRune(r)
	}
	var escaped strings.Builder
	_ = xml.EscapeText(&escaped, []byte(out.String())) // a Builder takes everything
	return escaped.String()
}

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

const (
	officeNS  = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packageNS = "http://schemas.openxmlformats.org/package/2006/"
	wordNS    = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
	wordType  = "application/vnd.openxmlformats-officedocument.wordprocessingml."
)

// wordStyle is a paragraph style with its size in half points.
func wordStyle(id, name string, size, before int, more string) string {
	return fmt.Sprintf(`<w:style w:type="paragraph" w:styleId="%s"><w:name w:val="%s"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:qFormat/>`+
		`<w:pPr><w:spacing w:before="%d" w:after="80"/>%s</w:pPr><w:rPr>%s<w:sz w:val="%d"/></w:rPr></w:style>`,
		id, name, before, map[string]string{"Heading1": `<w:outlineLvl w:val="0"/>`, "Heading2": `<w:outlineLvl w:val="1"/>`}[id], more, size)
}

// file packs the document. The same briefing gives the same bytes.
func (d *document) file(title string, created time.Time) []byte {
	relation := func(id, kind, target string) string {
		return `<Relationship Id="` + id + `" Type="` + kind + `" Target="` + target + `"`
	}
	var links strings.Builder
	links.WriteString(relation("styles", officeNS+"/styles", "styles.xml") + "/>")
	for i, to := range d.targets {
		links.WriteString(relation(fmt.Sprintf("link%d", i+1), officeNS+"/hyperlink", wordText(to)) + ` TargetMode="External"/>`)
	}
	when := ""
	if !created.IsZero() {
		when = `<dcterms:created xsi:type="dcterms:W3CDTF">` + created.UTC().Format(time.RFC3339) + `</dcterms:created>`
	}
	return pack([]part{
		{"[Content_Types].xml", `<Types xmlns="` + packageNS + `content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="` + wordType + `document.main+xml"/>` +
			`<Override PartName="/word/styles.xml" ContentType="` + wordType + `styles+xml"/>` +
			`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`},
		{"_rels/.rels", `<Relationships xmlns="` + packageNS + `relationships">` + relation("main", officeNS+"/officeDocument", "word/document.xml") + "/>" +
			relation("core", packageNS+"relationships/metadata/core-properties", "docProps/core.xml") + "/></Relationships>"},
		{"docProps/core.xml", `<cp:coreProperties xmlns:cp="` + packageNS + `metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
			"<dc:title>" + wordText(title) + "</dc:title><dc:creator>Onrecord</dc:creator>" + when + "</cp:coreProperties>"},
		{"word/_rels/document.xml.rels", `<Relationships xmlns="` + packageNS + `relationships">` + links.String() + "</Relationships>"},
		{"word/styles.xml", `<w:styles xmlns:w="` + wordNS + `"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Georgia" w:hAnsi="Georgia" w:cs="Georgia"/><w:sz w:val="22"/></w:rPr></w:rPrDefault></w:docDefaults>` +
			`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:pPr><w:spacing w:after="80" w:line="264" w:lineRule="auto"/></w:pPr></w:style>` +
			wordStyle("Title", "Title", 40, 0, "<w:b/>") + wordStyle("Heading1", "heading 1", 28, 360, "<w:b/>") + wordStyle("Heading2", "heading 2", 24, 240, "<w:b/>") +
			wordStyle("Detail", "Detail", 20, 0, `<w:color w:val="444444"/>`) + wordStyle("Note", "Note", 18, 0, `<w:color w:val="555555"/>`) + "</w:styles>"},
		{"word/document.xml", `<w:document xmlns:w="` + wordNS + `" xmlns:r="` + officeNS + `"><w:body>` + "\n" + d.body.String() +
			`<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr></w:body></w:document>`},
	})
}

// part is a file of the archive that a document is.
type part struct{ name, text string }

// pack makes a ZIP archive of parts, without compression
// (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT). What
// archive/zip writes would be smaller, and the program 15 kB larger.
func pack(parts []part) []byte {
	var out, directory []byte
	for _, p := range parts {
		at, data := len(out), []byte(xmlHead+p.text)
		// Version 2.0, names in UTF-8, stored, made on 1 January 1980.
		head := []byte{20, 0, 0, 8, 0, 0, 0, 0, 0x21, 0}
		head = binary.LittleEndian.AppendUint32(head, crc32.ChecksumIEEE(data))
		head = binary.LittleEndian.AppendUint32(head, uint32(len(data)))
		head = binary.LittleEndian.AppendUint32(head, uint32(len(data)))
		head = append(head, byte(len(p.name)), 0, 0, 0)
		out = append(append(append(append(out, "PK\x03\x04"...), head...), p.name...), data...)
		directory = append(append(append(directory, "PK\x01\x02"...), 20, 0), head...)
		directory = append(directory, make([]byte, 10)...) // no comment, first disk, no attributes
		directory = append(binary.LittleEndian.AppendUint32(directory, uint32(at)), p.name...)
	}
	n := byte(len(parts))
	end := []byte{'P', 'K', 5, 6, 0, 0, 0, 0, n, 0, n, 0}
	end = binary.LittleEndian.AppendUint32(end, uint32(len(directory)))
	end = binary.LittleEndian.AppendUint32(end, uint32(len(out)))
	return append(append(append(out, directory...), end...), 0, 0)
}
