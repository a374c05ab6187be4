package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestCommandLine(t *testing.T) {
	for _, test := range []struct {
		line     string
		status   int
		out, err string
	}{
		{"--help", 0, "gazetteer", ""},
		{"gazetteer --help", 0, "--cities", ""},
		{"", 2, "", "name a command"},
		{"nonsense", 2, "", "nonsense"},
		{"gazetteer", 2, "", "is required"},
		{"all --out missing", 1, "", "missing"},
	} {
		var out, errs bytes.Buffer
		status := train(strings.Fields(test.line), &out, &errs)
		if status != test.status || !strings.Contains(out.String(), test.out) || !strings.Contains(errs.String(), test.err) {
			t.Errorf("train %s: status %d\n%s%s", test.line, status, out.String(), errs.String())
		}
	}
}
