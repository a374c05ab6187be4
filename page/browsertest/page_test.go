package browsertest

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"onrecord/page"
	"onrecord/page/pagetest"
)

// story is the page that most tests use.
func story(t *testing.T) []byte {
	return page.Render(briefing(t, "council-budget.txt"), page.Options{})
}

func TestMarksSayWhoAndWhat(t *testing.T) {
	b := open(t, story(t), "", desk)
	b.picture("council-light")

	// The bar of who says most is as long as the share, 24 %, and the next is shorter.
	b.expect(`(w => w[0] > .2 && w[0] < .28 && w[1] < w[0])([...document.querySelectorAll('.share')].map(s => s.querySelector('.fill').getBoundingClientRect().width / s.querySelector('svg').getBoundingClientRect().width))`)

	// Pointing at a quotation shows who said it, in which role, with which verb.
	b.run(chromedp.MouseEvent("mouseMoved", 1, 1))
	b.hover(`#text .m[data-i~="q1"]`)
	b.expect(`!document.querySelector('#card').hidden`)
	for _, want := range []string{"Raymond Quill", "Council President", "said"} {
		b.expect(`document.querySelector('#card').textContent.includes('` + want + `')`)
	}
	b.expect(`document.querySelector('#card').getBoundingClientRect().right <= innerWidth`)
	b.run(chromedp.KeyEvent(kb.Escape))
	b.expect(`document.querySelector('#card').hidden`)

	// A click keeps it open when the pointer has gone; a click elsewhere closes it.
	b.click(`article .m.c`)
	b.hover(`h1`)
	b.expect(`!document.querySelector('#card').hidden && document.querySelector('#card').textContent.includes('claim ')`)
	b.click(`h1`)
	b.expect(`document.querySelector('#card').hidden`)

	// From the keyboard the same.
	b.run(chromedp.Focus(chromedp.CSS(`#q1`)), chromedp.KeyEvent(kb.Tab))
	b.expect(`document.activeElement.closest('#text') !== null && !document.querySelector('#card').hidden`)
}

// hover moves the pointer onto the first element that a selector finds.
func (b *browser) hover(selector string) {
	b.t.Helper()
	at := eval[struct{ X, Y float64 }](b, `(() => { const e = document.querySelector('`+selector+`'); e.scrollIntoView({block: 'center', behavior: 'instant'}); const r = e.getClientRects()[0]; return {X: r.left + r.width / 2, Y: r.top + r.height / 2}; })()`)
	b.run(chromedp.MouseEvent("mouseMoved", at.X, at.Y))
}

func TestOneSpeakerOnly(t *testing.T) {
	b := open(t, story(t), "", desk)
	b.click(`.pick[data-only="2"]`)
	b.expect(`document.querySelector('.pick[data-only="2"]').getAttribute('aria-pressed') === 'true'`)
	b.expect(`document.querySelector('#shown').textContent.startsWith('Showing 3 quotations and ')`)
	b.expect(`[...document.querySelectorAll('.voice:not([hidden])')].map(v => v.id).join() === 'v2'`)
	b.expect(`document.querySelector('#q1').classList.contains('dim') && !document.querySelector('#q3').classList.contains('dim')`)
	b.expect(`[...document.querySelectorAll('#claims .item')].filter(e => e.offsetHeight > 0).every(e => e.dataset.voice === '2')`)
	b.picture("council-filter")
	b.click(`.pick[data-only=""]`)
	b.expect(`document.querySelectorAll('.dim').length === 0 && document.querySelectorAll('.voice[hidden], .item[hidden]').length === 0`)
}

