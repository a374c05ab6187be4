package slackfake

import (
	"crypto/subtle"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Workspace is one that may install the app. [TeamID] is there from the beginning.
type Workspace struct {
	ID, Name   string
	Enterprise string
}

// Consent is what whoever sits before Slack's page decides.
type Consent struct {
	Workspace string
	User      string
	Deny      bool
	OrgWide   bool // for the whole organisation, where the app may
}

// grant is a token of the bot.
type grant struct {
	team, refresh string
	until         time.Time // zero for ever
	gone          string    // why it does not work any more
}

// code is what the page gives for a token.
type code struct {
	Consent
	redirect string
	scopes   string
	until    time.Time
	used     bool
}

// AddWorkspace adds a workspace. Its users and channels name it.
func (s *Server) AddWorkspace(w Workspace) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.workspaces[w.ID] = &w
}

// Decide says what the next ones who see Slack's page do.
func (s *Server) Decide(c Consent) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.consent = c
}

// Redirects sets the one address that the app is registered with.
func (s *Server) Redirects(to string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.redirect = to
}

// Client is what the app exchanges codes with.
func (s *Server) Client() (id, secret string) { return s.o.ClientID, s.o.ClientSecret }

// BotUserIn is the bot's user in a workspace.
func BotUserIn(team string) string {
	if team == "" || team == TeamID {
		return BotUser
	}
	return "UB" + strings.TrimPrefix(team, "T")
}

// TokensOf are the tokens that a workspace has given and that still work.
func (s *Server) TokensOf(team string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tokensOf(team)
}

func (s *Server) tokensOf(team string) []string {
	var all []string
	for token, g := range s.grants {
		if g.team == team && g.gone == "" && (g.until.IsZero() || time.Now().Before(g.until)) {
			all = append(all, token)
		}
	}
	slices.Sort(all)
	return all
}

// ExpireTokens lets the time of all tokens that have one be over soon.
func (s *Server) ExpireTokens(in time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, g := range s.grants {
		if !g.until.IsZero() {
			g.until = time.Now().Add(in)
		}
	}
}

