package page

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"

	"onrecord/brief"
	"onrecord/quote"
)

// top says what article this is, and what it says in short.
func (p *page) top(text layout) {
	a := p.b.Article
	p.in("div", func() {
		p.el("p", "Onrecord · annotated article", class("brand"))
		p.el("button", "Dark", ident("theme"), class("js"), attr{"type", "button"}, attr{"aria-pressed", "false"})
	}, class("bar"))
	p.in("h1", func() {
		if len(text.title) == 0 {
			p.text(brief.Heading(p.b))
		}
		p.segments(a.Title, text.title, text.titleMarks)
	}, attr{"dir", "auto"})
	var from []string
	add := func(s string) {
		if s != "" {
			from = append(from, s)
		}
	}
	if a.Title != "" {
		add(a.Dateline.Place)
	}
	add(a.Dateline.Agency)
	if !strings.EqualFold(a.Publisher, a.Dateline.Agency) {
		add(a.Publisher)
	}
	add(strings.Join(a.Byline, ", "))
	if !a.Published.IsZero() {
		add(a.Published.Format("2 Jan 2006"))
	}
	add(count(a.Words, "word"))
	if !a.ReadAt.IsZero() {
		add("read " + a.ReadAt.UTC().Format("2 Jan 2006 15:04") + " UTC")
	}
	p.in("p", func() {
		p.text(strings.Join(from, " · "))
		if to, ok := outside(a.URL); ok {
			p.text(" · ")
			p.el("a", "Open the original", to, attr{"rel", "noopener noreferrer nofollow"}, class("original"))
		}
	}, class("from"), attr{"dir", "auto"})
	if _, ok := outside(a.URL); ok {
		p.el("p", "The text belongs to its publisher. It stands here, marked, so that it can be checked; do not publish it again.", class("notice"))
	}
	for _, n := range p.o.Notes {
		p.el("p", n, class("notice"))
	}
	p.in("div", func() {
		p.section("briefing", "In brief", p.summary)
		p.in("nav", p.contents, label("On this page"))
	}, class("opening"))
}

// section writes a part of the page with its heading.
func (p *page) section(id, heading string, inside func()) {
	p.line()
	p.in("section", func() {
		p.el("h2", heading, ident(id+"-h"))
		inside()
	}, ident(id), attr{"aria-labelledby", id + "-h"})
}

func (p *page) summary() {
	found := p.b.Analysis.Summary
	if len(found) == 0 {
		p.el("p", "No sentence of this text says by itself what it is about.")
		return
	}
	p.in("ol", func() {
		for n := range found {
			p.in("li", func() {
				p.number(sentence, n+1, "Sentence")
				text, _ := p.b.SummaryText(n)
				p.el("span", text, attr{"dir", "auto"})
			}, attr{"data-i", address(sentence, n+1)})
		}
	}, class("summary"))
	if line := p.b.Wording.Line(); line != "" {
		p.el("p", line, class("small"))
	}
}

// contents leads to the parts of the page, with how much each holds.
func (p *page) contents() {
	a := p.b.Analysis
	speech := len(a.Quotes) - len(p.others)
	p.in("ul", func() {
		entry := func(id, label string, n int) {
			if n == 0 {
				return
			}
			p.in("li", func() {
				p.in("a", func() {
					p.el("b", strconv.Itoa(n))
					p.text(" " + label)
				}, passage(id))
			})
		}
		entry("claims", plural(len(p.ranked), "claim")+" worth checking", len(p.ranked))
		entry("speakers", plural(len(p.voices), "speaker")+", "+count(speech, "quotation"), len(p.voices))
		entry("clashes", plural(len(a.Consistency), "disagreement")+" with itself", len(a.Consistency))
		entry("timeline", plural(len(a.Timeline), "dated event"), len(a.Timeline))
		entry("missing", plural(len(a.Missing), "gap"), len(a.Missing))
	})
}

