package main

import (
	"errors"
	"fmt"
	"iter"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"onrecord/install"
	"onrecord/store"
	"onrecord/web"
)

// config is every setting: each field is a flag, an environment variable and a
// line of the help. A field with the tag secret can also be read from the file
// that NAME_FILE names. README.md has them as a table; a test compares the two.
// flags.go says what the tags mean.
type config struct {
	DatabaseURL string `arg:"--database-url" env:"DATABASE_URL" secret:"" placeholder:"postgres://USER:PASSWORD@HOST/NAME" help:"PostgreSQL that processes share, in place of the file with what must not be forgotten."`
	RedisURL    string `arg:"--redis-url" env:"REDIS_URL" secret:"" placeholder:"redis://HOST:PORT" help:"Redis that processes share as their cache. Without one the cache is in memory."`

	CacheBytes bytesSize `arg:"--cache-bytes" env:"ONRECORD_CACHE_BYTES" default:"64MB" help:"Most that the cache in memory may hold."`
	CacheDir   string    `arg:"--cache-dir" env:"ONRECORD_CACHE_DIR" placeholder:"DIR" help:"Folder where the compiled PDF engine is kept between runs: onrecord in the user's cache folder when not given, '-' for none."`

	AllowNetworks networks `arg:"--allow-networks" env:"ONRECORD_ALLOW_NETWORKS" placeholder:"CIDR" help:"Private networks that links may lead into all the same, such as 10.1.0.0/16."`
	AllowPorts    ports    `arg:"--allow-ports" env:"ONRECORD_ALLOW_PORTS" placeholder:"PORT" help:"Ports that links may name: 80 and 443 when not given."`
	Proxy         string   `arg:"--proxy" env:"ONRECORD_PROXY" secret:"" placeholder:"URL" help:"Outbound proxy (http, https or socks5) that articles are fetched through. HTTP_PROXY and its kin are not looked at."`

	CheckTables files `arg:"--check-tables" env:"ONRECORD_CHECK_TABLES" placeholder:"PATH" help:"Files or folders with tables of how to check claims and whom to ask, beside the built-in ones; docs/advice.md says how to write them."`

	FetchTimeout time.Duration `arg:"--fetch-timeout" env:"ONRECORD_FETCH_TIMEOUT" default:"20s" help:"Most time that fetching an article may take."`
	FeedEvery    time.Duration `arg:"--feed-every" env:"ONRECORD_FEED_EVERY" default:"15m" help:"How often a feed that has news is read; less often where it asks for that."`

	StateFile string `arg:"--state-file" env:"ONRECORD_STATE_FILE" placeholder:"FILE" help:"File with what must not be forgotten (accepted requests, settings, recent articles, the quote book, reports): onrecord/onrecord.db in the user's state folder when not given, '-' for memory only."`
	BookDays  int    `arg:"--book-days" env:"ONRECORD_BOOK_DAYS" default:"0" help:"Days that the quote book keeps an article after it was last briefed; 0 for as long as nobody has it forgotten."`
	Limit     int64  `arg:"--limit" env:"ONRECORD_LIMIT" default:"30" help:"Requests that a person may make in a minute, where their workspace has no limit of its own."`

	FactCheckKey string `arg:"--google-factcheck-key" env:"GOOGLE_FACTCHECK_KEY" secret:"" placeholder:"KEY" help:"Key of Google's Fact Check Tools API. With it claims of public articles are looked up there too; nothing private is."`
	FactCheckURL string `arg:"--google-factcheck-url" env:"GOOGLE_FACTCHECK_URL" placeholder:"URL" help:"Google's Fact Check Tools API behind a gateway of your own."`

	ModelURL     string `arg:"--openai-base-url" env:"OPENAI_BASE_URL" placeholder:"URL" help:"Server of a language model that speaks OpenAI's chat completions (llama.cpp, Ollama, vLLM), with its /v1: OpenAI's own when not given and there is a key."`
	ModelKey     string `arg:"--openai-api-key" env:"OPENAI_API_KEY" secret:"" placeholder:"KEY" help:"Key of that server, if it wants one."`
	Model        string `arg:"--openai-model" env:"OPENAI_MODEL" placeholder:"NAME" help:"Language model that may word summaries, where a workspace turns it on; docs/llm.md. Without a name there is none."`
	ModelPerDay  int64  `arg:"--model-per-day" env:"ONRECORD_MODEL_PER_DAY" default:"500" help:"Requests to the language model in 24 hours."`
	ModelPerUser int64  `arg:"--model-per-user" env:"ONRECORD_MODEL_PER_USER" default:"50" help:"Requests to the language model in 24 hours on behalf of one person."`
	Private      string `arg:"--private-to-services" env:"PRIVATE_TO_SERVICES" enum:"never,allow" default:"never" help:"Whether pasted text, files, direct messages and private channels may go to the language model: ${enum}."`

	SlackBotToken      string `arg:"--slack-bot-token" env:"SLACK_BOT_TOKEN" secret:"" placeholder:"xoxb-…" help:"Bot token of the Slack app. With it 'bot serve' joins Slack."`
	SlackAppToken      string `arg:"--slack-app-token" env:"SLACK_APP_TOKEN" secret:"" placeholder:"xapp-…" help:"App-level token: events come through Socket Mode, and no public address is needed."`
	SlackSigningSecret string `arg:"--slack-signing-secret" env:"SLACK_SIGNING_SECRET" secret:"" placeholder:"SECRET" help:"Signing secret: events come over HTTP, when there is no app-level token."`
	SlackCommandPrefix string `arg:"--slack-command-prefix" env:"SLACK_COMMAND_PREFIX" placeholder:"WORD" help:"Word that the slash commands begin with where another app has /brief: with 'or-' they are /or-brief, /or-quotes, /or-claims, /or-check, /or-said."`
	SlackClientID      string `arg:"--slack-client-id" env:"SLACK_CLIENT_ID" placeholder:"ID" help:"Client ID of the Slack app: other workspaces may install it, at /slack/install below the public address. Wants the client secret, --public-url and --secret-key."`
	SlackClientSecret  string `arg:"--slack-client-secret" env:"SLACK_CLIENT_SECRET" secret:"" placeholder:"SECRET" help:"Client secret of the Slack app."`
	SlackTeams         names  `arg:"--slack-allow-teams" env:"SLACK_ALLOW_TEAMS" placeholder:"TEAM" help:"Slack workspaces that may be served, such as T0123ABCD, several parted by commas; others are turned away. All may when not given."`
	SlackAPIURL        string `arg:"--slack-api-url" env:"SLACK_API_URL" placeholder:"URL" help:"Slack's Web API behind a gateway of your own."`

	DiscordToken         string `arg:"--discord-token" env:"DISCORD_TOKEN" secret:"" placeholder:"TOKEN" help:"Bot token of the Discord application. With it 'bot serve' joins Discord."`
	DiscordApplicationID string `arg:"--discord-application-id" env:"DISCORD_APPLICATION_ID" placeholder:"ID" help:"Application ID; asked from Discord when not given."`
	DiscordPublicKey     string `arg:"--discord-public-key" env:"DISCORD_PUBLIC_KEY" placeholder:"HEX" help:"Public key: interactions come over HTTP instead of the gateway."`
	DiscordShard         string `arg:"--discord-shard" env:"DISCORD_SHARD" placeholder:"N/OF" help:"The one shard of the gateway that this process serves, such as 0/2. When not given, the processes share out as many as Discord recommends."`
	DiscordGuilds        names  `arg:"--discord-allow-guilds" env:"DISCORD_ALLOW_GUILDS" placeholder:"ID" help:"Discord servers that may be served, by their numbers, several parted by commas; others are turned away, and so is who writes directly and is in none of them. All may when not given."`
	DiscordAPIURL        string `arg:"--discord-api-url" env:"DISCORD_API_URL" placeholder:"URL" help:"Discord's API behind a gateway of your own."`

	SecretKey string `arg:"--secret-key" env:"ONRECORD_SECRET_KEY" secret:"" placeholder:"BASE64" help:"Key of 32 bytes in base64 that the tokens of workspaces are sealed with: 'openssl rand -base64 32' makes one. Behind a comma earlier ones, whose tokens are then sealed anew."`

	Listen string `arg:"--listen" env:"ONRECORD_LISTEN" default:"localhost:8080" placeholder:"HOST:PORT" help:"Address of the HTTP listener of 'bot serve'."`

	APITokens apiTokens `arg:"--api-tokens" env:"ONRECORD_API_TOKENS" secret:"" placeholder:"WORKSPACE:HASH" help:"Who may use the HTTP API: a name for a workspace and the SHA-256 of its token, several parted by commas; docs/api.md says how to make them. Nobody may when not given."`
	APILimit  int64     `arg:"--api-limit" env:"ONRECORD_API_LIMIT" default:"600" help:"Requests that a token of the HTTP API may make in a minute."`

	PublicURL string        `arg:"--public-url" env:"ONRECORD_PUBLIC_URL" placeholder:"URL" help:"Address at which people reach the HTTP listener. With it and a link key, answers in chat have a link to the annotated article."`
	LinkKey   string        `arg:"--link-key" env:"ONRECORD_LINK_KEY" secret:"" placeholder:"SECRET" help:"Secret of 32 characters or more that those links are signed with: 'openssl rand -hex 32' makes one."`
	LinkLasts time.Duration `arg:"--link-lasts" env:"ONRECORD_LINK_LASTS" default:"168h" help:"How long such a link works."`
	LinkText  string        `arg:"--link-text" env:"ONRECORD_LINK_TEXT" enum:"excerpts,whole" default:"excerpts" help:"What its page shows of the article: ${enum}. Excerpts are marked passages with a few words around them, a third of the article at most."`

	WebhookKey hookKeys `arg:"--webhook-key" env:"ONRECORD_WEBHOOK_KEY" secret:"" placeholder:"SECRET" help:"Secret of 32 characters or more that the secrets of webhooks are made from: 'openssl rand -hex 32' makes one. While it is changed, the new one and the old one, parted by a comma."`

	LogLevel  string `arg:"--log-level" env:"LOG_LEVEL" enum:"auto,debug,info,warn,error" default:"auto" help:"Least important lines of the log, which goes to standard error: ${enum}. 'auto' is info for 'bot serve' and warn for the rest."`
	LogFormat string `arg:"--log-format" env:"LOG_FORMAT" enum:"text,json" default:"text" help:"Form of the log: ${enum}."`
}

