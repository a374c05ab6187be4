package article

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"onrecord/article/internal/page"
)

func TestJudge(t *testing.T) {
	text := func(words int) string { return strings.TrimSpace(strings.Repeat("ferry ", words)) }
	tests := []struct {
		name string
		from string
		page page.Page
		want error
	}{
		{"article", "https://example.com/a", page.Page{Kind: page.KindArticle, Text: text(400)}, nil},
		{"short article", "https://example.com/a", page.Page{Kind: page.KindArticle, Text: text(60)}, nil},
		{"unmarked article", "https://example.com/a", page.Page{Text: text(400), LinkShare: .3}, nil},
		{"dialogue over an article", "https://example.com/a", page.Page{Wall: page.WallCookie, Text: text(400)}, nil},
		{"whole text, called not free", "https://example.com/a", page.Page{Paywalled: true, Text: text(80)}, nil},
		{"front page that is an article", "https://example.com/", page.Page{Kind: page.KindArticle, Text: text(400)}, nil},
		{"file", "", page.Page{Text: text(400)}, nil},

		{"cookie wall", "https://example.com/a", page.Page{Wall: page.WallCookie, Text: text(60)}, ErrCookieWall},
		{"login", "https://example.com/a", page.Page{Wall: page.WallLogin, Text: text(20)}, ErrLogin},
		{"paywall", "https://example.com/a", page.Page{Wall: page.WallLogin, Paywalled: true, Text: text(90)}, ErrPaywall},
		{"preview", "https://example.com/a", page.Page{Paywalled: true, Kind: page.KindArticle, Text: text(40)}, ErrPaywall},
		{"robot", "https://example.com/a", page.Page{Wall: page.WallRobot, Text: text(10)}, ErrForbidden},
		{"script", "https://example.com/a", page.Page{Wall: page.WallScript, Text: text(5)}, ErrScript},
		{"consent host", "https://consent.example.com/collect?x", page.Page{Text: text(100)}, ErrCookieWall},
		{"login address", "https://example.com/account/login?next=/a", page.Page{Text: text(40)}, ErrLogin},
		{"soft 404", "https://example.com/a", page.Page{Title: "Page not found", Text: text(60)}, ErrNotFound},
		{"video", "https://example.com/v", page.Page{Kind: page.KindVideo, Text: text(30)}, ErrVideo},
		{"section", "https://example.com/news", page.Page{Kind: page.KindIndex, Text: text(90)}, ErrNotArticle},
		{"long section", "https://example.com/news", page.Page{Kind: page.KindIndex, Text: text(900), LinkShare: .8}, ErrNotArticle},
		{"links", "https://example.com/news", page.Page{Text: text(20), LinkShare: .9}, ErrNotArticle},
		{"front page", "https://example.com/", page.Page{Text: text(300)}, ErrNotArticle},
		{"nothing", "https://example.com/a", page.Page{}, ErrNearEmpty},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var from *url.URL
			if tt.from != "" {
				u, err := url.Parse(tt.from)
				if err != nil {
					t.Fatal(err)
				}
				from = u
			}
			err := judge(&tt.page, from)
			if tt.want == nil {
				if err != nil {
					t.Error(err)
				}
				return
			}
			checkError(t, err, tt.want)
		})
	}
}

// Extract takes a page as it is, walls and all.
func TestExtract(t *testing.T) {
	a, err := Extract([]byte(webpage), "", "https://example.com/x/")
	if err != nil || a.Title != "Ferry runs again" || a.URL != "https://example.com/2026/03/ferry" || a.Words < 80 {
		t.Errorf("got %+v, %v", a, err)
	}
	if a, err := Extract([]byte("<html><body>Log in</body></html>"), "", ""); err != nil {
		t.Errorf("got %+v, %v", a, err)
	}
	if _, err := Extract([]byte("\x00\x01\x02\x03"), "", ""); !errors.Is(err, ErrBinary) {
		t.Errorf("got %v", err)
	}
}