// side writes the lists.
func (p *page) side() {
	a := p.b.Analysis
	if len(a.Consistency) > 0 {
		p.section("clashes", "Does not agree with itself", p.clashes)
	}
	if len(p.ranked)+len(p.rest) > 0 {
		p.section("claims", "Worth checking", p.claims)
	}
	if len(p.voices)+len(p.others) > 0 {
		p.section("speakers", "Who said what", p.speakerList)
	}
	if len(p.ranked)+len(p.voices)+len(p.others) == 0 {
		p.el("p", "Nobody is quoted, and no claim was found that evidence could settle.")
	}
	if len(a.Timeline) > 0 {
		p.section("timeline", "Timeline", p.events)
	}
	if f := a.Facts; len(f.Who)+len(f.Where)+len(f.When)+len(f.Numbers) > 0 {
		p.section("facts", "Facts", p.facts)
	}
	if len(a.Missing) > 0 {
		p.section("missing", "What is missing", func() { p.list(a.Missing, "plain") })
	}
}

func address(k kind, n int) string { return string(k) + strconv.Itoa(n) }

// number is the number of an entry, and leads to its words in the text where
// they are shown.
func (p *page) number(k kind, n int, what string) {
	s := strconv.Itoa(n)
	if !p.here[address(k, n)] {
		p.el("span", s, class("num"))
		return
	}
	p.el("a", s, class("num"), passage(address(k, n)), label(what+" "+s+": to its place in the text"))
}

func (p *page) clashes() {
	p.in("ul", func() {
		for n, c := range p.b.Analysis.Consistency {
			p.in("li", func() {
				p.number(clash, n+1, "Disagreement")
				p.el("span", c.Text, class("gist"), attr{"dir", "auto"})
			}, ident("clash-"+strconv.Itoa(n+1)), class("item"), attr{"data-i", address(clash, n+1)})
		}
	}, class("items"))
}

func (p *page) claims() {
	p.el("p", "Worth checking means important if wrong, not doubtful.", class("small"))
	if len(p.ranked) > 0 {
		p.in("ol", func() {
			for n, i := range p.ranked {
				if p.shows(claim, n+1) {
					p.line()
					p.claim(n+1, i)
				}
			}
		}, class("items"))
		p.leftOut(claim, 1, len(p.ranked), "claim")
	}
	if len(p.rest) > 0 {
		p.el("h3", "About the future: not ranked")
		p.in("ul", func() {
			for n, i := range p.rest {
				if !p.shows(other, n+1) {
					continue
				}
				c := p.b.Analysis.Claims[i]
				p.in("li", func() {
					p.number(other, n+1, "Prediction")
					p.el("span", p.wording(i), attr{"dir", "auto"})
					p.el("p", strings.Join(c.Reasons, "; "), class("small"))
				}, class("item"), attr{"data-i", address(other, n+1)}, p.voiceAttr(c.Speaker))
			}
		}, class("items"))
	}
}

// wording is a claim so that it makes sense by itself.
func (p *page) wording(i int) string {
	if text, _ := p.b.StandaloneOf(i); text != "" {
		return readable(text)
	}
	return p.b.Analysis.Claims[i].Span.Text(p.source)
}

func (p *page) claim(rank, i int) {
	c := p.b.Analysis.Claims[i]
	says := "the article itself"
	if c.Speaker != "" {
		says = c.Speaker
		if c.Via != "" {
			says += ", passed on by " + c.Via
		}
	}
	kinds := make([]string, len(c.Kinds))
	for k := range c.Kinds {
		kinds[k] = string(c.Kinds[k])
	}
	p.in("li", func() {
		p.in("div", func() {
			p.in("p", func() {
				p.number(claim, rank, "Claim")
				p.el("span", p.wording(i), class("words"), attr{"dir", "auto"})
			})
			p.in("p", func() {
				p.text("says ")
				p.el("b", quote.Inline(says))
				p.text(" · " + strings.Join(kinds, ", "))
			}, class("small"), attr{"dir", "auto"})
			if _, completed := p.b.StandaloneOf(i); completed {
				p.el("p", "Completed by "+p.b.Wording.Model+" from the article.", class("small"))
			}
			p.list(c.Reasons, "why")
			for _, line := range p.o.Done[rank] {
				p.in("p", func() {
					p.el("b", "Checklist: ")
					p.text(line)
				}, class("review"), attr{"dir", "auto"})
			}
		}, class("gist"))
		for n, part := range c.Parts {
			p.in("p", func() {
				p.el("b", strconv.Itoa(rank)+string(rune('a'+n%26))+" ")
				p.el("span", readable(part.Standalone), attr{"dir", "auto"})
			}, class("part"))
		}
		for _, d := range c.Dates {
			if on := period(d.Dates); on != "" {
				p.el("p", "“"+d.Span.Text(p.source)+"”: "+on, class("small"))
			}
		}
		if c.Unclear != "" {
			p.el("p", "Unclear: "+c.Unclear, class("small"))
		}
		p.reviews(i)
		if draft := p.o.Drafts[rank]; len(draft) > 0 {
			p.in("p", func() {
				p.el("a", "ClaimReview draft", file("application/ld+json", draft), attr{"download", "claimreview-" + strconv.Itoa(rank) + ".json"})
			}, class("small"))
		}
		if len(c.HowToCheck) > 0 {
			p.in("details", func() {
				p.el("summary", "How to check")
				p.list(readableAll(c.HowToCheck), "how")
			})
		}
	}, ident("claim-"+strconv.Itoa(rank)), class("item"), attr{"data-i", address(claim, rank)}, p.voiceAttr(c.Speaker))
}

