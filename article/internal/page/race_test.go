//go:build race

package page

const raced = true // the race detector slows everything down
