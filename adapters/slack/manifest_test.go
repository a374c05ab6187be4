package slack

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The manifest asks for the scopes that the methods and events which the code
// uses need, and for no other.
func TestScopes(t *testing.T) {
	needs := map[string]string{
		"PostMessageContext":            "chat:write",
		"PostEphemeralContext":          "chat:write",
		"UpdateMessageContext":          "chat:write",
		"DeleteMessageContext":          "chat:write",
		"GetUserInfoContext":            "users:read",
		"OpenConversationContext":       "im:write",
		"GetConversationInfoContext":    "channels:read",
		"GetFileInfoContext":            "files:read",
		"GetUploadURLExternalContext":   "files:write",
		"CompleteUploadExternalContext": "files:write",
		"AuthTestContext":               "",
		"OpenViewContext":               "",
		"PublishViewContext":            "",
		"StartSocketModeContext":        "",
		"UploadToURL":                   "",
	}
	want := []string{"commands", "app_mentions:read", "im:history"} // slash commands and the two events
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		source, err := os.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`p\.api\.(\w+)\(`).FindAllStringSubmatch(string(source), -1) {
			scope, known := needs[m[1]]
			if !known {
				t.Errorf("%s calls %s: which scope does that need?", f.Name(), m[1])
			}
			if scope != "" && !slices.Contains(want, scope) {
				want = append(want, scope)
			}
		}
	}
	slices.Sort(want)
	got := scopes()
	slices.Sort(got)
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("scopes (-manifest +needed):\n%s", diff)
	}
	for _, s := range got {
		if !regexp.MustCompile(`(?m)^\s+- ` + s + ` +# \S`).MatchString(Manifest) {
			t.Errorf("%s is not explained", s)
		}
	}
}

// The manifest and the code call things by the same names.
func TestManifest(t *testing.T) {
	if diff := cmp.Diff(listed("bot_events"), []string{"app_home_opened", "app_mention", "app_uninstalled", "message.im", "tokens_revoked"}); diff != "" {
		t.Errorf("events (-manifest +code):\n%s", diff)
	}
	for _, want := range []string{
		"callback_id: " + shortcutForm, "callback_id: " + shortcutMessage,
		"command: /brief", "command: /quotes", "command: /claims", "command: /check", "command: /compare", "command: /said", "socket_mode_enabled: true", "messages_tab_read_only_enabled: false",
	} {
		if !strings.Contains(Manifest, want) {
			t.Errorf("the manifest lacks %q", want)
		}
	}
	if strings.Contains(Manifest, "\t") {
		t.Error("YAML knows no tabs")
	}
}

// Slack's markup of what people wrote becomes what they wrote.
func TestReadable(t *testing.T) {
	for _, test := range []struct {
		in, text string
		links    []string
	}{
		{"<@U0BOT> claims <https://a.example/x?a=1&amp;b=2|a.example>", "claims https://a.example/x?a=1&b=2", []string{"https://a.example/x?a=1&b=2"}},
		{"&lt;b&gt; &amp;amp; x", "<b> &amp; x", nil},
		{"<!channel> <!here|@here> <!subteam^S1|@desk> <!date^1^{date}|Monday>", "@channel @here @desk Monday", nil},
		{"<#C1|news> <@U1|ann> <@U2>", "#news @ann @U2", nil},
		{"<mailto:a@b.example|a@b.example> <tel:123>", "a@b.example 123", nil},
		{"<https://a.example> <https://a.example>", "https://a.example https://a.example", []string{"https://a.example"}},
		{"<javascript:alert(1)|x> < <> <|>", "javascript:alert(1) <", nil},
		{"a < b", "a < b", nil},
		{"", "", nil},
	} {
		text, links := readable(test.in, "U0BOT")
		if text = strings.Join(strings.Fields(text), " "); text != test.text || !slices.Equal(links, test.links) {
			t.Errorf("readable(%q) = %q, %q", test.in, text, links)
		}
	}
}

func FuzzReadable(f *testing.F) {
	f.Add("<@U0BOT> <https://a.example|x> &amp; <!here>", "U0BOT")
	f.Fuzz(func(t *testing.T, s, bot string) {
		_, links := readable(s, bot)
		for _, l := range links {
			if !strings.HasPrefix(l, "http://") && !strings.HasPrefix(l, "https://") {
				t.Errorf("a link %q", l)
			}
		}
	})
}