// validate says what no single value shows.
func (c *config) validate() error {
	if _, err := c.proxy(); err != nil {
		return err
	}
	if c.DatabaseURL != "" && !store.IsServer(c.DatabaseURL) {
		return fmt.Errorf("--database-url: not an address like postgres://USER:PASSWORD@HOST/NAME")
	}
	if c.FetchTimeout <= 0 {
		return fmt.Errorf("--fetch-timeout: %v is no time", c.FetchTimeout)
	}
	if c.FeedEvery < time.Second {
		return fmt.Errorf("--feed-every: %v is too often", c.FeedEvery)
	}
	if c.BookDays < 0 || c.BookDays > 36500 {
		return fmt.Errorf("--book-days: %d is no number of days", c.BookDays)
	}
	if c.Limit < 1 {
		return fmt.Errorf("--limit: %d is no number of requests", c.Limit)
	}
	if c.Model != "" && c.ModelURL == "" && c.ModelKey == "" {
		return fmt.Errorf("--openai-model: name the model's server too, with --openai-base-url, or give OpenAI's key")
	}
	if c.ModelPerDay < 1 || c.ModelPerUser < 1 {
		return fmt.Errorf("--model-per-day, --model-per-user: give at least 1; without --openai-model nothing is asked")
	}
	if _, _, err := c.discordShard(); err != nil {
		return err
	}
	for flag, address := range map[string]string{"--slack-api-url": c.SlackAPIURL, "--discord-api-url": c.DiscordAPIURL, "--google-factcheck-url": c.FactCheckURL, "--openai-base-url": c.ModelURL} {
		if u, err := url.Parse(address); address != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
			return fmt.Errorf("%s: not an address like https://HOST/api/", flag)
		}
	}
	if c.APILimit < 1 {
		return fmt.Errorf("--api-limit: %d is no number of requests", c.APILimit)
	}
	if err := c.validateInstalls(); err != nil {
		return err
	}
	if c.PublicURL != "" || c.LinkKey != "" {
		u, err := url.Parse(c.PublicURL)
		switch {
		case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.RawQuery != "" || u.User != nil:
			return fmt.Errorf("--public-url: not an address like https://onrecord.example.org")
		case c.LinkKey == "" && c.SlackClientID != "": // it is for the installation alone
		case len(c.LinkKey) < 32:
			return fmt.Errorf("--link-key: a secret of 32 characters or more is wanted beside --public-url, as 'openssl rand -hex 32' makes one")
		case c.LinkLasts < time.Minute:
			return fmt.Errorf("--link-lasts: %v is too short", c.LinkLasts)
		}
	}
	if _, port, ok := strings.Cut(c.Listen, ":"); !ok || port == "" {
		return fmt.Errorf("--listen: %q is not HOST:PORT", c.Listen)
	}
	return nil
}

