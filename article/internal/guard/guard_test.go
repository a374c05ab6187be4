package guard

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"testing"
)

func TestCheck(t *testing.T) {
	tests := []struct {
		addr string
		ok   bool
	}{
		{"93.184.216.34", true},
		{"8.8.8.8", true},
		{"1.1.1.1", true},
		{"172.15.255.255", true},
		{"172.32.0.1", true},
		{"100.63.255.255", true},
		{"100.128.0.1", true},
		{"198.17.255.255", true},
		{"223.255.255.255", true},
		{"2606:2800:220:1:248:1893:25c8:1946", true},
		{"2a00:1450:4001:81b::200e", true},
		{"::ffff:8.8.8.8", true},

		{"0.0.0.0", false},
		{"0.1.2.3", false},
		{"10.0.0.1", false},
		{"10.255.255.255", false},
		{"100.64.0.1", false},
		{"100.100.100.200", false},
		{"127.0.0.1", false},
		{"127.255.255.254", false},
		{"168.63.129.16", false},
		{"169.254.169.254", false},
		{"169.254.170.2", false},
		{"172.16.0.1", false},
		{"172.31.255.255", false},
		{"192.0.0.192", false},
		{"192.0.2.1", false},
		{"192.88.99.1", false},
		{"192.168.0.1", false},
		{"198.18.0.1", false},
		{"198.19.255.255", false},
		{"198.51.100.7", false},
		{"203.0.113.7", false},
		{"224.0.0.1", false},
		{"239.255.255.250", false},
		{"240.0.0.1", false},
		{"255.255.255.255", false},
		{"::", false},
		{"::1", false},
		{"::7f00:1", false},
		{"::8.8.8.8", false},
		{"::ffff:127.0.0.1", false},
		{"::ffff:10.0.0.1", false},
		{"::ffff:169.254.169.254", false},
		{"::ffff:0:8.8.8.8", false},
		{"64:ff9b::8.8.8.8", false},
		{"64:ff9b::10.0.0.1", false},
		{"64:ff9b:1::1", false},
		{"100::1", false},
		{"2001::1", false},
		{"2001:0:53aa:64c:0:fbff:ffff:ffff", false},
		{"2001:db8::1", false},
		{"2002:7f00:1::", false},
		{"2002:808:808::1", false},
		{"3fff::1", false},
		{"4000::1", false},
		{"fc00::1", false},
		{"fd00:ec2::254", false},
		{"fd20:ce::254", false},
		{"fe80::1", false},
		{"fe80::1%eth0", false},
		{"fec0::1", false},
		{"ff02::1", false},
	}
	for _, tt := range tests {
		err := Rules{}.Check(netip.MustParseAddr(tt.addr))
		if ok := err == nil; ok != tt.ok {
			t.Errorf("Check(%s) = %v, want ok %t", tt.addr, err, tt.ok)
		}
	}
	if (Rules{}).Check(netip.Addr{}) == nil {
		t.Error("the zero address passed")
	}
}

func TestCheckAllowed(t *testing.T) {
	r := Rules{Networks: []netip.Prefix{
		netip.MustParsePrefix("10.1.0.0/16"),
		netip.MustParsePrefix("64:ff9b::/96"),
	}}
	for addr, want := range map[string]bool{
		"10.1.2.3":             true,
		"::ffff:10.1.2.3":      true,
		"10.2.0.1":             false,
		"64:ff9b::8.8.8.8":     true,
		"64:ff9b::10.1.2.3":    true,
		"64:ff9b::10.2.0.1":    false,
		"64:ff9b::169.254.1.1": false,
	} {
		if err := r.Check(netip.MustParseAddr(addr)); (err == nil) != want {
			t.Errorf("Check(%s) = %v, want ok %t", addr, err, want)
		}
	}
}

func TestCheckPort(t *testing.T) {
	for _, tt := range []struct {
		ports []int
		port  string
		want  bool
	}{
		{nil, "80", true},
		{nil, "443", true},
		{nil, "22", false},
		{nil, "8080", false},
		{nil, "", false},
		{nil, "x", false},
		{nil, "-80", false},
		{[]int{8080}, "8080", true},
		{[]int{8080}, "80", false},
	} {
		if got := (Rules{Ports: tt.ports}).CheckPort(tt.port); got != tt.want {
			t.Errorf("ports %v: CheckPort(%q) = %t", tt.ports, tt.port, got)
		}
	}
}

// answers is a name server that gives another answer each time.
type answers struct {
	turns [][]netip.Addr
	asked int
}

func (a *answers) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	got := a.turns[min(a.asked, len(a.turns)-1)]
	a.asked++
	return append([]netip.Addr(nil), got...), nil
}

func TestResolveRefusesMixed(t *testing.T) {
	d := &Dialer{Resolver: &answers{turns: [][]netip.Addr{{
		netip.MustParseAddr("93.184.216.34"), netip.MustParseAddr("127.0.0.1"),
	}}}}
	if _, err := d.Resolve(t.Context(), "mixed.example"); !errors.Is(err, ErrBlocked) {
		t.Errorf("got %v, want ErrBlocked", err)
	}
}

// A name that is public when it is looked up first and private afterwards is
// caught at the dial, which trusts no earlier answer.
func TestRebinding(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	_, port, _ := net.SplitHostPort(ln.Addr().String())
	a := &answers{turns: [][]netip.Addr{
		{netip.MustParseAddr("93.184.216.34")},
		{netip.MustParseAddr("127.0.0.1")},
	}}
	d := &Dialer{Rules: Rules{Ports: []int{mustPort(t, port)}}, Resolver: a}
	if _, err := d.Resolve(t.Context(), "rebind.example"); err != nil {
		t.Fatalf("first look-up: %v", err)
	}
	conn, err := d.DialContext(t.Context(), "tcp", "rebind.example:"+port)
	if err == nil {
		conn.Close()
	}
	if !errors.Is(err, ErrBlocked) {
		t.Errorf("got %v, want ErrBlocked", err)
	}
}

// The last line of defence does not depend on the look-up at all.
func TestControl(t *testing.T) {
	d := &Dialer{}
	for address, ok := range map[string]bool{
		"93.184.216.34:443":    true,
		"127.0.0.1:80":         false,
		"[::1]:80":             false,
		"[::ffff:10.0.0.1]:80": false,
		"nonsense":             false,
	} {
		if err := d.control(t.Context(), "tcp4", address, nil); (err == nil) != ok {
			t.Errorf("control(%s) = %v, want ok %t", address, err, ok)
		}
	}
	if d.control(t.Context(), "unix", "/run/docker.sock", nil) == nil {
		t.Error("a unix socket passed")
	}
}

func mustPort(t *testing.T, s string) int {
	t.Helper()
	port, err := net.LookupPort("tcp", s)
	if err != nil {
		t.Fatal(err)
	}
	return port
}
