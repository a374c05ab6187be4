package page

import (
	"regexp"
	"strings"
	"sync"

	"golang.org/x/net/html/atom"
)

// more are the headings of what leads away from an article, folded. Beginnings
// that other headings share are not here.
var more = lazyWords(`
read more|read next|read also|also read|more on this|more on this story|more from|more stories|more news|more like this|related|related articles|
related stories|related article|related story|related content|related posts|related news|related topics|related links|related coverage|related reading|
related video|related videos|recommended|recommended for you|recommended stories|recommended reading|recommended articles|recommended videos|
recommended from editorial|you may also like|you might also like|you may like|you might like|you may be interested in|top stories|latest news|latest stories|
our latest stories|most read|most popular|most viewed|trending|trending now|trending stories|popular now|popular stories|editors picks|editor s picks|editors choice|
don t miss|keep reading|up next|what to read next|further reading|see also|also on|in case you missed it|must read|must reads|
share|share this|share this article|share this story|share on|follow us|follow us on|tags|topics|topics in this article|filed under|comments|leave a comment|
leave a reply|join the conversation|newsletter|subscribe|sign up|about the author|about the authors|about author|advertisement|advertising|sponsored|sponsored content|
promoted|promoted stories|partner content|table of contents|contents|in this article|on this page|jump to|read the full story|watch now|watch|watch below|
like loading|loading|article content|story continues below|article continues below|back to video|back to top|live reporting|breaking news|
auch interessant|mehr zum thema|zum thema|mehr dazu|mehr lesen|lesen sie auch|lesen sie mehr|das könnte sie auch interessieren|das könnte dich auch interessieren|
das könnte ihnen auch gefallen|die redaktion empfiehlt|empfehlungen der redaktion|weitere artikel|weitere themen|weitere nachrichten|ähnliche artikel|
meistgelesen|meistgelesene artikel|neueste artikel|aktuelle nachrichten|anzeige|werbung|werbung überspringen|empfohlener externer inhalt|externer inhalt|
externer inhalt nicht verfügbar|zitiervorschlag|teilen|artikel teilen|kommentare|schlagworte|themen|newsletter abonnieren|zur startseite|
über den autor|die autorin|der autor|zur person|darum geht s|darum gehts|inhaltsverzeichnis|
lire aussi|à lire aussi|a lire aussi|à découvrir|sur le même sujet|sur le même thème|articles liés|les plus lus|à la une|publicité|voir aussi|partager|commentaires|
lire plus|en savoir plus|pour aller plus loin|
leggi anche|leggi altro|articoli correlati|potrebbe interessarti|ti potrebbe interessare|pubblicità|condividi|commenti|i più letti|
lee también|lea también|leer más|te puede interesar|le puede interesar|también te puede interesar|artículos relacionados|noticias relacionadas|más noticias|
más información|más leídas|lo más leído|lo más visto|publicidad|compartir|comentarios|relacionados|
leia também|leia mais|veja também|saiba mais|notícias relacionadas|mais lidas|publicidade|compartilhe|
lees ook|lees meer|lees verder|meer over|gerelateerd|advertentie|deel dit artikel|
czytaj więcej|czytaj też|czytaj także|czytaj również|zobacz też|zobacz także|zobacz również|przeczytaj także|polecane|reklama|
čtěte také|přečtěte si|přečtěte si také|související|související články|související témata|
les også|relaterte artikler|annonse|läs också|läs mer|läs även|annons|relaterat|læs også|lue myös|
читайте также|по теме|реклама|читать также|материалы по теме|
ilgili haberler|i̇lgili haberler|sıradaki haber|関連記事|関連リンク|関連ニュース|あわせて読みたい|おすすめ情報|相关新闻|相关阅读|延伸阅读|推荐阅读|관련기사|관련뉴스`)

// lazyWords spares a program that reads no page the making of its lists.
func lazyWords(list string) func() map[string]bool {
	return sync.OnceValue(func() map[string]bool { return wordsOf(list) })
}

func wordsOf(list string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.SplitSeq(list, "|") {
		if w = fold(w); w != "" {
			m[w] = true
		}
	}
	return m
}

// adverts are the labels that stand alone, for what a script was to put there.
var adverts = lazyWords(`advertisement|advertising|sponsored|article content|story continues below|article continues below|anzeige|werbung|werbung überspringen|` +
	`publicité|pubblicità|publicidad|publicidade|advertentie|reklama|annonse|annons|реклама|like loading|loading|watch now|live reporting|breaking news`)

// label says whether a folded line is a heading of what is no part of the text.
func label(f string) bool {
	if more()[f] {
		return true
	}
	for _, tail := range []string{" stories", " back to video"} {
		if strings.HasPrefix(f, "more ") && strings.HasSuffix(f, tail) && len(f) < 40 {
			return true
		}
	}
	return strings.HasSuffix(f, " back to video")
}

