// Package pdf reads the text of PDF files.
package pdf

// Engine reads PDF files. The zero Engine works.
type Engine struct{}

// Close frees the engine.
func (e *Engine) Close() error { return nil }