func TestAddresses(t *testing.T) {
	for _, width := range []int64{desk, phone} {
		// A link from chat shows the passage and marks it and its entry.
		b := open(t, story(t), "#c9", width)
		b.expect(`document.querySelectorAll('#text .m.on[data-i~="c9"]').length > 0`)
		b.expect(`document.querySelector('#claim-9').classList.contains('on')`)
		b.expect(`(r => r.top >= 0 && r.bottom <= innerHeight)(document.querySelector('#text .m.on').getBoundingClientRect())`)
		if width == desk {
			b.expect(`(r => r.bottom > 0 && r.top < innerHeight)(document.querySelector('#claim-9').getBoundingClientRect())`)
		}
		// From the passage to the entry and back.
		b.click(`.flag[href="#claim-4"]`)
		b.expect(`location.hash === '#claim-4' && document.querySelector('#claim-4').classList.contains('on')`)
		b.expect(`(r => r.bottom > 0 && r.top < innerHeight)(document.querySelector('#claim-4').getBoundingClientRect())`)
		b.expect(`document.querySelectorAll('.m.on[data-i~="c9"]:not([data-i~="c4"])').length === 0`)
		b.click(`#claim-4 a.num`)
		b.expect(`location.hash === '#c4' && document.querySelectorAll('#text .m.on[data-i~="c4"]').length > 0`)
		b.run(chromedp.NavigateBack())
		b.expect(`location.hash === '#claim-4' && document.querySelector('#claim-4').classList.contains('on')`)
	}
}

func TestWithoutScript(t *testing.T) {
	b := open(t, story(t), "#c9", desk, scripts(false))
	shown := value(b, chromedp.TextContent(chromedp.CSS(`#claim-9 .words`)))
	b.run(scripts(true))
	buttons := eval[string](b, `getComputedStyle(document.querySelector('.picks')).display`)
	if shown == "" || buttons != "none" {
		t.Errorf("without its script the page shows the claim %q and buttons (%s) that do nothing", shown, buttons)
	}
	if on := eval[string](b, `getComputedStyle(document.querySelector('#c9 ~ .m')).backgroundColor`); on == "rgba(0, 0, 0, 0)" {
		t.Error("without its script the page does not mark the passage of its address")
	}
}

func TestColours(t *testing.T) {
	const background = `getComputedStyle(document.body).backgroundColor`
	b := open(t, story(t), "", desk)
	light := eval[string](b, background)
	b.click(`#theme`)
	b.expect(background + ` !== '` + light + `'`)
	b.run(chromedp.Reload())
	b.expect(background + ` !== '` + light + `' && document.querySelector('#theme').textContent === 'Light'`)
	b.click(`#theme`)
	b.expect(background + ` === '` + light + `'`)

	b = open(t, story(t), "", desk, dark())
	b.picture("council-dark")
	if eval[string](b, background) == light {
		t.Error("the page is light where the system is dark")
	}
}

func TestPhone(t *testing.T) {
	b := open(t, story(t), "", phone)
	b.picture("council-phone")
	if wide := eval[float64](b, `document.documentElement.scrollWidth`); wide > phone {
		t.Errorf("the page is %v wide on a phone of %d", wide, phone)
	}
	b.click(`article .m.q`)
	b.expect(`!document.querySelector('#card').hidden && getComputedStyle(document.querySelector('#card')).position === 'fixed'`)
}

