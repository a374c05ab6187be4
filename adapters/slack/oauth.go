package slack

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"onrecord/install"
)

// The installation in a workspace, https://docs.slack.dev/authentication/installing-with-oauth:
// /slack/install sends the browser to Slack with a state; Slack asks whoever
// installs, and sends the browser back to /slack/oauth_redirect with the state and
// a code, which is exchanged for the token.
//
// The state is a time and a signature over that time and a random word that only
// the browser has, as a cookie: so nobody can make another's browser end an
// installation that it did not begin, nothing is kept here, and every process can
// end what another one began.

const (
	stateLasts  = 10 * time.Minute // as long as Slack's code
	stateCookie = "onrecord_install"
	wordSize    = 24 // random bytes
)

// authorizeURL is Slack's page that asks for consent, beside the API.
func (p *Platform) authorizeURL() (*url.URL, error) {
	base, err := url.Parse(p.o.APIURL)
	if err != nil {
		return nil, err
	}
	return base.Parse("../oauth/v2/authorize")
}

// cookieName is the cookie's name. With the prefix a browser takes it from this
// very host only, and by TLS.
func (p *Platform) cookieName() string {
	if p.o.PublicURL.Scheme == "https" {
		return "__Host-" + stateCookie
	}
	return stateCookie
}

func (p *Platform) cookie(value string, age int) *http.Cookie {
	return &http.Cookie{
		Name: p.cookieName(), Value: value, Path: "/", MaxAge: age,
		HttpOnly: true, Secure: p.o.PublicURL.Scheme == "https", SameSite: http.SameSiteLaxMode, // Slack's page sends the browser here
	}
}

// newState is the state for a browser that has a word, good until then.
func (p *Platform) newState(word string, until time.Time) string {
	data := binary.BigEndian.AppendUint64(nil, uint64(until.Unix())) //nolint:gosec // after 1970
	mac := hmac.New(sha256.New, p.stateKey)
	mac.Write(data)
	mac.Write([]byte(word))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(data))
}

var (
	errForged  = errors.New("state not made here for this browser")
	errExpired = errors.New("state too old")
)

// checkState looks whether a state was made for the browser that has a word.
func (p *Platform) checkState(state, word string, now time.Time) error {
	data, err := base64.RawURLEncoding.Strict().DecodeString(state)
	if err != nil || len(data) != 8+sha256.Size || word == "" {
		return errForged
	}
	until := time.Unix(int64(binary.BigEndian.Uint64(data)), 0) //nolint:gosec // signed, or it is refused
	if !hmac.Equal([]byte(state), []byte(p.newState(word, until))) {
		return errForged
	}
	if now.After(until) {
		return errExpired
	}
	return nil
}

func (p *Platform) beginInstall(w http.ResponseWriter, r *http.Request) {
	headers(w)
	to, err := p.authorizeURL()
	if err != nil {
		p.page(w, http.StatusInternalServerError, "Nothing was installed", "The address of Slack's API is none: whoever runs this bot has to correct it.", "")
		return
	}
	word := make([]byte, wordSize)
	_, _ = rand.Read(word) // never fails
	cookie := base64.RawURLEncoding.EncodeToString(word)
	to.RawQuery = url.Values{
		"client_id": {p.o.ClientID}, "scope": {strings.Join(scopes(), ",")}, "user_scope": {""},
		"redirect_uri": {p.address("/slack/oauth_redirect")}, "state": {p.newState(cookie, time.Now().Add(stateLasts))},
	}.Encode()
	http.SetCookie(w, p.cookie(cookie, int(stateLasts.Seconds())))
	http.Redirect(w, r, to.String(), http.StatusFound)
}

func (p *Platform) endInstall(w http.ResponseWriter, r *http.Request) {
	headers(w)
	again := " Begin again at " + p.address("/slack/install") + "."
	q := r.URL.Query()
	word := ""
	if c, err := r.Cookie(p.cookieName()); err == nil {
		word = c.Value
	}
	http.SetCookie(w, p.cookie("", -1)) // it is good for one try
	const nothing = "Nothing was installed"
	switch err := p.checkState(q.Get("state"), word, time.Now()); {
	case errors.Is(err, errExpired):
		p.page(w, http.StatusForbidden, nothing, "That took more than ten minutes."+again, "")
		return
	case err != nil:
		p.log.WarnContext(r.Context(), "an installation that did not begin here was refused")
		p.page(w, http.StatusForbidden, nothing, "This did not begin in this browser, or it was finished before."+again, "")
		return
	}
	switch code := q.Get("error"); {
	case code == "access_denied":
		p.page(w, http.StatusOK, nothing, "You did not allow it, and nothing of your workspace was stored."+again, "")
		return
	case code != "" || q.Get("code") == "":
		p.log.WarnContext(r.Context(), "slack ended an installation", "code", clip(clean(code), 60))
		p.page(w, http.StatusBadRequest, nothing, "Slack did not agree."+again, "")
		return
	}
	live, ok := p.enter()
	if !ok {
		w.Header().Set("Retry-After", "5")
		p.page(w, http.StatusServiceUnavailable, nothing, "The bot is about to stop or to start."+again, "")
		return
	}
	defer live.wg.Done()
	// Whoever closes the browser now has installed it all the same.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), callTimeout)
	defer cancel()
	status, title, text, link := p.installed(ctx, q.Get("code"), again)
	p.page(w, status, title, text, link)
}

