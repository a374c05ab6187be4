package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"onrecord/brief"
)

// version of the program; the engine, which results depend on, has its own.
const version = "0.1.0"

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run(a *app) error {
	return write(a.out, []byte(versionLine()+"\n"))
}

func versionLine() string {
	line := "onrecord " + version
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" && len(s.Value) >= 12 {
				line += " (" + s.Value[:12] + ")"
			}
		}
	}
	return line + fmt.Sprintf(", engine %s, %s %s/%s", brief.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