// stamp says whether a line is a time or a date and nothing else.
var stampLine = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^(?:(?:updated|published|posted|stand|aktualisiert|mis à jour|publié|actualizado|aggiornato|am|le|il|el|kl\.?|at)\s*:?\s*)*` +
		`(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+)?` +
		`(?:\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?\s*(?:[ap]\.?m\.?)?|\d{1,2}[./-]\s?\d{1,2}[./-]\s?\d{2,4}|\d{4}-\d{2}-\d{2}|\d{1,2}\.?\s\p{L}{3,10}\.?,?\s\d{4}|\p{L}{3,10}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s\d{4}|\d{9,11}|\d{1,2}\s(?:minutes?|hours?|days?|weeks?|months?|years?)\sago|\d{1,2}\smin(?:ute)?s?\sread)` +
		`(?:[\s,|–-]+(?:at|um|kl\.?|à)?\s*\d{1,2}[:.h]\d{2}(?:\s*[ap]\.?m\.?)?)?(?:\s*(?:uhr|gmt|utc|e[sd]?t|p[sd]?t|ist|bst|cet|cest|h|z|wib))?$`)
})

func stamp(s string) bool { return len(s) < 60 && stampLine().MatchString(s) }

// pleas are what pages ask of their readers and say of themselves, in the words
// that all sites use. They are looked for in short blocks only.
var pleas = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)(?:` + strings.Join([]string{
		`\b(?:sign up|subscribe|register)\b.{0,60}\b(?:newsletters?|inbox|alerts|updates|emails?|podcast|channel|whatsapp|today|now)\b`,
		`\bnewsletters?\b.{0,60}\b(?:sign up|subscribe|register|abonnieren|anmelden|inscri|suscr[ií]b|iscriv)`,
		`\b(?:delivered|sent) (?:straight |directly )?to your (?:inbox|email)`,
		`^(?:follow|like|join|find|connect with) .{1,60}\bon (?:twitter|x|facebook|instagram|google news|linkedin|telegram|whatsapp|youtube|tiktok|bluesky|apple news)\b`,
		`^follow .{0,60}@\w+`,
		`^(?:download|get|install) (?:the|our) .{0,40}\bapp\b`,
		`\ball rights reserved\b`,
		`^(?:copyright\b|©|\(c\) ?(?:19|20)\d\d)`,
		`\bmay not be (?:published|reproduced|republished|distributed)\b`,
		`\bwe (?:and our partners )?use cookies\b|\bthis (?:web)?site uses cookies\b|\bcookie (?:policy|settings|preferences|consent)\b`,
		`\bopt(?:ing)?[- ]out\b.{0,80}\b(?:ccpa|cookies|sale|advert)|\bccpa\b`,
		`\bplease enable (?:javascript|cookies)\b|\bjavascript is (?:disabled|required)\b`,
		`\b(?:this|our) (?:article|post|page|story) (?:may )?contains? affiliate links?\b|\bwe (?:may )?(?:earn|receive) (?:a |an )?(?:small )?(?:affiliate )?commission`,
		`\bvideo (?:has )?failed to load\b|\btry refreshing your browser\b`,
		`\breserved for subscribers\b|\balready (?:a subscriber|have an account)\b|\b(?:unlock|access) (?:this|more) articles?\b|\bto continue reading\b`,
		`^(?:click|tap) here (?:to|for)\b`,
		`^(?:got a tip|do you have (?:a story|information)|have a story)\b`,
		`\bbookmark (?:our|this)\b|\bmake sure to bookmark\b|\bplease bookmark\b`,
		`\bpreferred source\b`,
		`^(?:abonnieren sie|abonniere |jetzt abonnieren|folgen sie uns|folge uns|hier geht es zu)|\b(?:newsletter|whatsapp-kanal)\b.{0,60}\b(?:abonnier|anmeld|bestell|richtig)`,
		`\bprivatsphäre-einstellungen\b|\bexternen? inhalte?n?\b.{0,80}\b(?:anzeigen|geladen|zustimm|akzeptier|einwillig)`,
		`^>> ?(?:hier|sie|mehr|zum|lesen)`,
		`^(?:inscrivez-vous|abonnez-vous|suivez-nous|retrouvez-nous)\b`,
		`^(?:suscr[ií]bete|s[ií]guenos|reg[ií]strate|inscríbete)\b`,
		`^(?:iscriviti|seguici|abbonati)\b`,
		`^(?:assine|siga-nos|siga o|inscreva-se)\b`,
	}, "|") + `)`)
})

// leads are the beginnings of a line that points to another article.
var leads = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^(?:read (?:more|also|next|full story|the full story)|also read|see also|related(?: (?:article|story|stories|video))?|watch|more|don['’]t miss|must read|` +
		`lesen sie (?:auch|hier|dazu)|lies auch|mehr zum thema|mehr dazu|auch interessant|zum thema|lire aussi|à lire aussi|voir aussi|leggi anche|leggi qui|` +
		`le[ea] también|lee más|te puede interesar|le puede interesar|leia (?:também|mais)|veja também|lees ook|czytaj (?:więcej|też|także|również)|zobacz (?:też|także)|` +
		`les også|läs (?:också|mer|även)|læs også|lue myös|читайте также|čtěte také)\s*(?::|»|>|–|-|\||→|▶)`)
})

