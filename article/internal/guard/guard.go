// Package guard keeps requests for strangers' links out of the networks that
// the machine can see from the inside.
//
// A name is resolved once, each of its addresses is judged by [Rules.Check],
// and the connection goes to an address that passed: there is no second
// look-up in between that could give another answer. The socket is checked
// once more at the moment it connects, which covers whatever the standard
// library may do with an address on the way.
package guard

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// ErrBlocked is the error for an address that must not be reached.
var ErrBlocked = errors.New("address is not public")

// blocked are the ranges that are not the public internet. The list follows
// the special-purpose address registries of IANA (RFC 6890 and its updates),
// and adds the addresses at which clouds serve credentials to their machines.
var blocked = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),         // this network
	netip.MustParsePrefix("10.0.0.0/8"),        // private
	netip.MustParsePrefix("100.64.0.0/10"),     // carrier-grade NAT; Alibaba's metadata 100.100.100.200
	netip.MustParsePrefix("127.0.0.0/8"),       // loopback
	netip.MustParsePrefix("169.254.0.0/16"),    // link-local; metadata 169.254.169.254, 169.254.170.2
	netip.MustParsePrefix("172.16.0.0/12"),     // private
	netip.MustParsePrefix("192.0.0.0/24"),      // protocol assignments; Oracle's metadata 192.0.0.192
	netip.MustParsePrefix("192.0.2.0/24"),      // documentation
	netip.MustParsePrefix("192.31.196.0/24"),   // AS112
	netip.MustParsePrefix("192.52.193.0/24"),   // AMT
	netip.MustParsePrefix("192.88.99.0/24"),    // 6to4 relays
	netip.MustParsePrefix("192.168.0.0/16"),    // private
	netip.MustParsePrefix("192.175.48.0/24"),   // AS112
	netip.MustParsePrefix("198.18.0.0/15"),     // benchmarks
	netip.MustParsePrefix("198.51.100.0/24"),   // documentation
	netip.MustParsePrefix("203.0.113.0/24"),    // documentation
	netip.MustParsePrefix("168.63.129.16/32"),  // Azure's host agent
	netip.MustParsePrefix("224.0.0.0/4"),       // multicast
	netip.MustParsePrefix("240.0.0.0/4"),       // reserved, broadcast
	netip.MustParsePrefix("::/96"),             // unspecified, loopback, IPv4-compatible
	netip.MustParsePrefix("::ffff:0:0:0/96"),   // IPv4-translated
	netip.MustParsePrefix("64:ff9b::/96"),      // NAT64
	netip.MustParsePrefix("64:ff9b:1::/48"),    // local NAT64
	netip.MustParsePrefix("100::/64"),          // discard
	netip.MustParsePrefix("100:0:0:1::/64"),    // dummy
	netip.MustParsePrefix("2001::/23"),         // protocol assignments, Teredo, ORCHID
	netip.MustParsePrefix("2001:db8::/32"),     // documentation
	netip.MustParsePrefix("2002::/16"),         // 6to4
	netip.MustParsePrefix("2620:4f:8000::/48"), // AS112
	netip.MustParsePrefix("3fff::/20"),         // documentation
	netip.MustParsePrefix("5f00::/16"),         // segment routing
	netip.MustParsePrefix("fc00::/7"),          // unique local; metadata fd00:ec2::254, fd20:ce::254
	netip.MustParsePrefix("fe80::/10"),         // link-local
	netip.MustParsePrefix("fec0::/10"),         // site-local
	netip.MustParsePrefix("ff00::/8"),          // multicast
}

// global is the part of IPv6 that has been given out for use.
var global = netip.MustParsePrefix("2000::/3")

// nat64 carries an IPv4 address in its last four bytes.
var nat64 = netip.MustParsePrefix("64:ff9b::/96")

// Rules say which addresses and ports may be reached.
type Rules struct {
	Networks []netip.Prefix // reachable though not public
	Ports    []int          // 80 and 443 when empty
}

