package main

import (
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"
)

// config is every setting: each field is a flag, an environment variable and a
// line of the help. A field with the tag secret can also be read from the file
// that NAME_FILE names. README.md has them as a table; a test compares the two.
type config struct {
	RedisURL string `env:"REDIS_URL" secret:"" placeholder:"redis://HOST:PORT" group:"settings" help:"Redis that processes share as their cache. Without one the cache is in memory."`

	CacheBytes bytesSize `env:"ONRECORD_CACHE_BYTES" default:"64MB" group:"settings" help:"Most that the cache in memory may hold."`
	CacheDir   string    `env:"ONRECORD_CACHE_DIR" placeholder:"DIR" group:"settings" help:"Folder where the compiled PDF engine is kept between runs: onrecord in the user's cache folder when not given, '-' for none."`

	AllowNetworks []netip.Prefix `env:"ONRECORD_ALLOW_NETWORKS" placeholder:"CIDR" group:"settings" help:"Private networks that links may lead into all the same, such as 10.1.0.0/16."`
	AllowPorts    []uint16       `env:"ONRECORD_ALLOW_PORTS" placeholder:"PORT" group:"settings" help:"Ports that links may name: 80 and 443 when not given."`
	Proxy         string         `env:"ONRECORD_PROXY" secret:"" placeholder:"URL" group:"settings" help:"Outbound proxy (http, https or socks5) that articles are fetched through. HTTP_PROXY and its kin are not looked at."`

	FetchTimeout time.Duration `env:"ONRECORD_FETCH_TIMEOUT" default:"20s" group:"settings" help:"Most time that fetching an article may take."`

	StateFile string `env:"ONRECORD_STATE_FILE" placeholder:"FILE" group:"settings" help:"File with what must not be forgotten (accepted requests, settings, recent articles, reports): onrecord/onrecord.db in the user's state folder when not given, '-' for memory only."`
	Limit     int64  `env:"ONRECORD_LIMIT" default:"30" group:"settings" help:"Requests that a person may make in a minute, where their workspace has no limit of its own."`

	SlackBotToken      string `env:"SLACK_BOT_TOKEN" secret:"" placeholder:"xoxb-…" group:"settings" help:"Bot token of the Slack app. With it 'bot serve' joins Slack."`
	SlackAppToken      string `env:"SLACK_APP_TOKEN" secret:"" placeholder:"xapp-…" group:"settings" help:"App-level token: events come through Socket Mode, and no public address is needed."`
	SlackSigningSecret string `env:"SLACK_SIGNING_SECRET" secret:"" placeholder:"SECRET" group:"settings" help:"Signing secret: events come over HTTP, when there is no app-level token."`
	SlackCommandPrefix string `env:"SLACK_COMMAND_PREFIX" placeholder:"WORD" group:"settings" help:"Word that the slash commands begin with where another app has /brief: with 'or-' they are /or-brief, /or-quotes, /or-claims."`
	SlackAPIURL        string `name:"slack-api-url" env:"SLACK_API_URL" placeholder:"URL" group:"settings" help:"Slack's Web API behind a gateway of your own."`

	DiscordToken         string `env:"DISCORD_TOKEN" secret:"" placeholder:"TOKEN" group:"settings" help:"Bot token of the Discord application. With it 'bot serve' joins Discord."`
	DiscordApplicationID string `env:"DISCORD_APPLICATION_ID" placeholder:"ID" group:"settings" help:"Application ID; asked from Discord when not given."`
	DiscordPublicKey     string `env:"DISCORD_PUBLIC_KEY" placeholder:"HEX" group:"settings" help:"Public key: interactions come over HTTP instead of the gateway."`
	DiscordShard         string `env:"DISCORD_SHARD" placeholder:"N/OF" group:"settings" help:"Which shard of the gateway this process serves, such as 0/2. All of it when not given."`
	DiscordAPIURL        string `name:"discord-api-url" env:"DISCORD_API_URL" placeholder:"URL" group:"settings" help:"Discord's API behind a gateway of your own."`

	Listen string `env:"ONRECORD_LISTEN" default:"localhost:8080" placeholder:"HOST:PORT" group:"settings" help:"Address of the HTTP listener of 'bot serve'."`

	LogLevel  string `env:"LOG_LEVEL" enum:"auto,debug,info,warn,error" default:"auto" group:"settings" help:"Least important lines of the log, which goes to standard error: ${enum}. 'auto' is info for 'bot serve' and warn for the rest."`
	LogFormat string `env:"LOG_FORMAT" enum:"text,json" default:"text" group:"settings" help:"Form of the log: ${enum}."`
}

// Validate is called by kong after parsing.
func (c *config) Validate() error {
	if _, err := c.proxy(); err != nil {
		return err
	}
	if c.FetchTimeout <= 0 {
		return fmt.Errorf("--fetch-timeout: %v is no time", c.FetchTimeout)
	}
	if c.Limit < 1 {
		return fmt.Errorf("--limit: %d is no number of requests", c.Limit)
	}
	if _, _, err := c.discordShard(); err != nil {
		return err
	}
	for flag, address := range map[string]string{"--slack-api-url": c.SlackAPIURL, "--discord-api-url": c.DiscordAPIURL} {
		if u, err := url.Parse(address); address != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
			return fmt.Errorf("%s: not an address like https://HOST/api/", flag)
		}
	}
	if _, port, ok := strings.Cut(c.Listen, ":"); !ok || port == "" {
		return fmt.Errorf("--listen: %q is not HOST:PORT", c.Listen)
	}
	return nil
}

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

// secretFiles gives secret settings the content of the file that NAME_FILE
// names, as Docker and Kubernetes hand secrets over.
type secretFiles struct{}

// Validate implements kong.Resolver.
func (secretFiles) Validate(*kong.Application) error { return nil }

// Resolve implements kong.Resolver.
func (secretFiles) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if !flag.Tag.Has("secret") {
		return nil, nil
	}
	for _, name := range flag.Envs {
		path := os.Getenv(name + "_FILE")
		if path == "" {
			continue
		}
		if os.Getenv(name) != "" {
			return nil, fmt.Errorf("%s and %s_FILE are both set: keep one", name, name)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("%s_FILE: %w", name, err)
		}
		return strings.TrimSpace(string(data)), nil
	}
	return nil, nil
}