// validateInstalls looks at what the installation in many workspaces needs.
func (c *config) validateInstalls() error {
	if c.SecretKey != "" {
		if _, err := install.ParseKeys(c.SecretKey); err != nil {
			return fmt.Errorf("--secret-key: %w", err)
		}
	}
	for _, team := range c.SlackTeams {
		if !slackTeam.MatchString(team) {
			return fmt.Errorf("--slack-allow-teams: %q is no workspace of Slack like T0123ABCD", team)
		}
	}
	for _, guild := range c.DiscordGuilds {
		if !discordGuild.MatchString(guild) {
			return fmt.Errorf("--discord-allow-guilds: %q is no server of Discord: it has a number of 15 to 20 digits", guild)
		}
	}
	switch {
	case c.SlackClientID == "" && c.SlackClientSecret == "":
		return nil
	case c.SlackClientID == "" || c.SlackClientSecret == "":
		return fmt.Errorf("--slack-client-id: give the client secret beside it, both from Basic Information on the app's pages")
	case c.PublicURL == "":
		return fmt.Errorf("--slack-client-id: give --public-url beside it, the address at which people reach /slack/install")
	case c.SecretKey == "":
		return fmt.Errorf("--slack-client-id: give --secret-key beside it, which the tokens are sealed with: 'openssl rand -base64 32' makes one")
	case c.StateFile == "-" && c.DatabaseURL == "":
		return fmt.Errorf("--slack-client-id: the tokens have to be kept, and --state-file - keeps nothing")
	}
	return nil
}