// voiceAttr says whose claim an entry is, empty for nobody who speaks.
func (p *page) voiceAttr(speaker string) attr {
	if v := p.voiceOf(speaker); v >= 0 {
		return attr{"data-voice", strconv.Itoa(p.voices[v].number)}
	}
	return attr{"data-voice", ""}
}

// reviews are the published fact-checks of a claim.
func (p *page) reviews(i int) {
	for _, m := range p.b.ReviewsOf(i) {
		words := m.Claim
		if words == "" {
			words = m.Title
		}
		p.in("p", func() {
			p.el("b", "Already checked: ")
			p.text("“" + words + "” · ")
			if to, ok := outside(m.URL); ok {
				p.el("a", brief.ReviewLine(m), to, attr{"rel", "noopener noreferrer nofollow"})
			} else {
				p.text(brief.ReviewLine(m))
			}
		}, class("review"), attr{"dir", "auto"})
	}
}

func readableAll(lines []string) []string {
	out := make([]string, len(lines))
	for i := range lines {
		out[i] = readable(lines[i])
	}
	return out
}

func (p *page) list(lines []string, look string) {
	if len(lines) == 0 {
		return
	}
	p.in("ul", func() {
		for _, s := range lines {
			p.el("li", s, attr{"dir", "auto"})
		}
	}, class(look))
}

func (p *page) speakerList() {
	if line := p.b.Analysis.Sources.Line(); line != "" {
		p.el("p", line, class("small"), attr{"dir", "auto"})
	}
	for _, v := range p.voices {
		p.line()
		p.in("div", func() {
			p.in("h3", func() {
				p.el("span", v.initials, class("chip "+v.hue), attr{"aria-hidden", "true"})
				p.el("span", " "+named(v.Name), attr{"dir", "auto"})
			})
			if v.Role != "" {
				p.el("p", v.Role, class("role"), attr{"dir", "auto"})
			}
			p.share(v)
			p.in("ol", func() {
				for i, q := range v.Quotes {
					p.quote(v.first+i, q, "")
				}
			}, class("items"))
			p.leftOut(quotation, v.first, v.first+len(v.Quotes)-1, "quotation")
		}, ident("v"+strconv.Itoa(v.number)), class("voice"), attr{"data-voice", strconv.Itoa(v.number)})
	}
	if len(p.others) > 0 {
		first := len(p.b.Analysis.Quotes) - len(p.others) + 1
		p.in("div", func() {
			p.el("h3", "Believed, hoped, feared or found, not said")
			p.in("ol", func() {
				for i, q := range p.others {
					p.quote(first+i, q, q.Speaker.Name)
				}
			}, class("items"))
			p.leftOut(quotation, first, first+len(p.others)-1, "passage")
		}, class("voice"), attr{"data-voice", "none"})
	}
}

// share is how much of the words quoted is one speaker's, as a bar and in
// figures.
func (p *page) share(v voice) {
	share := v.Share
	if math.IsNaN(share) || share < 0 || share > 1 {
		share = 0
	}
	p.in("div", func() {
		p.in("svg", func() {
			p.el("rect", "", class("back"), attr{"width", "100"}, attr{"height", "1"})
			p.el("rect", "", class("fill"), attr{"width", strconv.FormatFloat(100*share, 'f', 1, 64)}, attr{"height", "1"})
		}, attr{"viewBox", "0 0 100 1"}, attr{"preserveAspectRatio", "none"}, attr{"aria-hidden", "true"}, class(v.hue))
		p.el("span", v.Weight())
	}, class("share"))
}

