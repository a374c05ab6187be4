package article_test

import (
	"context"
	"errors"
	"fmt"

	"onrecord/article"
)

func ExampleReader_Read() {
	var r article.Reader
	defer r.Close()
	src := article.FromText("PORT LANNER, Wexmoor, March 5 (AP) — The ferry runs again from Monday, its owners said.")
	a, err := r.Read(context.Background(), src)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(a.Dateline.Agency, "in", a.Dateline.Place)
	fmt.Println(a.Text[a.Body:])
	// Output:
	// AP in PORT LANNER, Wexmoor
	// The ferry runs again from Monday, its owners said.
}

func ExampleError() {
	_, err := article.FromURL("https://docs.google.com/document/d/1/edit")
	var e *article.Error
	if errors.As(err, &e) {
		fmt.Println(e.Sentence())
	}
	fmt.Println(errors.Is(err, article.ErrCloudDocument))
	// Output:
	// Documents behind docs.google.com cannot be opened from here: export the document as .docx and drop it here, or paste its text.
	// true
}