var (
	slackTeam    = regexp.MustCompile(`^[TE][A-Z0-9]{2,20}$`)
	discordGuild = regexp.MustCompile(`^[0-9]{15,20}$`)
)

// proxy gives the outbound proxy, nil for none. Its error never repeats the
// address, which may hold a password.
func (c *config) proxy() (*url.URL, error) {
	if c.Proxy == "" {
		return nil, nil
	}
	u, err := url.Parse(c.Proxy)
	if err != nil || u.Host == "" || !slices.Contains([]string{"http", "https", "socks5", "socks5h"}, u.Scheme) {
		return nil, fmt.Errorf("--proxy: not an address like http://HOST:PORT or socks5://HOST:PORT")
	}
	return u, nil
}

// discordShard gives the shard and how many there are; 0 of 0 for all.
func (c *config) discordShard() (id, of int, err error) {
	if c.DiscordShard == "" {
		return 0, 0, nil
	}
	n, total, _ := strings.Cut(c.DiscordShard, "/")
	id, err = strconv.Atoi(n)
	if err == nil {
		of, err = strconv.Atoi(total)
	}
	if err != nil || id < 0 || id >= of {
		return 0, 0, fmt.Errorf("--discord-shard: %q is not a shard like 0/2", c.DiscordShard)
	}
	return id, of, nil
}

// storePlace is the address of the store's database, or the file of the store;
// empty for none.
func (c *config) storePlace() (string, error) {
	if c.DatabaseURL != "" {
		return c.DatabaseURL, nil
	}
	return c.stateFile()
}

// stateFile is the file of the store, empty for none.
func (c *config) stateFile() (string, error) {
	switch c.StateFile {
	case "-":
		return "", nil
	case "":
		dir := os.Getenv("XDG_STATE_HOME")
		if !filepath.IsAbs(dir) {
			// https://specifications.freedesktop.org/basedir-spec/latest/: a
			// relative path is to be ignored.
			home, err := os.UserHomeDir()
			if err != nil {
				return "", err
			}
			dir = filepath.Join(home, ".local", "state")
		}
		return filepath.Join(dir, "onrecord", "onrecord.db"), nil
	}
	return c.StateFile, nil
}

