package score

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRead(t *testing.T) {
	type row struct{ ID string }
	got, err := Read[row](strings.NewReader("{\"id\":\"a\"}\n\n{\"id\":\"b\"}"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(got, []row{{"a"}, {"b"}}); diff != "" {
		t.Errorf("rows (-got +want):\n%s", diff)
	}
	if _, err := Read[row](strings.NewReader("{}\n{]\n")); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("a broken second line gives %v", err)
	}
}

func TestWords(t *testing.T) {
	got := Words("Zoë’s 2½ men_at work—“x”")
	want := []string{"Zoë", "s", "2½", "men_at", "work", "x"}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("words (-got +want):\n%s", diff)
	}
}

func TestBag(t *testing.T) {
	a, b := BagOf(strings.Fields("a a b c")), BagOf(strings.Fields("a a a c d"))
	if got := a.Common(b); got != 3 {
		t.Errorf("common = %d, want 3", got)
	}
	if got := a.Size(); got != 4 {
		t.Errorf("size = %d, want 4", got)
	}
}
