package quote

import (
	"testing"

	"onrecord/nlp"
)

// What the cue says with a "not" before it binds, denies and admits nothing.
func TestStance(t *testing.T) {
	for _, c := range []struct {
		text string
		want Stance
	}{
		{"Kerstin Vahl ruled out a second bridge at Orle.", Denied},
		{"Kerstin Vahl did not rule out a second bridge at Orle.", Said},
		{"Ivo Marsh never ruled out a strike at the mill.", Said},
		{"The ministry promised that the ferry would return.", Promised},
		{"The ministry did not promise that the ferry would return.", Said},
		{"The ministry never admitted that the ferry had lost its licence.", Said},
	} {
		found := Find(nlp.Parse(c.text))
		if len(found) != 1 || found[0].Stance != c.want {
			t.Errorf("%s\ngot  %+v\nwant one that is %s", c.text, found, c.want)
		}
	}
}
