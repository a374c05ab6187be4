package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

const (
	tallest = 5000 // of a window, in pixels
	margin  = 12   // below the last message
)

// picture lets a headless Chromium draw a page, and cuts off what is empty below
// it. The browser gets a profile of its own and asks nothing of the network.
func picture(ctx context.Context, chromium, dir string, p page, scale int) error {
	profile, err := os.MkdirTemp("", "preview-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(profile) }()
	from, err := filepath.Abs(filepath.Join(dir, p.Name+".html"))
	if err != nil {
		return err
	}
	whole := filepath.Join(profile, "whole.png")
	browser := exec.CommandContext(ctx, chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
		"--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
		"--user-data-dir="+profile, "--force-device-scale-factor="+strconv.Itoa(scale),
		fmt.Sprintf("--window-size=%d,%d", p.Width(), tallest), "--screenshot="+whole, "file://"+from)
	if out, err := browser.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", chromium, err, bytes.TrimSpace(out))
	}
	data, err := os.ReadFile(whole)
	if err != nil {
		return err
	}
	drawn, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return err
	}
	cut, err := trim(drawn, margin*scale)
	if err != nil {
		return err
	}
	var w bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&w, cut); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, p.Name+".png"), w.Bytes(), 0o644)
}

// trim cuts off the rows at the bottom that are like the last one.
func trim(drawn image.Image, margin int) (image.Image, error) {
	size := drawn.Bounds().Sub(drawn.Bounds().Min)
	all := image.NewNRGBA(size)
	draw.Draw(all, size, drawn, drawn.Bounds().Min, draw.Src)
	row := func(y int) []byte { return all.Pix[y*all.Stride : (y+1)*all.Stride] }
	last := row(size.Dy() - 1)
	bottom := size.Dy()
	for bottom > 0 && bytes.Equal(row(bottom-1), last) {
		bottom--
	}
	if bottom == size.Dy()-1 || bottom == 0 {
		return nil, errors.New("the page is empty or higher than the window")
	}
	size.Max.Y = min(bottom+margin, size.Dy())
	return all.SubImage(size), nil
}