// CheckPort reports whether the port may be used.
func (r Rules) CheckPort(port string) bool {
	n, err := strconv.Atoi(port)
	if err != nil {
		return false
	}
	if len(r.Ports) == 0 {
		return n == 80 || n == 443
	}
	return slices.Contains(r.Ports, n)
}

// Check judges one address. An IPv4 address in IPv6 clothes (::ffff:10.0.0.1)
// is judged as the IPv4 address that it is; the other ways to write IPv4 in
// IPv6 (NAT64, 6to4, Teredo, IPv4-compatible) are refused as ranges. Where the
// operator allows NAT64, the IPv4 address inside must pass too.
func (r Rules) Check(addr netip.Addr) error {
	if !addr.IsValid() {
		return fmt.Errorf("%w: invalid", ErrBlocked)
	}
	if addr.Zone() != "" {
		return fmt.Errorf("%w: %s", ErrBlocked, addr)
	}
	addr = addr.Unmap()
	if nat64.Contains(addr) && r.allowed(addr) {
		b := addr.As16()
		return r.Check(netip.AddrFrom4([4]byte(b[12:])))
	}
	if r.allowed(addr) {
		return nil
	}
	if addr.Is6() && !global.Contains(addr) {
		return fmt.Errorf("%w: %s", ErrBlocked, addr)
	}
	for _, p := range blocked {
		if p.Contains(addr) {
			return fmt.Errorf("%w: %s", ErrBlocked, addr)
		}
	}
	return nil
}

func (r Rules) allowed(addr netip.Addr) bool {
	for _, p := range r.Networks {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}

// Resolver looks names up. [net.Resolver] is one.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// Dialer connects to hosts whose every address passes the rules.
type Dialer struct {
	Rules    Rules
	Resolver Resolver // net.DefaultResolver when nil
}

// Resolve gives the addresses of the host, all of which have passed. One bad
// address refuses the host: a name that stands for a public and a private
// address at the same time is how rebinding attacks look.
func (d *Dialer) Resolve(ctx context.Context, host string) ([]netip.Addr, error) {
	if addr, err := netip.ParseAddr(host); err == nil {
		if err := d.Rules.Check(addr); err != nil {
			return nil, err
		}
		return []netip.Addr{addr.Unmap()}, nil
	}
	var resolver Resolver = net.DefaultResolver
	if d.Resolver != nil {
		resolver = d.Resolver
	}
	found, err := resolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	for i, addr := range found {
		if err := d.Rules.Check(addr); err != nil {
			return nil, err
		}
		found[i] = addr.Unmap()
	}
	return found, nil
}

// DialContext connects to one of the host's addresses.
func (d *Dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if !d.Rules.CheckPort(port) {
		return nil, fmt.Errorf("%w: port %s", ErrBlocked, port)
	}
	addrs, err := d.Resolve(ctx, host)
	if err != nil {
		return nil, err
	}
	dialer := net.Dialer{
		Timeout:        5 * time.Second, // for each address, so that a dead one leaves time for the next
		ControlContext: d.control,
	}
	const most = 4 // addresses to try: more are a waste of the reader's time
	var failed []error
	for i, addr := range addrs {
		if i == most {
			break
		}
		conn, err := dialer.DialContext(ctx, network, net.JoinHostPort(addr.String(), port))
		if err == nil {
			return conn, nil
		}
		failed = append(failed, err)
		if ctx.Err() != nil {
			break
		}
	}
	return nil, errors.Join(failed...)
}

// control sees the address that the socket is about to connect to.
func (d *Dialer) control(_ context.Context, network, address string, _ syscall.RawConn) error {
	if network != "tcp4" && network != "tcp6" {
		return fmt.Errorf("%w: network %s", ErrBlocked, network)
	}
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: %s", ErrBlocked, address)
	}
	return d.Rules.Check(to.Addr())
}
