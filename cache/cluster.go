package cache

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/url"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// In a Redis Cluster each key lives on one node, and a node that is asked for a
// key of another says where it is. To follow is all that is needed here, since
// every operation touches one key: the library's own client of clusters makes
// the program half a megabyte larger to save that one question.
// https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/

// nodes are the servers of a cluster that were met.
type nodes struct {
	opt redis.Options

	mu  sync.Mutex
	met map[string]*redis.Client
}

// mostNodes bounds how many servers are kept a connection to.
const mostNodes = 1000

// node is the client of a server.
func (n *nodes) node(address string) *redis.Client {
	n.mu.Lock()
	defer n.mu.Unlock()
	c, ok := n.met[address]
	if ok || len(n.met) >= mostNodes {
		return c
	}
	opt := n.opt
	opt.Addr, opt.Dialer, opt.TLSConfig = address, nil, tlsFor(opt.TLSConfig, address)
	if n.met == nil {
		n.met = map[string]*redis.Client{}
	}
	c = redis.NewClient(&opt)
	n.met[address] = c
	return c
}

func (n *nodes) close() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	var errs []error
	for _, c := range n.met {
		errs = append(errs, c.Close())
	}
	n.met = nil
	return errors.Join(errs...)
}

// DialHook implements redis.Hook.
func (n *nodes) DialHook(next redis.DialHook) redis.DialHook { return next }

// ProcessPipelineHook implements redis.Hook. No pipelines are used.
func (n *nodes) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

// ProcessHook implements redis.Hook: what a node says is elsewhere is asked
// there, once, and once more if it has just moved.
func (n *nodes) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		err := next(ctx, cmd)
		for range 2 {
			address, ok := redis.IsMovedError(err)
			if host, _, bad := net.SplitHostPort(address); !ok || bad != nil || host == "" {
				break
			}
			c := n.node(address)
			if c == nil {
				break
			}
			cmd.SetErr(nil)
			err = c.Process(ctx, cmd)
		}
		return err
	}
}

// apart takes the other nodes out of an address.
func apart(address string) (first string, others []string) {
	u, err := url.Parse(address)
	if err != nil {
		return address, nil
	}
	q := u.Query()
	if others = q["addr"]; len(others) == 0 {
		return address, nil
	}
	q.Del("addr")
	u.RawQuery = q.Encode()
	return u.String(), others
}

// tlsFor are the rules of TLS for a server that an address names.
func tlsFor(o *tls.Config, address string) *tls.Config {
	if o == nil {
		return nil
	}
	o = o.Clone()
	if host, _, err := net.SplitHostPort(address); err == nil {
		o.ServerName = host
	}
	return o
}

// anyOf dials the first of some servers that is there.
func anyOf(servers []string, opt redis.Options) func(context.Context, string, string) (net.Conn, error) {
	opt.DialTimeout /= time.Duration(len(servers))
	return func(ctx context.Context, network, _ string) (net.Conn, error) {
		var errs []error
		for _, s := range servers {
			one := opt
			one.TLSConfig = tlsFor(opt.TLSConfig, s)
			c, err := redis.NewDialer(&one)(ctx, network, s)
			if err == nil {
				return c, nil
			}
			errs = append(errs, err)
		}
		return nil, errors.Join(errs...)
	}
}
