package main

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"time"
)

type healthCommand struct{}

// Run asks /healthz of the listener that the settings name. It is meant for a
// container's health check, where there is no curl.
func (h healthCommand) Run(ctx context.Context, a *app) error {
	if err := h.ask(ctx, a); err != nil {
		return err
	}
	return write(a.out, []byte("ok\n"))
}

func (healthCommand) ask(ctx context.Context, a *app) error {
	host, port, err := net.SplitHostPort(a.Listen)
	if err != nil {
		return usageError{"--listen: " + oneLine(err)}
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	address := url.URL{Scheme: "http", Host: net.JoinHostPort(host, port), Path: "/healthz"}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return fail(err, "%s is no address that can be asked: check --listen.", address.Host)
	}
	client := &http.Client{Transport: &http.Transport{Proxy: nil, DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		return fail(err, "Nobody answers at %s: start 'bot serve', or check --listen.", address.Host)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fail(nil, "The bot at %s is not well (%s): its log says more.", address.Host, resp.Status)
	}
	return nil
}
