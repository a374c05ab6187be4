// Command sbom lists what a Go program is made of, as a software bill of
// materials in CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/), out of what
// the compiler wrote into the program.
//
//	go run ./tools/sbom dist/onrecord >onrecord.cdx.json
package main

import (
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "sbom: name a program, as in sbom dist/onrecord")
		os.Exit(2)
	}
	if err := write(os.Stdout, os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
}

// bill is a CycloneDX document.
type bill struct {
	Format     string      `json:"bomFormat"`
	Spec       string      `json:"specVersion"`
	Version    int         `json:"version"`
	Metadata   metadata    `json:"metadata"`
	Components []component `json:"components"`
}

type metadata struct {
	Component component `json:"component"`
}

type component struct {
	Type    string `json:"type"`
	Ref     string `json:"bom-ref"`
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
	PURL    string `json:"purl,omitempty"` // https://github.com/package-url/purl-spec
	Hashes  []hash `json:"hashes,omitempty"`
}

type hash struct {
	Algorithm string `json:"alg"`
	Content   string `json:"content"`
}

// write lists the modules of a program, and the Go that it was made with.
func write(w io.Writer, program string) error {
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return fmt.Errorf("%s: %w", program, err)
	}
	data, err := os.ReadFile(program)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(data)
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(list(info, filepath.Base(program), hex.EncodeToString(sum[:])))
}

// list is the bill of a program with this name and hash.
func list(info *debug.BuildInfo, name, sum string) bill {
	b := bill{Format: "CycloneDX", Spec: "1.6", Version: 1, Metadata: metadata{component{
		Type: "application", Ref: name, Name: info.Path, Version: info.Main.Version,
		Hashes: []hash{{"SHA-256", sum}},
	}}}
	std := component{Type: "platform", Name: "go", Version: strings.TrimPrefix(info.GoVersion, "go")}
	std.PURL = "pkg:golang/stdlib@" + std.Version
	std.Ref = std.PURL
	b.Components = append(b.Components, std)
	for _, m := range info.Deps {
		b.Components = append(b.Components, module(m))
	}
	return b
}

// module is what a module was replaced with, or the module itself.
func module(m *debug.Module) component {
	for m.Replace != nil {
		m = m.Replace
	}
	purl := "pkg:golang/" + m.Path + "@" + m.Version
	return component{Type: "library", Ref: purl, Name: m.Path, Version: m.Version, PURL: purl}
}