func TestPrint(t *testing.T) {
	b := open(t, story(t), "", desk)
	pdf := value(b, chromedp.PrintToPDF(chromedp.PDFPrintBackground()))
	if pages := bytes.Count(pdf, []byte("/Type /Page\n")); !bytes.HasPrefix(pdf, []byte("%PDF")) || pages < 3 || pages > 12 {
		t.Errorf("printing gave %d bytes with %d pages", len(pdf), pages)
	}
	if dir := os.Getenv("ONRECORD_PICTURES"); dir != "" {
		if err := os.WriteFile(dir+"/council.pdf", pdf, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	b.run(media(emulation.SetEmulatedMediaParams{Media: "print"}))
	b.expect(`['#theme', 'nav', '.picks'].every(s => getComputedStyle(document.querySelector(s)).display === 'none')`)
	b.expect(`(e => { dispatchEvent(new Event('beforeprint')); return e.open; })(document.querySelector('#claim-1 details'))`)
	b.run(chromedp.Evaluate[chromedp.Void](`dispatchEvent(new Event('afterprint'))`))
	b.expect(`!document.querySelector('#claim-1 details').open`)
}

func TestHostileArticle(t *testing.T) {
	b := open(t, page.Render(pagetest.Hostile(), page.Options{}), "#c1", desk)
	b.expect(`document.querySelector('#claim-1').classList.contains('on')`)
	b.hover(`#text .m[data-i~="q1"]`)
	b.expect(`document.querySelector('#card').textContent.includes('<script>')`)
	b.click(`.pick[data-only="1"]`)
	// Whatever would load or run has had its turn then.
	eval[bool](b, `new Promise(done => setTimeout(() => requestAnimationFrame(() => done(true)), 200))`)
	if eval[bool](b, `'pwned' in window || document.querySelector('#card script, #card img') !== null`) {
		t.Error("words of the article ran")
	}
	// The policy would stop it if escaping did not.
	if strings.Contains(eval[string](b, `document.querySelector('meta[http-equiv]').content`), "unsafe") {
		t.Error("the policy lets inline scripts run")
	}
}

func TestTenThousandMarksStayQuick(t *testing.T) {
	b := open(t, page.Render(pagetest.Many(10_000, false), page.Options{}), "", desk)
	const timed = `(() => { const t = performance.now(); document.querySelector('.pick[data-only="3"]').click(); document.body.offsetHeight; return performance.now() - t; })()`
	took := eval[float64](b, timed)
	t.Logf("choosing a speaker among 10,000 marks took %.0f ms", took)
	// Half a second on a quiet machine; what is quadratic took fifteen.
	if took > 8000 {
		t.Errorf("choosing a speaker took %.0f ms", took)
	}
}

// axe asks axe-core for violations that are serious or worse.
func axe(b *browser) []string {
	b.t.Helper()
	file := os.Getenv("ONRECORD_AXE")
	if file == "" {
		b.t.Skip("ONRECORD_AXE does not name axe.min.js")
	}
	source, err := os.ReadFile(file)
	if err != nil {
		b.t.Fatal(err)
	}
	b.run(chromedp.Evaluate[chromedp.Void](string(source) + ";0"))
	return eval[[]string](b, `axe.run(document, {resultTypes: ['violations']}).then(r => r.violations
		.filter(v => v.impact === 'serious' || v.impact === 'critical')
		.map(v => v.id + ': ' + v.help + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160) + ' ' + n.failureSummary).join(' | ')))`)
}

func TestAccessible(t *testing.T) {
	council, fire := briefing(t, "council-budget.txt"), briefing(t, "harbour-fire.txt", "press-conference.txt", "mine-inquiry.txt")
	for name, c := range map[string]struct {
		page   []byte
		width  int64
		before []step
	}{
		"light":    {page.Render(council, page.Options{}), desk, nil},
		"dark":     {page.Render(council, page.Options{}), desk, []step{dark()}},
		"phone":    {page.Render(fire, page.Options{}), phone, nil},
		"long":     {page.Render(fire, page.Options{}), desk, []step{dark()}},
		"excerpts": {page.Render(fire, page.Options{Excerpts: true, Notes: []string{"This link works until 3 Mar 2026."}}), desk, nil},
		"hostile":  {page.Render(pagetest.Hostile(), page.Options{}), desk, nil},
	} {
		t.Run(name, func(t *testing.T) {
			b := open(t, c.page, "#c1", c.width, c.before...)
			b.picture("axe-" + name)
			for _, v := range axe(b) {
				t.Error(v)
			}
			// A place has no card, and the town of the dateline is the first mark.
			b.click(`article .m:is(.q, .c)`)
			b.expect(`!document.querySelector('#card').hidden`)
			for _, v := range axe(b) {
				t.Errorf("with the card open: %s", v)
			}
			b.run(chromedp.Evaluate[chromedp.Void](`document.querySelector('.pick[data-only="1"]').click()`))
			for _, v := range axe(b) {
				t.Errorf("with one speaker chosen: %s", v)
			}
		})
	}
}