// cacheDir is where the PDF engine is kept, empty for nowhere.
func (c *config) cacheDir() string {
	switch c.CacheDir {
	case "-":
		return ""
	case "":
		dir, err := os.UserCacheDir()
		if err != nil {
			return ""
		}
		return filepath.Join(dir, "onrecord")
	}
	return c.CacheDir
}

// networks are private networks, parted by commas.
type networks []netip.Prefix

// UnmarshalText adds networks: the flag may be repeated.
func (n *networks) UnmarshalText(text []byte) error {
	for s := range listed(text) {
		network, err := netip.ParsePrefix(s)
		if err != nil {
			return fmt.Errorf("%q is not a network like 10.1.0.0/16", s)
		}
		*n = append(*n, network)
	}
	return nil
}

// ports are numbers of ports, parted by commas.
type ports []uint16

// UnmarshalText adds ports: the flag may be repeated.
func (p *ports) UnmarshalText(text []byte) error {
	for s := range listed(text) {
		port, err := strconv.ParseUint(s, 10, 16)
		if err != nil {
			return fmt.Errorf("%q is not a port like 8443", s)
		}
		*p = append(*p, uint16(port))
	}
	return nil
}

// apiTokens are who may use the HTTP API, parted by commas.
type apiTokens []web.Token

// UnmarshalText adds tokens: the flag may be repeated.
func (t *apiTokens) UnmarshalText(text []byte) error {
	for s := range listed(text) {
		token, err := web.ParseToken(s)
		if err != nil {
			return err
		}
		*t = append(*t, token)
	}
	return nil
}

// hookKeys are secrets that webhooks are signed with, parted by commas.
type hookKeys []string

// UnmarshalText reads secrets. Its error does not repeat them.
func (k *hookKeys) UnmarshalText(text []byte) error {
	for s := range listed(text) {
		if len(s) < 32 {
			return errors.New("a secret of 32 characters or more is wanted, as 'openssl rand -hex 32' makes one")
		}
		*k = append(*k, s)
	}
	return nil
}

// names are words, parted by commas.
type names []string

// UnmarshalText adds names: the flag may be repeated.
func (n *names) UnmarshalText(text []byte) error {
	*n = slices.AppendSeq(*n, listed(text))
	return nil
}

// listed are the values that commas part.
func listed(text []byte) iter.Seq[string] {
	return func(yield func(string) bool) {
		for s := range strings.SplitSeq(string(text), ",") {
			if s = strings.TrimSpace(s); s != "" && !yield(s) {
				return
			}
		}
	}
}

// day is a date without a time of day, written as 2020-01-21.
type day struct{ time.Time }

// UnmarshalText reads a day.
func (d *day) UnmarshalText(text []byte) error {
	t, err := time.Parse(time.DateOnly, string(text))
	if err != nil {
		return fmt.Errorf("%q is not a day like 2020-01-21", text)
	}
	d.Time = t
	return nil
}

// bytesSize is a number of bytes, written as 64MB, 512KB or 1048576.
type bytesSize int64

var sizeUnits = []struct {
	name string
	size int64
}{{"GB", 1 << 30}, {"MB", 1 << 20}, {"KB", 1 << 10}, {"B", 1}}

// UnmarshalText reads a size.
func (b *bytesSize) UnmarshalText(text []byte) error {
	s := strings.ToUpper(strings.TrimSpace(string(text)))
	unit := int64(1)
	for _, u := range sizeUnits {
		if rest, ok := strings.CutSuffix(s, u.name); ok {
			s, unit = strings.TrimSpace(rest), u.size
			break
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 || n > 1<<50/unit {
		return fmt.Errorf("%q is not a size like 64MB", text)
	}
	*b = bytesSize(n * unit)
	return nil
}

// String writes the size with the largest unit that divides it.
func (b bytesSize) String() string {
	for _, u := range sizeUnits {
		if int64(b)%u.size == 0 && b != 0 {
			return strconv.FormatInt(int64(b)/u.size, 10) + " " + u.name
		}
	}
	return "0"
}
