package page

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

// hostile are pages made to exhaust whoever reads them.
var hostile = []struct {
	name string
	page func() string
}{
	{"div nested 100,000 deep", func() string { return nest("div", 100_000) }},
	{"b nested 100,000 deep", func() string { return nest("b", 100_000) }},
	{"table nested 100,000 deep", func() string { return nest("table", 100_000) }},
	{"font nested 100,000 deep", func() string { return nest("font", 100_000) }},
	{"svg nested 100,000 deep", func() string { return nest("svg", 100_000) }},
	{"template nested 100,000 deep", func() string { return nest("template", 100_000) }},
	{"select nested 100,000 deep", func() string { return nest("select", 100_000) }},
	{"li never closed", func() string { return "<ul>" + strings.Repeat("<li>item", 200_000) }},
	{"a never closed", func() string { return strings.Repeat("<a href=x>link ", 200_000) }},
	{"formatting never closed in paragraphs", func() string { return strings.Repeat("<p><b><i><u><a href=x>", 40_000) + "text" }},
	{"10 MB of text", func() string { return "<p>" + strings.Repeat("The mayor spoke for an hour. ", 360_000) }},
	{"10 MB of paragraphs", func() string { return strings.Repeat("<p>The mayor spoke for an hour and said nothing.</p>", 190_000) }},
	{"10 MB of tags", func() string { return strings.Repeat("<p>", 3_400_000) }},
	{"10 MB of <", func() string { return strings.Repeat("<", 10_000_000) }},
	{"10 MB of ampersands", func() string { return strings.Repeat("&", 10_000_000) }},
	{"10 MB without a blank", func() string { return "<p>" + strings.Repeat("x", 10_000_000) }},
	{"10,000 attributes", func() string {
		var b strings.Builder
		b.WriteString("<div")
		for i := range 10_000 {
			fmt.Fprintf(&b, " a%d=v", i)
		}
		return b.String() + "><p>text"
	}},
	{"a class of 1 MB", func() string { return `<div class="` + strings.Repeat("share ", 180_000) + `"><p>text` }},
	{"a style of 1 MB", func() string { return `<div style="` + strings.Repeat("color:red;", 100_000) + `"><p>text` }},
	{"50,000 headings", func() string { return strings.Repeat("<h1>A heading like all others</h1>", 50_000) }},
	{"50,000 authors", func() string { return strings.Repeat(`<a rel="author">Ann Lee</a> `, 50_000) }},
	{"50,000 times", func() string { return strings.Repeat(`<time datetime="2024-05-01">1 May 2024</time> `, 50_000) }},
	{"nested bylines", func() string {
		return strings.Repeat(`<div class="author">`, 350) + strings.Repeat("Ann Lee and ", 5000) + strings.Repeat("</div>", 350)
	}},
	{"nested articles", func() string {
		return strings.Repeat(`<article itemscope itemtype="http://schema.org/Article">`, 350) + strings.Repeat("<p>Ann Lee spoke at length about it.</p>", 20_000)
	}},
	{"nested JSON-LD", func() string { return jsonld(strings.Repeat("[", 100_000)) }},
	{"nested JSON-LD objects", func() string {
		return jsonld(strings.Repeat(`{"@type":"NewsArticle","author":`, 5_000) + `"x"` + strings.Repeat("}", 5_000))
	}},
	{"JSON-LD that refers to itself", func() string {
		return jsonld(`{"@graph":[{"@type":"NewsArticle","@id":"#a","author":{"@id":"#b"}},{"@id":"#b","name":{"@id":"#c","x":1}},{"@id":"#c","name":{"@id":"#b"},"y":2}]}`)
	}},
	{"JSON-LD with wrong types", func() string {
		return jsonld(`{"@type":["NewsArticle",7,null,{"a":1}],"headline":{"a":[1]},"author":[1,null,true,[[{"name":[{"name":9}]}]]],"datePublished":20240501,"articleBody":["x",{}],
			"publisher":"P","isAccessibleForFree":[false],"url":[1],"mainEntityOfPage":true,"@id":5,"inLanguage":{"name":1}}`)
	}},
	{"JSON-LD of a million objects", func() string {
		return jsonld("[" + strings.Repeat(`{"@type":"Person"},`, 100_000) + `{"@type":"NewsArticle","headline":"H"}]`)
	}},
	{"JSON-LD in 10,000 scripts", func() string { return strings.Repeat(jsonld(`{"@type":"NewsArticle"}`), 10_000) }},
	{"NUL bytes", func() string {
		return "<p>A mayor\x00 spoke\x00</p><\x00p>" + strings.Repeat("\x00", 100) + strings.Repeat("text ", 1000)
	}},
	{"comment never closed", func() string { return "<p>text<!--" + strings.Repeat("-", 5_000_000) }},
	{"script never closed", func() string { return "<p>text<script>" + strings.Repeat("<!--<script>", 400_000) }},
	{"tables of one cell", func() string { return strings.Repeat("<table><tr><td>a<td>b</table>", 40_000) }},
	{"rows without end", func() string { return "<table>" + strings.Repeat("<tr><td>a<td>b", 70_000) }},
	{"a row of 100,000 cells", func() string { return "<table><tr>" + strings.Repeat("<td>a", 100_000) }},
	{"$RC and hidden parts", func() string {
		return strings.Repeat(`<div hidden id="S:1">x</div>`, 30_000) + `<script>$RC("B:1","S:1")</script>`
	}},
	{"parts within parts", func() string {
		var b strings.Builder
		for i := range 300 {
			fmt.Fprintf(&b, `<div hidden id="S:%d">%s<template id="B:%d"></template></div>`, i, strings.Repeat("<div>", 300), i+1)
			b.WriteString(strings.Repeat("</div>", 300))
		}
		return b.String() + "<p>The mayor spoke.</p>"
	}},
	{"meta tags without end", func() string { return strings.Repeat(`<meta name="author" content="Ann Lee">`, 100_000) }},
	{"names without end", func() string { return `<meta name="author" content="` + strings.Repeat("Ann Lee and ", 10_000) + `">` }},
	{"30,000 teasers", func() string {
		return strings.Repeat(`<div class="card"><h2><a href=x>A headline of some story</a></h2><p>And what it is about.</p></div>`, 30_000)
	}},
	{"30,000 labels", func() string { return strings.Repeat("<p>Read more</p><p>The mayor spoke for an hour.</p>", 30_000) }},
	{"nested bylines around 5 MB", func() string {
		return strings.Repeat(`<div class="author">`, 350) + strings.Repeat("Ann Lee spoke. ", 350_000)
	}},
	{"long class around bylines", func() string {
		return `<div class="` + strings.Repeat("a-b ", 250_000) + `">` + strings.Repeat(`<div class="author">Ann Lee</div>`, 20_000)
	}},
	{"frameset", func() string { return "<frameset><frame src=x></frameset>" }},
	{"nothing", func() string { return "" }},
}

