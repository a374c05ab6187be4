package quote

// What is shown of a source is what names somebody. The fields and the rules take
// in more now and then: a word in front that joins it to the sentence, the day on
// which it was said, the verb of the sentence.

// narrowed takes such words off tokens [first, last), which name who stands at
// token head.
func (r *reading) narrowed(first, last, head int) (int, int) {
	if first >= last || head < first || head >= last {
		return first, last
	}
	for first < head && r.is(first, "lest", "with", "even", "said", "says", "while", "as", "because", "if", "when", "although", "though", "since", "but", "and", "according", "to") {
		first++
	}
	last = r.beforeVerb(first, last, head)
	last = r.beforeDay(last, head)
	last = r.beforeAside(first, last)
	for last < len(r.Tokens) && r.Tokens[last].Entity >= 0 && r.Tokens[last].Entity == r.Tokens[last-1].Entity {
		last++ // "the Court" of "the Court of Audit"
	}
	return first, last
}

// beforeVerb ends a source before the verb that it is the subject of: "Oduya
// smiled" when she "smiled and asked". Verbs of a relative clause stay.
func (r *reading) beforeVerb(first, last, head int) int {
	if r.is(head, "who", "which", "that") {
		return last
	}
	for i := head + 1; i < last; i++ {
		if !isFinite(r.tag(i)) || r.markOf[i] >= 0 || r.Tokens[head].Head != i || r.Tokens[head].Rel != "nsubj" {
			continue
		}
		if _, last = r.trim(first, i); last > head {
			return last
		}
		return i
	}
	return last
}

// beforeDay ends a source before the day that stands right behind who is named:
// "the Times on Saturday", "Oduya, on Monday,". In "a poll released on Monday" it
// belongs to the poll.
func (r *reading) beforeDay(last, head int) int {
	end := last
	if end-1 > head && r.is(end-1, ",") {
		end--
	}
	begin := end
	for begin-1 > head && r.timeCovers[begin-1] {
		begin--
	}
	if begin == end {
		return last
	}
	named := r.Tokens[head].Entity >= 0
	if begin-1 > head && (r.is(begin-1, "on", "just") || named && r.is(begin-1, "in", "at", "late", "early")) {
		begin--
	} else if !named {
		return last
	}
	if begin-1 > head && r.is(begin-1, ",") {
		begin--
	}
	if begin-1 == head || named && r.Tokens[begin-1].Entity == r.Tokens[head].Entity {
		return begin
	}
	return last
}

// beforeAside ends a source before what is said of somebody else than the one who
// is named: "Oduya, the mayor of Kelvale, which lies on the river,". The comma in
// front stays, as it closes what is said of the right one.
func (r *reading) beforeAside(first, last int) int {
	aside := -1 // the first comma
	for i := first; i < last-1; i++ {
		if !r.is(i, ",") || r.markOf[i] >= 0 {
			continue
		}
		if aside < 0 {
			aside = i
			continue
		}
		if r.anyDash(aside, i) {
			return last
		}
		next := i + 1
		if !r.is(next, "which", "one") && r.tag(next) != "DT" {
			continue
		}
		if r.is(next, "which") {
			return i + 1
		}
		for k := next; k < last && !r.is(k, ","); k++ {
			if h := r.Tokens[k].Head; h > aside && h < i {
				return i + 1
			}
		}
	}
	return last
}

func (r *reading) anyDash(first, last int) bool {
	for i := first; i < last; i++ {
		if r.dash(i) {
			return true
		}
	}
	return false
}
