package leash

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// opposites are pairs of words; whatever the lexicon joins to the one says the
// contrary of what it joins to the other.
var opposites = [][2]string{
	{"rise", "fall"},
	{"raise", "cut"},
	{"increase", "decrease"},
	{"gain", "lose"},
	{"win", "lose"},
	{"profit", "loss"},
	{"improve", "worsen"},
	{"expand", "shrink"},
	{"double", "halve"},
	{"open", "close"},
	{"begin", "end"},
	{"approve", "reject"},
	{"accept", "reject"},
	{"accept", "refuse"},
	{"support", "oppose"},
	{"allow", "ban"},
	{"buy", "sell"},
	{"arrive", "leave"},
	{"convict", "acquit"},
	{"admit", "deny"},
	{"hire", "dismiss"},
	{"victory", "defeat"},
	{"majority", "minority"},
	{"praise", "criticise"},
	{"save", "destroy"},
	{"strong", "weak"},
	{"safe", "dangerous"},
	{"legal", "illegal"},
	{"lend", "borrow"},
}

// sides gives for each group of the lexicon the sides of the pairs that it is on:
// 2n for the first word of pair n, 2n+1 for the second.
var sides = sync.OnceValue(func() map[string][]int {
	out := map[string][]int{}
	for n, pair := range opposites {
		for k, w := range pair {
			for _, key := range append([]string{"=" + stem(w)}, words().wording.groups[w]...) {
				out[key] = append(out[key], 2*n+k)
			}
		}
	}
	return out
})

// contrary reports whether two words say the contrary of each other.
func contrary(a, b word) bool {
	all := sides()
	of := func(w word) []int {
		var out []int
		for _, k := range w.keys {
			out = append(out, all[k]...)
		}
		return out
	}
	theirs := of(b)
	mine := of(a)
	return slices.ContainsFunc(mine, func(x int) bool { return slices.Contains(theirs, x^1) && !slices.Contains(mine, x^1) }) && !match(a, b)
}

// wrongWay says which word of the wording stands where the article has its
// contrary: the word comes from another sentence, and the contrary is left out.
func (d *draft) wrongWay() string {
	s := d.source
	for i, w := range d.words {
		if w.clause < 0 || d.like[w.clause] < 0 || len(w.keys) == 0 || !openClass(d.Tokens[i]) || strings.HasPrefix(d.Tokens[i].Tag, "NNP") || len(s.warrants(w, d.at[w.clause])) > 0 {
			continue
		}
		for _, j := range s.clauses[d.like[w.clause]].tokens {
			if v := s.words[j]; openClass(s.Tokens[j]) && len(v.keys) > 0 && contrary(w, v) && !d.mentioned(v) {
				return fmt.Sprintf("the article says %q, not %q", s.Tokens[j].Text, d.Tokens[i].Text)
			}
		}
	}
	return ""
}
