package article

import (
	"net/url"
	"strings"
	"time"
)

// Source is what was handed in to be read: a link, or the bytes of a file or a
// text. Make one with [FromURL], [FromBytes] or [FromText], then set what is
// known better than the source says.
//
// A Source holds plain values only, so it can be stored and sent.
type Source struct {
	// Link is the address to fetch; empty when Data is the source.
	Link string `json:",omitempty"`

	// Data is the content itself when there is no Link, Name its file name
	// and ContentType its media type, both empty when unknown.
	Data        []byte `json:",omitempty"`
	Name        string `json:",omitempty"`
	ContentType string `json:",omitempty"`

	// Title, Date and URL, when set, go before what the source says itself.
	Title string    `json:",omitempty"`
	Date  time.Time `json:",omitzero"`
	URL   string    `json:",omitempty"`

	// Verbatim takes Data as the text of the article whatever it looks like,
	// and however short it is. Offsets into the Article's Text are offsets
	// into Data when Data is valid UTF-8.
	Verbatim bool `json:",omitempty"`

	// Private marks what was not public when it was handed in, as files and
	// pasted text are. Nothing private is kept long or shown to others.
	Private bool `json:",omitempty"`
}

// FromURL makes the Source of a link as people type or paste it: white space
// and angle brackets around it are dropped, a missing scheme is https. Its
// error is an [*Error] for what [Reader.Read] would refuse unseen: no web
// address, a scheme other than http and https, a user name in the address,
// a document in somebody's cloud storage.
func FromURL(link string) (Source, error) {
	u, err := parseLink(link)
	if err != nil {
		return Source{}, err
	}
	return Source{Link: u.String()}, nil
}

// FromBytes makes the Source of a file that was handed in. The name is a hint
// at its kind and a label in messages; nothing is opened by it.
func FromBytes(name, contentType string, data []byte) Source {
	return Source{Name: name, ContentType: contentType, Data: data, Private: true}
}

// FromText makes the Source of text that was pasted.
func FromText(text string) Source {
	return Source{ContentType: "text/plain; charset=utf-8", Data: []byte(text), Private: true}
}

// String names the source for people and logs: the link without its query,
// the file name, or "pasted text".
func (s Source) String() string {
	switch {
	case s.Link != "":
		u, err := url.Parse(s.Link)
		if err != nil {
			return "link"
		}
		return u.Scheme + "://" + u.Host + u.EscapedPath()
	case s.Name != "":
		return s.Name
	default:
		return "pasted text"
	}
}

// parseLink checks all of a link that can be checked without a network.
func parseLink(link string) (*url.URL, error) {
	link = strings.TrimSpace(link)
	if len(link) > 2 && link[0] == '<' && link[len(link)-1] == '>' {
		link = link[1 : len(link)-1]
	}
	const longest = 8 << 10
	if link == "" || len(link) > longest {
		return nil, &Error{Kind: ErrBadLink}
	}
	if !hasScheme(link) {
		// Without a scheme only what looks like a host is one.
		host, _, _ := strings.Cut(strings.TrimPrefix(link, "//"), "/")
		if !strings.Contains(host, ".") || strings.ContainsAny(host, " \t") {
			return nil, &Error{Kind: ErrBadLink}
		}
		link = "https://" + strings.TrimPrefix(link, "//")
	}
	u, err := url.Parse(link)
	if err != nil {
		// The parser's own message repeats the whole link, secrets included.
		return nil, &Error{Kind: ErrBadLink}
	}
	u.Fragment, u.RawFragment = "", ""
	if err := checkLink(u); err != nil {
		return nil, err
	}
	return u, nil
}

// hasScheme reports whether the link names its scheme. "example.com:8080/x"
// does not, though url.Parse would take the host for one.
func hasScheme(link string) bool {
	scheme, rest, found := strings.Cut(link, ":")
	if !found || scheme == "" || strings.ContainsAny(scheme, "./?#[@") {
		return false
	}
	if strings.HasPrefix(rest, "//") {
		return true
	}
	// "localhost:8080" is a host and a port, "mailto:x" a scheme.
	return rest == "" || rest[0] < '0' || rest[0] > '9'
}

// checkLink refuses what is not worth a request. It is asked again for the
// target of every redirect.
func checkLink(u *url.URL) error {
	where := u.Hostname()
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return &Error{Kind: ErrScheme, Where: u.Scheme}
	case where == "":
		return &Error{Kind: ErrBadLink}
	case u.User != nil:
		return &Error{Kind: ErrUserInfo, Where: where}
	}
	if kind := knownHost(u); kind != "" {
		return &Error{Kind: kind, Where: where}
	}
	return nil
}

// knownHost tells the services whose links never lead to an article that can
// be read: what looks like a page there is a program that draws one, behind a
// login as a rule. Asking them would only give a stranger answer, later.
func knownHost(u *url.URL) Kind {
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	host = strings.TrimPrefix(host, "www.")
	under := func(domains ...string) bool {
		for _, d := range domains {
			if host == d || strings.HasSuffix(host, "."+d) {
				return true
			}
		}
		return false
	}
	switch {
	case host == "docs.google.com":
		// A document "published to the web" is a plain page.
		if strings.HasSuffix(u.Path, "/pub") {
			return ""
		}
		return ErrCloudDocument
	case host == "drive.google.com",
		under("sharepoint.com", "onedrive.live.com", "1drv.ms", "officeapps.live.com", "onedrive.com"),
		host == "office.com", host == "docs.live.net",
		host == "dropbox.com", host == "paper.dropbox.com", host == "db.tt",
		host == "app.box.com", host == "we.tl", host == "wetransfer.com",
		host == "icloud.com":
		return ErrCloudDocument
	case under("youtube.com", "youtu.be", "vimeo.com", "tiktok.com", "dailymotion.com", "twitch.tv"):
		return ErrVideo
	case under("facebook.com", "instagram.com", "twitter.com", "x.com", "threads.net") && u.Path != "" && u.Path != "/":
		return ErrSocial
	}
	return ""
}
