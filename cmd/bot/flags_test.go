package main

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/alexflint/go-arg"
	"github.com/google/go-cmp/cmp"
)

// parsed reads a command line, written with blanks, under an environment.
func parsed(line string, env map[string]string) (commands, command, error) {
	var cmds commands
	c, err := parse(&cmds, strings.Fields(line), func(name string) (string, bool) {
		value, ok := env[name]
		return value, ok
	})
	return cmds, c, err
}

func TestParse(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte(" redis://file:1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	type env = map[string]string
	for _, test := range []struct {
		line string
		env  env
		get  func(commands) any
		want any
	}{
		{"version", nil, func(c commands) any { return c.Limit }, int64(30)},
		{"version", env{"ONRECORD_LIMIT": "7"}, func(c commands) any { return c.Limit }, int64(7)},
		{"version --limit 8", env{"ONRECORD_LIMIT": "7"}, func(c commands) any { return c.Limit }, int64(8)},
		{"--limit=8 version", env{"ONRECORD_LIMIT": "seven"}, func(c commands) any { return c.Limit }, int64(8)},
		{"version --limit 8 --limit 9", nil, func(c commands) any { return c.Limit }, int64(9)},
		{"version", nil, func(c commands) any { return c.CacheBytes.String() }, "64 MB"},
		{"version", nil, func(c commands) any { return c.LogLevel }, "auto"},

		// Lists take commas and repetition, and leave the arguments alone.
		{"version", env{"ONRECORD_ALLOW_PORTS": "80,81"}, func(c commands) any { return c.AllowPorts }, ports{80, 81}},
		{"version", env{"ONRECORD_ALLOW_PORTS": ""}, func(c commands) any { return len(c.AllowPorts) }, 0},
		{"--allow-ports 82 version --allow-ports=83,84", env{"ONRECORD_ALLOW_PORTS": "80,81"}, func(c commands) any { return c.AllowPorts }, ports{82, 83, 84}},
		{"brief --allow-networks 10.0.0.0/8 a.txt", nil, func(c commands) any { return c.Brief.Source }, "a.txt"},
		{"eval --gold a,b quotes c --gold d", nil, func(c commands) any { return [2]any{c.Eval.Gold, c.Eval.More} }, [2]any{files{"a", "b", "d"}, []string{"c"}}},

		// What is empty is a value, and no call for the next argument.
		{"brief --proxy= a.txt", env{"ONRECORD_PROXY": "http://proxy:1"}, func(c commands) any { return c.Proxy + c.Brief.Source }, "a.txt"},
		{"version", env{"ONRECORD_CACHE_DIR": "-x"}, func(c commands) any { return c.CacheDir }, "-x"},
		{"version --cache-dir -", nil, func(c commands) any { return c.CacheDir }, "-"},

		{"version", env{"REDIS_URL_FILE": secret}, func(c commands) any { return c.RedisURL }, "redis://file:1"},
		{"version", env{"REDIS_URL_FILE": secret, "REDIS_URL": ""}, func(c commands) any { return c.RedisURL }, "redis://file:1"},
		{"version --redis-url redis://flag:1", env{"REDIS_URL_FILE": "missing"}, func(c commands) any { return c.RedisURL }, "redis://flag:1"},
		{"version", env{"ONRECORD_LISTEN_FILE": "no secret"}, func(c commands) any { return c.Listen }, "localhost:8080"},

		{"brief -", nil, func(c commands) any { return c.Brief.Source }, "-"},
		{"brief -- --format", nil, func(c commands) any { return c.Brief.Source + c.Brief.Format }, "--formattext"},
		{"brief a.txt --format json --explain", nil, func(c commands) any { return [2]any{c.Brief.Format, c.Brief.Explain} }, [2]any{"json", true}},
		{"brief a.txt --date=2020-01-21", nil, func(c commands) any { return c.Brief.Date.Format("2 Jan 2006") }, "21 Jan 2020"},
	} {
		got, _, err := parsed(test.line, test.env)
		if err != nil {
			t.Errorf("%s %v: %v", test.line, test.env, err)
			continue
		}
		if diff := cmp.Diff(test.get(got), test.want); diff != "" {
			t.Errorf("%s %v (-got +want):\n%s", test.line, test.env, diff)
		}
	}
}

func TestParseErrors(t *testing.T) {
	type env = map[string]string
	for _, test := range []struct {
		line          string
		env           env
		command, want string
	}{
		{"", nil, "", "name a command: brief, quotes, claims, compare, check, reviews, said, checklist, watch, batch, eval, chat, serve, feedback, export, backup, restore, doctor, health, version"},
		{"help", nil, "", "unknown command help"},
		{"version more", nil, "version", "unexpected argument 'more'"},
		{"brief", nil, "brief", "SOURCE is required"},
		{"eval quotes", nil, "eval", "--gold is required"},
		{"brief --form json a.txt", nil, "brief", "unknown flag --form"},
		{"brief -format json a.txt", nil, "brief", "unknown flag -format"},
		{"--format json brief a.txt", nil, "", "unknown flag --format"},
		{"brief a.txt --format", nil, "brief", "missing value for --format"},
		{"brief a.txt --redis-url --explain", nil, "brief", "missing value for --redis-url"},
		{"brief a.txt --format xml", nil, "brief", `--format must be one of "text","json","markdown","html","docx" but got "xml"`},
		{"brief a.txt --format=", nil, "brief", `--format must be one of "text","json","markdown","html","docx" but got ""`},
		{"brief a.txt --date yesterday", nil, "brief", `--date: "yesterday" is not a day like 2020-01-21`},
		{"version --limit many", nil, "version", `--limit: "many" cannot be read`},
		{"version --fetch-timeout 5", nil, "version", `--fetch-timeout: missing unit in duration "5"`},
		{"version --fetch-timeout 0s", nil, "version", "--fetch-timeout: 0s is no time"},
		{"version --allow-ports 70000", nil, "version", `--allow-ports: "70000" is not a port like 8443`},
		{"version", env{"ONRECORD_LIMIT": "many"}, "", `--limit: "many" cannot be read (from ONRECORD_LIMIT)`},
		{"version", env{"ONRECORD_LIMIT": ""}, "", `--limit: "" cannot be read (from ONRECORD_LIMIT)`},
		{"version", env{"ONRECORD_LIMIT": "0"}, "version", "--limit: 0 is no number of requests (from ONRECORD_LIMIT)"},
		{"version", env{"LOG_FORMAT": "xml"}, "version", `--log-format must be one of "text","json" but got "xml" (from LOG_FORMAT)`},
		{"version", env{"ONRECORD_ALLOW_NETWORKS": "10.0.0.1"}, "", `--allow-networks: "10.0.0.1" is not a network like 10.1.0.0/16 (from ONRECORD_ALLOW_NETWORKS)`},
		{"version", env{"ONRECORD_PROXY": "geheim"}, "version", "--proxy: not an address like http://HOST:PORT or socks5://HOST:PORT (from ONRECORD_PROXY)"},
		{"version --slack-client-id 1", nil, "version", "--slack-client-id: give the client secret beside it, both from Basic Information on the app's pages"},
		{"version --slack-client-id 1 --slack-client-secret 2", nil, "version", "--slack-client-id: give --public-url beside it, the address at which people reach /slack/install"},
		{"version --slack-client-id 1 --slack-client-secret 2 --public-url https://x", nil, "version", "--slack-client-id: give --secret-key beside it, which the tokens are sealed with: 'openssl rand -base64 32' makes one"},
		{"version", env{"ONRECORD_SECRET_KEY": "geheim"}, "version", "--secret-key: not 32 bytes in base64, as 'openssl rand -base64 32' makes them; several are parted by commas, the newest first (from ONRECORD_SECRET_KEY)"},
		{"version --slack-allow-teams T0123ABCD,news", nil, "version", `--slack-allow-teams: "news" is no workspace of Slack like T0123ABCD`},
		{"version --discord-allow-guilds T0123ABCD", nil, "version", `--discord-allow-guilds: "T0123ABCD" is no server of Discord: it has a number of 15 to 20 digits`},
		{"version --public-url https://x", nil, "version", "--link-key: a secret of 32 characters or more is wanted beside --public-url, as 'openssl rand -hex 32' makes one"},
		{"version", env{"REDIS_URL": "a", "REDIS_URL_FILE": "b"}, "version", "REDIS_URL and REDIS_URL_FILE are both set: keep one"},
	} {
		_, c, err := parsed(test.line, test.env)
		if err == nil || err.Error() != test.want || c.name != test.command {
			t.Errorf("bot %s %v: %q of command %q, want %q of %q", test.line, test.env, err, c.name, test.want, test.command)
		}
	}
}

// --help wins over whatever else is wrong, wherever it stands.
func TestHelp(t *testing.T) {
	broken := map[string]string{"ONRECORD_LIMIT": "many", "REDIS_URL_FILE": "missing"}
	names, _ := new(commands).list()
	for _, name := range append(names, "") {
		for _, line := range []string{name + " --help", "-h " + name, "--limit 0 " + name + " --help --nonsense"} {
			cmds, c, err := parsed(line, broken)
			if !errors.Is(err, arg.ErrHelp) || c.name != name {
				t.Errorf("bot %s: %v of command %q, want help of %q", line, err, c.name, name)
				continue
			}
			for _, width := range []int{20, 80, 100} {
				text := help(&cmds, c, width)
				at := strings.Index(text, "\nSettings:\n")
				if at < 0 || at < strings.Index(text, "--help") {
					t.Errorf("bot %s: the settings are not below the flags of its own:\n%s", line, text)
				}
				if c.runner != nil {
					for _, o := range options(reflect.ValueOf(c.runner).Elem()) {
						if i := strings.Index(text, "\n  "+o.usage()); i < 0 || i > at {
							t.Errorf("bot %s: %s is not above the settings", line, o.name)
						}
					}
				}
				for s := range strings.Lines(text) {
					// A word that is longer stands alone.
					if utf8.RuneCountInString(s) > width+1 && width > 20 && len(strings.Fields(s)) > 2 {
						t.Errorf("bot %s: wider than %d: %s", line, width, s)
					}
				}
			}
		}
	}
}