// installed exchanges the code and keeps the installation. It says what happened.
func (p *Platform) installed(ctx context.Context, code, again string) (status int, title, text, link string) {
	title = "Nothing was installed"
	var got *slack.OAuthV2Response
	err := once(ctx, &p.gates, "oauth.v2.access", func(ctx context.Context) (err error) {
		got, err = slack.GetOAuthV2ResponseContext(ctx, p.client, p.o.ClientID, p.o.ClientSecret, code, p.address("/slack/oauth_redirect"), slack.OAuthOptionAPIURL(p.o.APIURL))
		return err
	})
	if err != nil {
		p.log.WarnContext(ctx, "slack does not give a token", "code", errorCode(err), "error", safe(err))
		switch errorCode(err) {
		case "invalid_code", "code_already_used", "code_expired":
			return http.StatusForbidden, title, "This was finished before, or took too long." + again, ""
		case "bad_client_secret", "invalid_client_id", "bad_redirect_uri", "invalid_client":
			return http.StatusBadGateway, title, "Slack does not know this bot (" + errorCode(err) + "): whoever runs it has to compare SLACK_CLIENT_ID, SLACK_CLIENT_SECRET and the redirect URL with the app's pages.", ""
		}
		return http.StatusBadGateway, title, "Slack could not be asked for a token." + again, ""
	}
	s := p.newSeat(got.Team.ID, got.BotUserID, got.AccessToken)
	switch {
	case got.IsEnterpriseInstall || got.Team.ID == "":
		p.uninstall(ctx, s)
		return http.StatusForbidden, title, "This bot cannot be installed for a whole Enterprise organisation. Install it in each workspace that is to have it: choose the workspace at the top of Slack's page." + again, ""
	case got.TokenType != "bot" || got.AccessToken == "" || got.BotUserID == "":
		return http.StatusBadGateway, title, "Slack gave no token of a bot: the app lacks a bot user, which the manifest gives it.", ""
	case !p.admits(got.Team.ID):
		p.uninstall(ctx, s)
		p.log.InfoContext(ctx, "an installation was refused: the workspace is not on the list", "workspace", got.Team.ID)
		return http.StatusForbidden, title, "Whoever runs this bot has a list of workspaces, and this one (" + got.Team.ID + ") is not on it. The app was taken out again.", ""
	}
	in := install.Installation{
		Platform: lane, Workspace: got.Team.ID, Enterprise: got.Enterprise.ID, Name: clip(clean(got.Team.Name), 100), Bot: got.BotUserID,
		Scopes: strings.FieldsFunc(got.Scope, func(r rune) bool { return r == ',' || r == ' ' }), Installer: got.AuthedUser.ID, At: time.Now(),
		Secret: install.Secret{Token: got.AccessToken, Refresh: got.RefreshToken},
	}
	if got.ExpiresIn > 0 {
		in.Expires = in.At.Add(time.Duration(got.ExpiresIn) * time.Second)
	}
	if err := p.o.Installs.Put(ctx, in); err != nil {
		p.log.ErrorContext(ctx, "an installation could not be kept", "workspace", in.Workspace, "error", err)
		return http.StatusServiceUnavailable, title, "The bot could not write it down: its database does not answer. Try again in a minute." + again, ""
	}
	p.unseat(in.Workspace)
	p.log.InfoContext(ctx, "the app was installed in a workspace", "workspace", in.Workspace)
	if teamID.MatchString(in.Workspace) && appID.MatchString(got.AppID) {
		link = "https://slack.com/app_redirect?app=" + got.AppID + "&team=" + in.Workspace
	}
	return http.StatusOK, "Installed in " + in.Name, "In Slack, type /" + p.o.Prefix + "brief and a link, in any channel. Invite the bot where it is to be mentioned.", link
}

var (
	teamID = regexp.MustCompile(`^[TE][A-Z0-9]{1,20}$`)
	appID  = regexp.MustCompile(`^A[A-Z0-9]{1,20}$`)
)

// uninstall takes the app out of a workspace that it may not be in.
func (p *Platform) uninstall(ctx context.Context, s *seat) {
	if s.token == "" {
		return
	}
	err := s.once(ctx, "apps.uninstall", func(ctx context.Context) error {
		return s.api.UninstallAppContext(ctx, p.o.ClientID, p.o.ClientSecret)
	})
	if err != nil {
		p.log.WarnContext(ctx, "the app could not be taken out of a workspace", "workspace", s.team, "code", errorCode(err), "error", safe(err))
	}
}

// headers lets nothing of a page run, and nobody keep or frame it.
func headers(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Robots-Tag", "noindex, nofollow")
	h.Set("X-Frame-Options", "DENY")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}

// page says what happened. html/template would cost 13 MB: it looks methods up by
// name, so that none is left out of the program (ADR 7).
func (p *Platform) page(w http.ResponseWriter, status int, title, text, link string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	title = html.EscapeString(title)
	var b strings.Builder
	b.WriteString(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>` + title + `</title></head>
<body><main><h1>` + title + `</h1><p>` + html.EscapeString(text) + `</p>`)
	if link != "" {
		b.WriteString(`<p><a href="` + html.EscapeString(link) + `">Open Slack</a></p>`)
	}
	b.WriteString("</main></body></html>\n")
	_, _ = io.WriteString(w, b.String()) // whoever asked has gone if it fails
}
