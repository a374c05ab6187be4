package quote

import (
	"fmt"
	"slices"
	"strings"

	"onrecord/nlp"
)

// Bounds on an interview without labels: questions that make one, and words of a
// question.
const (
	minQuestions = 3
	maxQuestion  = 60
)

// interview finds the answers of an interview that is printed without labels: a
// question in a paragraph of its own, below it what the one who is introduced above
// says of itself. The questions themselves are nobody's who is named, and stay out.
//
// A column asks and answers questions as well, and a page of advice does: so the
// introduction must tell of a conversation, the questions speak to a "you", and
// most answers of an "I". Where the introduction leaves open who answers, nothing is
// found.
func (r *reading) interview() []turn {
	var questions []int
	toYou, ofSelf := 0, 0
	for p := 1; p+1 < len(r.Paragraphs); p++ {
		if !r.asks(p) || !r.answers(p+1) {
			continue
		}
		questions = append(questions, p)
		toYou += int(bit(r.paragraphHas(p, "you", "your", "yours", "yourself")))
		ofSelf += int(bit(r.paragraphHas(p+1, "i", "my", "me", "i'm", "myself", "mine")))
	}
	n := len(questions)
	if n < minQuestions || 3*toYou < n || 2*ofSelf < n || 4*n < questions[n-1]-questions[0]+1 {
		return nil
	}
	who, ok := r.interviewee(questions[0])
	if !ok {
		return nil
	}
	turns := make([]turn, 0, n)
	for i, q := range questions {
		limit := len(r.Paragraphs)
		if i+1 < n {
			limit = questions[i+1]
		}
		last := q + 1
		for last+1 < limit && r.answers(last+1) && r.speaksOfItself(last+1) && !r.narrates(last+1, who.last) {
			last++
		}
		start := r.Paragraphs[q+1].Start
		if first, _ := r.TokensIn(r.Paragraphs[q+1]); first < len(r.Tokens) {
			if l, ok := r.label(first, r.Paragraphs[q+1]); ok {
				start = nextWord(r.Text, l.end) // "Duarte: In the spring."
			}
		}
		content := nlp.Span{Start: start, End: r.Paragraphs[last].End}
		turns = append(turns, turn{source: who, content: content, pieces: withoutDirections(r.Text, content), unlabelled: true})
	}
	return turns
}

// asks reports whether a paragraph is a question outside quotation marks.
func (r *reading) asks(p int) bool {
	span := r.Paragraphs[p]
	text := span.Text(r.Text)
	first, last := r.TokensIn(span)
	return strings.HasSuffix(text, "?") && first < last && last-first <= maxQuestion && r.markOf[first] < 0 && r.markOf[last-1] < 0
}

// answers reports whether a paragraph may be an answer: neither a question nor in
// quotation marks.
func (r *reading) answers(p int) bool {
	first, last := r.TokensIn(r.Paragraphs[p])
	return first < last && r.markOf[first] < 0 && !strings.HasSuffix(r.Paragraphs[p].Text(r.Text), "?")
}

// conversation are the lemmas by which an introduction tells of an interview.
var conversation = []string{"interview", "interviewee", "speak", "talk", "chat", "answer", "conversation", "discuss", "q&a", "tell", "ask", "explain"}

// interviewee gives the name of the one who answers: the only person whom the
// paragraphs above paragraph p name, or the only one that the first of them names, be
// it headline or introduction, but for somebody who is spoken to.
func (r *reading) interviewee(p int) (source, bool) {
	end := 0
	for end < len(r.Tokens) && r.Tokens[end].Start < r.Paragraphs[p].Start {
		end++
	}
	told := false
	for i := range end {
		told = told || slices.Contains(conversation, strings.ToLower(r.Tokens[i].Lemma)) || r.is(i, "we", "i") && r.is(i+1, "met", "meet")
	}
	if !told {
		return source{}, false
	}
	var people []*nlp.Mention
	inFirst := 0
	_, firstEnd := r.TokensIn(r.Paragraphs[0])
	for m := range r.Mentions {
		mention := &r.Mentions[m]
		e := mention.Entity
		if mention.First >= end || r.Entities[e].Kind != nlp.Person || slices.ContainsFunc(people, func(o *nlp.Mention) bool { return o.Entity == e }) || r.spokenTo(mention) {
			continue
		}
		people = append(people, mention)
		if mention.First < firstEnd {
			inFirst++
		}
	}
	if len(people) > 1 && inFirst != 1 {
		// A single word may be a town's: who is introduced has a first name.
		full := slices.DeleteFunc(slices.Clone(people), func(m *nlp.Mention) bool { return !strings.Contains(r.Entities[m.Entity].Name, " ") })
		if len(full) == 1 {
			people, inFirst = full, 1
		}
	}
	if len(people) == 0 || len(people) > 1 && inFirst != 1 {
		return source{}, false
	}
	name := people[0] // the first in the text
	return source{first: name.First, last: name.Last, head: r.headOf(name.First, name.Last), why: fmt.Sprintf("the article introduces %s, and answers follow", r.Entities[name.Entity].Name)}, true
}

// spokenTo reports whether a name is that of whoever asks: "spoke to Ben Holt",
// "told the Courier's Ben Holt".
func (r *reading) spokenTo(m *nlp.Mention) bool {
	s := r.sentence(m.First)
	for i := m.First - 1; i >= s.First && i > m.First-6; i-- {
		if r.is(i, "with") && r.is(i-1, "interview", "interviews") && isNounTag(r.tag(i-1)) {
			return false // "an interview with Jane Roe"
		}
		if r.is(i, "to", "with") && i > s.First && slices.Contains(conversation, strings.ToLower(r.Tokens[i-1].Lemma)) || isVerbTag(r.tag(i)) && r.Tokens[i].Lemma == "tell" {
			return true
		}
		if r.is(i, ",") || isVerbTag(r.tag(i)) {
			return false
		}
	}
	return false
}
