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