func nest(tag string, depth int) string {
	return strings.Repeat("<"+tag+">", depth) + "<p>The mayor spoke.</p>" + strings.Repeat("</"+tag+">", depth)
}

func jsonld(s string) string {
	return `<script type="application/ld+json">` + s + `</script><h1>The mayor spoke</h1><p>The mayor spoke for an hour on Monday.</p>`
}

// ordinary gives the processor time that a page of the largest size that is
// read takes when nobody means any harm: 10 MB of paragraphs.
func ordinary(t *testing.T) time.Duration {
	t.Helper()
	raw := []byte(strings.Repeat("<p>The mayor spoke for an hour and said nothing.</p>", 190_000))
	start := cpu()
	if _, err := Extract(raw, "text/html", nil); err != nil {
		t.Fatal(err)
	}
	return cpu() - start
}

// TestHostile holds hostile pages to what an ordinary page of the largest size
// costs, measured beside them, so that a slow machine is no failure.
func TestHostile(t *testing.T) {
	if raced {
		t.Skip("the race detector empties the pools of package regexp, so that time and memory mean nothing; there is one goroutine")
	}
	most := 6 * ordinary(t)
	for _, test := range hostile {
		t.Run(test.name, func(t *testing.T) {
			if testing.Short() && strings.Contains(test.name, "0") {
				t.Skip("takes a second")
			}
			raw := []byte(test.page())
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			start := cpu()
			p, err := Extract(raw, "text/html", nil)
			took := cpu() - start
			runtime.ReadMemStats(&after)
			if err != nil && !errors.Is(err, ErrNotHTML) {
				t.Error(err)
			}
			if took > most {
				t.Errorf("took %v of processor time, more than %v", took, most)
			}
			if mb := (after.TotalAlloc - before.TotalAlloc) >> 20; mb > 400 {
				t.Errorf("allocated %d MB", mb)
			} else {
				t.Logf("%v, %d MB, %d words", took, mb, p.Words)
			}
		})
	}
}

func TestBinaryIsNoPage(t *testing.T) {
	for _, raw := range [][]byte{
		append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), bytes.Repeat([]byte{0, 1, 2, 3}, 300)...),
		bytes.Repeat([]byte{0}, 5000),
	} {
		if p, err := Extract(raw, "text/html", nil); !errors.Is(err, ErrNotHTML) {
			t.Errorf("Extract(%.10q…) = %d words, %v; want ErrNotHTML", raw, p.Words, err)
		}
	}
}
