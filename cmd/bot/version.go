package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"

	"onrecord/brief"
)

// version of the program; the engine, which results depend on, has its own.
const version = "0.1.0"

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run(_ context.Context, a *app) error {
	return write(a.out, []byte(versionLine()+"\n"))
}

func versionLine() string {
	return fmt.Sprintf("onrecord %s%s, engine %s, %s %s/%s", version, revision(), brief.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// revision is the commit that the program was built from, in brackets; nothing
// when the build does not know.
func revision() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return " (" + s.Value[:12] + ")"
		}
	}
	return ""
}