// credit are the lines beneath pictures.
var (
	credit = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)^(?:\(?(?:photos?|fotos?|images?|bild(?:er)?|picture|photograph|photographer|illustration|grafik|graphic|credit|quelle|video|zdj(?:ęcie)?\.?|feature image)(?: credit| courtesy| by| by:| from| via|:| :|\s?©|/)|©|\[?image:)`)
	})
	// agencies end the lines beneath their pictures.
	agencies = []string{
		"/getty images", "via getty images", "/ap photo", "(ap photo", "/afp", "/reuters", "/dpa", "imago image", "/shutterstock", "/unsplash",
		"/istock", "/epa", "via ap", "via reuters", "/alamy", "/picture alliance",
	}
)

// credited says whether a line is the credit of a picture.
func credited(t string) bool {
	if credit().MatchString(t) {
		return true
	}
	low := strings.ToLower(t[max(0, len(t)-60):])
	for _, a := range agencies {
		if i := strings.LastIndex(low, a); i >= 0 && !strings.Contains(strings.TrimRight(low[i+len(a):], ".)"), ".") {
			return true
		}
	}
	return false
}

func boilerplate(k *block) bool {
	t := k.text
	switch {
	case k.letters < 1500 && strings.Count(t, "cookies") > 1 && strings.Contains(t, "your"):
		return true
	case k.letters > 420:
		return false
	case leads().MatchString(t) && (k.letters < 120 || k.linked*3 > k.letters):
		return true
	case k.letters < 170 && credited(t) && !strings.Contains(t, `"`):
		return true
	case k.letters < 30 && strings.Trim(t, "*-–—_=•·. ") == "":
		return true
	}
	return pleading(t)
}

// hints are the words one of which every plea has; they spare most blocks the
// expression.
var hints = strings.Fields(`sign subscri regist newsletter inbox mail follow like join find connect app rights copyright © (c) publi reproduc distribut cookie opt ccpa
	javascript affiliate commission video browser account unlock access reading click tap tip story information bookmark preferred abonn folge hier
	kanal privatsph extern >> inscri retrouv suiv suscr sígu sigue iscriv segui abbon assin siga`)

func pleading(t string) bool {
	low := strings.ToLower(t)
	for _, h := range hints {
		if strings.Contains(low, h) {
			return pleas().MatchString(t)
		}
	}
	return false
}

// boxes drops small elements that a heading of more introduces, and the tail of
// the text when such a heading stands before a list of teasers.
func (b *body) boxes() {
	l := b.layout
	labels := 0
	for i := b.start; i < b.end; i++ {
		k := &l.blocks[i]
		if k.letters >= 40 || k.in.clutter > roleDek && k.in.clutter != roleVeiled || !(label(fold(k.text)) || leads().MatchString(k.text+":")) {
			continue
		}
		k.keep = false
		if labels++; labels > 500 {
			continue
		}
		if adverts()[fold(k.text)] {
			continue
		}
		// The box: the largest small element around the heading.
		var box *element
		for e := k.in; e != nil && e != b.in && e.last-e.first <= 14; e = e.parent {
			letters, linked := 0, 0
			for j := e.first; j < e.last; j++ {
				letters += l.blocks[j].letters
				linked += l.blocks[j].linked
			}
			if letters > 900 {
				break
			}
			if e.last-e.first > 1 && linked >= 15 && linked*8 > letters {
				box = e
			}
		}
		if box != nil && i <= box.first+1 {
			for j := box.first; j < box.last; j++ {
				l.blocks[j].keep = false
			}
			continue
		}
		// The tail: nothing but lines that are no paragraphs, and few of them.
		prose, rest := 0.0, 0
		for j := i + 1; j < b.end; j++ {
			if l.blocks[j].keep {
				rest++
				if o := &l.blocks[j]; o.letters > 160 || o.letters > 60 && o.linked == 0 && ended(o.text) {
					prose += o.prose
				}
			}
		}
		if heading(k.tag) || k.bold*2 > k.letters || k.tag == atom.P || k.tag == 0 {
			if prose == 0 && rest > 0 && rest <= 25 && i > b.start+(b.end-b.start)/2 {
				for j := i + 1; j < b.end; j++ {
					l.blocks[j].keep = false
				}
			}
		}
	}
}

// captions drops lines that stand alone beside a picture in an element of
// their own.
func (b *body) captions() {
	l := b.layout
	for i := b.start; i < b.end; i++ {
		k := &l.blocks[i]
		if !k.keep || k.letters > 220 || heading(k.tag) || k.tag == atom.Li || k.tag == atom.Tr {
			continue
		}
		e := k.in.parent
		for range 2 {
			if e == nil || e == b.in || e.last-e.first > 2 {
				break
			}
			if m := first(e.node, atom.Img); m != nil && first(k.in.node, atom.Img) == nil {
				k.keep = false
				break
			}
			e = e.parent
		}
	}
}
