// Package webhook brings messages to programs over HTTPS, signed as Standard
// Webhooks 1.0.0 has it (https://www.standardwebhooks.com), for which receivers
// find libraries in most languages.
//
//	POST /hooks/onrecord HTTP/1.1
//	Content-Type: application/json
//	webhook-id: msg_5b0f7e…            the same whenever a message is sent again
//	webhook-timestamp: 1674087231      of this attempt, seconds since 1970
//	webhook-signature: v1,K5oZfzN95Z9… base64 of HMAC-SHA256 over ID.TIMESTAMP.BODY
//
// # Secrets
//
// Each webhook has a secret of its own, "whsec_" and 32 bytes in base64. It is
// kept nowhere: it is the HMAC of the webhook's name under the operator's key,
// so that neither the store nor a backup of it holds anything that could sign.
// While there are two keys every message has a signature under each, and
// receivers can change from the old secret to the new one in their own time.
//
// # What counts as taken
//
// An answer of 2xx, whatever follows its header. What else happens is told to
// whoever sends ([watch.Undelivered]), who sends again or gives up: this room
// sends once.
package webhook

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"onrecord/article"
	"onrecord/watch"
)

// Client posts under the network rules of the settings; *article.Reader is one.
type Client interface {
	Allows(ctx context.Context, link string) error
	Post(ctx context.Context, link string, header http.Header, body []byte) (*article.Answer, error)
}

// Sender sends messages. It is a watch.Courier.
type Sender struct {
	Client Client
	Keys   []string         // of the operator: the first makes the secrets that are shown, all sign
	Agent  string           // User-Agent; "Onrecord" if empty
	Now    func() time.Time // time.Now if nil
}

var _ watch.Courier = (*Sender)(nil)

// Secret is the secret of a webhook as its receiver is given it.
func (s *Sender) Secret(name string) string {
	return "whsec_" + base64.StdEncoding.EncodeToString(secret(s.Keys[0], name))
}

func secret(key, name string) []byte {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte("onrecord webhook\x00" + name))
	return mac.Sum(nil)
}

// signature is what stands in the header for one secret.
func signature(secret []byte, id, stamp string, body []byte) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(id + "." + stamp + "."))
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// Check implements watch.Courier.
func (s *Sender) Check(ctx context.Context, to string) error { return s.Client.Allows(ctx, to) }

// Deliver implements watch.Courier.
func (s *Sender) Deliver(ctx context.Context, m watch.Message) error {
	now := time.Now
	if s.Now != nil {
		now = s.Now
	}
	stamp := strconv.FormatInt(now().Unix(), 10)
	var signed []string
	for _, key := range s.Keys {
		signed = append(signed, signature(secret(key, m.Name), m.ID, stamp, m.Body))
	}
	agent := s.Agent
	if agent == "" {
		agent = "Onrecord"
	}
	answer, err := s.Client.Post(ctx, m.To, http.Header{
		"Content-Type": {"application/json"},
		"User-Agent":   {agent},
		// The specification writes them in small letters; HTTP does not care.
		"Webhook-Id":        {m.ID},
		"Webhook-Timestamp": {stamp},
		"Webhook-Signature": {strings.Join(signed, " ")},
	}, m.Body)
	if err != nil {
		return fmt.Errorf("sending a message to a webhook: %w", err)
	}
	return verdict(answer, now())
}

// verdict is nil when the message was taken.
func verdict(a *article.Answer, now time.Time) error {
	switch code := a.Status; {
	case code >= 200 && code < 300:
		return nil
	case code == http.StatusGone:
		return &watch.Undelivered{Why: "the receiver said that it wants no more (410)", Gone: true}
	case code >= 300 && code < 400:
		return &watch.Undelivered{Why: fmt.Sprintf("the receiver names another address (%d), and that is not followed", code)}
	default:
		return &watch.Undelivered{Why: fmt.Sprintf("the receiver answered %d", code), After: after(a.Header.Get("Retry-After"), now)}
	}
}

// after reads a Retry-After: seconds, or a moment (RFC 9110, 10.2.3).
func after(value string, now time.Time) time.Duration {
	const most = 24 * time.Hour // what counts as meant
	d := time.Duration(0)
	if n, err := strconv.ParseUint(value, 10, 32); err == nil {
		d = time.Duration(n) * time.Second
	} else if t, err := http.ParseTime(value); err == nil {
		d = t.Sub(now)
	}
	return min(max(d, 0), most)
}
