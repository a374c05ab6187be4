package store

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// What lies in the spool of a process that is over is found once, by another one;
// what lies in that of a living one is not.
func TestSpool(t *testing.T) {
	root := filepath.Join(t.TempDir(), "spool")
	open := func() *Spool {
		t.Helper()
		s, err := OpenSpool(root)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	inherit := func(s *Spool, want string) {
		t.Helper()
		got, err := s.Inherit()
		if err != nil {
			t.Fatal(err)
		}
		if text := fmt.Sprintf("%q", got); text != want {
			t.Errorf("inherited %s, want %s", text, want)
		}
	}
	put := func(s *Spool, name, data string) {
		t.Helper()
		if err := s.Put(name, []byte(data)); err != nil {
			t.Fatal(err)
		}
	}
	a, b := open(), open()
	put(a, "one", "1")
	put(a, "one", "first")
	put(a, "../two\x00\n", "second")
	put(a, "three", "third")
	if err := a.Drop("three"); err != nil {
		t.Fatal(err)
	}
	if err := a.Drop("three"); err != nil {
		t.Errorf("dropped twice: %v", err)
	}
	inherit(b, `map[]`)
	if err := a.held.close(); err != nil { // as the system does for a dead process
		t.Fatal(err)
	}
	// It died while it wrote.
	if err := os.WriteFile(a.path("four")+".HALF", []byte(`{"Name":"fo`), 0o600); err != nil {
		t.Fatal(err)
	}
	inherit(b, `map["../two\x00\n":"second" "one":"first"]`)
	inherit(b, `map[]`)
	if err := b.Drop("one"); err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	c := open()
	inherit(c, `map["../two\x00\n":"second"]`)
	if err := c.Drop("../two\x00\n"); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(root); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	info, err := os.Stat(root)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("others may look into it: %v, %v", info, err)
	}
}
