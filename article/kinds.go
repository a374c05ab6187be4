package article

import "context"

func (r *Reader) html(a *Article, got *fetched) error { return &Error{Kind: ErrType} }
func (r *Reader) pdf(ctx context.Context, a *Article, data []byte) error {
	return &Error{Kind: ErrType}
}
func (r *Reader) docx(a *Article, data []byte) error      { return &Error{Kind: ErrType} }
func (r *Reader) markdown(a *Article, got *fetched) error { return &Error{Kind: ErrType} }