func (p *page) quote(n int, q quote.Quote, by string) {
	if !p.shows(quotation, n) {
		return
	}
	verb := strings.TrimSpace(by + " " + brief.VerbAndStance(q))
	p.in("li", func() {
		p.in("div", func() {
			p.in("p", func() {
				p.number(quotation, n, "Quotation")
				if verb != "" {
					p.el("span", verb, class("verb"))
					p.text(": ")
				}
				p.el("span", brief.QuoteText(p.source, q), class("said"), attr{"dir", "auto"})
			})
			var more []string
			if q.SaidOn >= 0 && q.SaidOn < len(p.b.Analysis.Times) {
				if on := period(p.b.Analysis.Times[q.SaidOn].Dates); on != "" {
					more = append(more, "on "+on)
				}
			}
			if q.Via != "" {
				more = append(more, "second-hand, passed on by "+q.Via)
			}
			if len(q.Unclear) > 0 {
				more = append(more, "perhaps "+strings.Join(q.Unclear, " or "))
			}
			if len(more) > 0 {
				p.el("p", strings.Join(more, " · "), class("small"), attr{"dir", "auto"})
			}
		}, class("gist"))
	}, ident("quote-"+strconv.Itoa(n)), class("item"), attr{"data-i", address(quotation, n)})
}

func (p *page) events() {
	p.in("ol", func() {
		for n, e := range p.b.Analysis.Timeline {
			if !p.shows(event, n+1) {
				continue
			}
			p.in("li", func() {
				when := cmp.Or(e.When(period), "no date")
				if p.here[address(event, n+1)] {
					p.el("a", when, class("when"), passage(address(event, n+1)))
				} else {
					p.el("span", when, class("when"))
				}
				p.el("span", e.Text, attr{"dir", "auto"})
			}, attr{"data-i", address(event, n+1)})
		}
	}, class("timeline"))
}

func (p *page) facts() {
	f := p.b.Analysis.Facts
	row := func(name string, k kind, n int, entry func(i int) (words, more string)) {
		if n == 0 {
			return
		}
		p.el("dt", name)
		for i := range n {
			words, more := entry(i)
			p.in("dd", func() {
				if id := address(k, i+1); p.here[id] {
					p.el("a", words, passage(id), attr{"dir", "auto"})
				} else {
					p.el("span", words, attr{"dir", "auto"})
				}
				if more != "" {
					p.el("span", more, class("small"), attr{"dir", "auto"})
				}
			}, attr{"data-i", address(k, i+1)})
		}
	}
	p.in("dl", func() {
		row("Who", who, len(f.Who), func(i int) (string, string) {
			more := ""
			if f.Who[i].Role != "" {
				more = ", " + f.Who[i].Role
			}
			if !f.Who[i].Quoted {
				more += " (not quoted)"
			}
			return f.Who[i].Name, more
		})
		row("Where", where, len(f.Where), func(i int) (string, string) { return f.Where[i].Name, "" })
		row("Numbers", number, len(f.Numbers), func(i int) (string, string) { return f.Numbers[i].Text, "" })
	}, class("facts"))
	if len(f.When) == 0 {
		return
	}
	p.in("dl", func() {
		p.el("dt", "When")
		for _, d := range f.When {
			on := period(d.Dates)
			if on == "" {
				on = "cannot be dated"
			}
			p.el("dd", fmt.Sprintf("“%s”: %s", d.Span.Text(p.source), on), attr{"dir", "auto"})
		}
	}, class("facts"))
}

func (p *page) bottom() {
	e := p.b.Analysis.Engine
	p.el("p", fmt.Sprintf("Made by Onrecord (engine %s, models %s). It ranks and explains; it does not say what is true.", e.Version, e.Models))
}

func count(n int, noun string) string { return strconv.Itoa(n) + " " + plural(n, noun) }

func plural(n int, noun string) string {
	if n == 1 {
		return noun
	}
	return noun + "s"
}