// authorize is Slack's page: it asks and sends the browser back.
func (s *Server) authorize(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := r.URL.Query()
	bad := func(format string, args ...any) {
		s.problem(format, args...)
		http.Error(w, "invalid_parameters", http.StatusBadRequest)
	}
	switch {
	case q.Get("client_id") != s.o.ClientID:
		bad("authorize: client_id %q", q.Get("client_id"))
		return
	case q.Get("redirect_uri") != s.redirect:
		bad("authorize: bad_redirect_uri %q", q.Get("redirect_uri"))
		return
	case q.Get("scope") == "" || q.Get("state") == "":
		bad("authorize: no scope or state in %s", r.URL.RawQuery)
		return
	}
	for scope := range strings.SplitSeq(q.Get("scope"), ",") {
		if !slices.Contains(s.o.Scopes, scope) {
			bad("authorize: invalid_scope %q", scope)
			return
		}
	}
	back, err := url.Parse(q.Get("redirect_uri"))
	if err != nil {
		bad("authorize: %v", err)
		return
	}
	answer := url.Values{"state": {q.Get("state")}}
	if s.consent.Deny {
		answer.Set("error", "access_denied")
	} else {
		id := s.id("code.")
		s.codes[id] = &code{Consent: s.consent, redirect: q.Get("redirect_uri"), scopes: q.Get("scope"), until: time.Now().Add(10 * time.Minute)}
		answer.Set("code", id)
	}
	back.RawQuery = answer.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

// access is oauth.v2.access. The lock is held.
func (s *Server) access(p params) map[string]any {
	if p.get("client_id") != s.o.ClientID {
		return failed("invalid_client_id")
	}
	if subtle.ConstantTimeCompare([]byte(p.get("client_secret")), []byte(s.o.ClientSecret)) != 1 {
		return failed("bad_client_secret")
	}
	if p.get("grant_type") == "refresh_token" {
		return s.refresh(p.get("refresh_token"))
	}
	c := s.codes[p.get("code")]
	switch {
	case c == nil || c.used || time.Now().After(c.until):
		return failed("invalid_code")
	case c.redirect != p.get("redirect_uri"):
		return failed("bad_redirect_uri")
	}
	c.used = true
	w := s.workspaces[c.Workspace]
	answer := s.granted(c.Workspace)
	answer["scope"], answer["authed_user"] = c.scopes, map[string]any{"id": c.User}
	answer["is_enterprise_install"] = c.OrgWide
	if w.Enterprise != "" {
		answer["enterprise"] = map[string]any{"id": w.Enterprise, "name": "The Group"}
	}
	if c.OrgWide {
		answer["team"] = nil
	}
	return answer
}

// granted makes a token for a workspace.
func (s *Server) granted(team string) map[string]any {
	token := s.id("xoxb-" + team + "-")
	if s.o.Rotate > 0 {
		token = "xoxe." + token
	}
	g := &grant{team: team}
	answer := map[string]any{
		"access_token": token, "token_type": "bot", "bot_user_id": BotUserIn(team), "app_id": AppID,
		"team": map[string]any{"id": team, "name": s.workspaces[team].Name}, "enterprise": nil, "is_enterprise_install": false,
	}
	if s.o.Rotate > 0 {
		g.refresh, g.until = s.id("xoxe-1-"), time.Now().Add(s.o.Rotate)
		answer["refresh_token"], answer["expires_in"] = g.refresh, int(s.o.Rotate.Seconds())
	}
	s.grants[token] = g
	s.change()
	return answer
}

// refresh gives the next token for a refresh token, which works once.
func (s *Server) refresh(with string) map[string]any {
	for _, g := range s.grants {
		if with != "" && g.refresh == with && g.gone == "" {
			g.refresh = ""
			return s.granted(g.team)
		}
	}
	return failed("invalid_refresh_token")
}

// uninstalled is apps.uninstall, or the button in the workspace: the tokens end,
// and the app is told. The lock is held.
func (s *Server) uninstalled(team string) (events []map[string]any) {
	for _, g := range s.grants {
		if g.team == team && g.gone == "" {
			g.gone = "account_inactive"
		}
	}
	return []map[string]any{
		{"type": "tokens_revoked", "tokens": map[string]any{"oauth": []string{}, "bot": []string{BotUserIn(team)}}},
		{"type": "app_uninstalled"},
	}
}

// RevokeIn ends the tokens of a workspace without telling the app.
func (s *Server) RevokeIn(team, why string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, g := range s.grants {
		if g.team == team && g.gone == "" {
			g.gone = why
		}
	}
}

// UninstallFrom takes the app out of a workspace.
func (s *Server) UninstallFrom(team string) {
	s.mu.Lock()
	payloads := s.payloads(team, s.uninstalled(team))
	s.mu.Unlock()
	for _, p := range payloads {
		s.deliver("events_api", p, "")
	}
}

// EventIn delivers an event of any kind in a workspace, of a time that may be past.
func (s *Server) EventIn(team string, e map[string]any, at time.Time) {
	s.mu.Lock()
	p := s.payloadIn(team, e, at)
	s.mu.Unlock()
	s.deliver("events_api", p, "")
}

// teamOf is the workspace of a token, or the error that Slack answers with. The
// lock is held.
func (s *Server) teamOf(token string) (team, failure string) {
	if token == s.o.BotToken {
		return TeamID, s.revoked
	}
	g := s.grants[token]
	switch {
	case g == nil:
		return "", "invalid_auth"
	case g.gone != "":
		return "", g.gone
	case !g.until.IsZero() && time.Now().After(g.until):
		return "", "token_expired"
	}
	return g.team, ""
}

// inTeam is the workspace that something belongs to.
func inTeam(team string) string {
	if team == "" {
		return TeamID
	}
	return team
}

// teamOfUser is the workspace of a user, of a channel the same. The lock is held.
func (s *Server) teamOfUser(id string) string {
	if u := s.users[id]; u != nil {
		return inTeam(u.Team)
	}
	return TeamID
}

func (s *Server) teamOfChannel(id string) string {
	if c := s.channels[id]; c != nil {
		return inTeam(c.Team)
	}
	return TeamID
}

// domain is a workspace's part of an address.
func domain(team string) string {
	if inTeam(team) == TeamID {
		return "news"
	}
	return strings.ToLower(fmt.Sprint("w-", team))
}
