package main

import (
	"bytes"
	"encoding/json"
	"os"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The bill of a program has its modules with versions, each once.
func TestBill(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := write(&out, program); err != nil {
		t.Fatal(err)
	}
	var b bill
	if err := json.Unmarshal(out.Bytes(), &b); err != nil {
		t.Fatal(err)
	}
	if b.Format != "CycloneDX" || b.Spec != "1.6" || len(b.Metadata.Component.Hashes) != 1 || len(b.Metadata.Component.Hashes[0].Content) != 64 {
		t.Errorf("the head is %+v", b)
	}
	seen := map[string]bool{}
	for _, c := range b.Components {
		if c.Name == "" || c.Version == "" || seen[c.Ref] || !strings.HasPrefix(c.PURL, "pkg:golang/") {
			t.Errorf("a component %+v", c)
		}
		seen[c.Ref] = true
	}
	if err := write(&out, "main.go"); err == nil {
		t.Error("a text is taken for a program")
	}
}

// A module that was replaced is listed as what took its place.
func TestModules(t *testing.T) {
	got := list(&debug.BuildInfo{
		GoVersion: "go1.26.1", Path: "example.org/bot/cmd/bot", Main: debug.Module{Path: "example.org/bot", Version: "v1.2.0"},
		Deps: []*debug.Module{
			{Path: "example.org/a", Version: "v1.0.0"},
			{Path: "example.org/b", Version: "v1.0.0", Replace: &debug.Module{Path: "example.org/c", Version: "v2.0.0"}},
		},
	}, "bot", "abc")
	var refs []string
	for _, c := range got.Components {
		refs = append(refs, c.PURL)
	}
	want := []string{"pkg:golang/stdlib@1.26.1", "pkg:golang/example.org/a@v1.0.0", "pkg:golang/example.org/c@v2.0.0"}
	if diff := cmp.Diff(want, refs); diff != "" {
		t.Errorf("the components (want - got +):\n%s", diff)
	}
	if m := got.Metadata.Component; m.Version != "v1.2.0" || m.Hashes[0].Content != "abc" {
		t.Errorf("the program is %+v", m)
	}
}
