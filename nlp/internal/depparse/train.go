package depparse

import (
	"slices"
	"strings"

	"onrecord/internal/perceptron"
)

// Example is a sentence with its right tree. Tags should be what the tagger
// gives for a sentence it was not trained on.
type Example struct {
	Words, Tags []string
	Heads       []int // -1 for the root
	Rels        []string
}

// Options are how a parser is trained.
type Options struct {
	Rounds  int
	Voters  int     // parsers trained in different orders and averaged into one
	Explore float64 // share of mistakes that training follows after the first round
	Seed    uint64
	Action  perceptron.Pruning
	Label   perceptron.Pruning
}

// Relation strips the subtype of a relation, but for those that matter to
// readers of the tree: passives, possessors, relative clauses.
func Relation(rel string) string {
	base, sub, _ := strings.Cut(rel, ":")
	switch {
	case sub == "pass", rel == "nmod:poss", rel == "acl:relcl":
		return rel
	}
	return base
}

// Report is how a round of training went: the shares of moves and relations
// that were right.
type Report struct {
	Voter, Round  int
	Moves, Labels float64
}

// Train learns a parser. Progress, if not nil, is called after every round.
func Train(examples []Example, o Options, progress func(Report)) (*Model, error) {
	classes := classesOf(examples)
	ids := map[string]int{}
	for i, c := range classes {
		ids[c] = i
	}
	only := onlyRelations(examples, ids)
	var acts, labels []*perceptron.Trainer
	for v := range max(o.Voters, 1) {
		t := &training{
			only: only, examples: examples, classes: len(classes), root: ids["root"], o: o,
			random: perceptron.NewRandom(o.Seed + uint64(v)*1000),
			action: perceptron.NewTrainer(actions),
			label:  perceptron.NewTrainer(classes),
		}
		for _, e := range examples {
			rels := make([]uint8, len(e.Rels))
			for i, r := range e.Rels {
				rels[i] = uint8(ids[Relation(r)])
			}
			t.rels = append(t.rels, rels)
		}
		order := make([]int, len(examples))
		for i := range order {
			order[i] = i
		}
		for round := range o.Rounds {
			t.random.Shuffle(order)
			t.moves, t.movesRight, t.named, t.namedRight = 0, 0, 0, 0
			for _, n := range order {
				t.sentence(n, round)
			}
			if progress != nil {
				progress(Report{v, round + 1, float64(t.movesRight) / float64(max(t.moves, 1)), float64(t.namedRight) / float64(max(t.named, 1))})
			}
		}
		acts, labels = append(acts, t.action), append(labels, t.label)
	}
	action, err := o.Action.Model(acts...)
	if err != nil {
		return nil, err
	}
	label, err := o.Label.Model(labels...)
	if err != nil {
		return nil, err
	}
	return &Model{action: action, label: label, only: only}, nil
}

// onlyRelations finds the tags whose words nearly always have the same
// relation.
func onlyRelations(examples []Example, ids map[string]int) map[string]uint8 {
	counts := map[string][]int{}
	for _, e := range examples {
		for i, tag := range e.Tags {
			if counts[tag] == nil {
				counts[tag] = make([]int, len(ids)+1)
			}
			if e.Heads[i] >= 0 {
				counts[tag][ids[Relation(e.Rels[i])]]++
				counts[tag][len(ids)]++
			}
		}
	}
	only := map[string]uint8{}
	for tag, n := range counts {
		total := n[len(ids)]
		for c, k := range n[:len(ids)] {
			if total >= 100 && float64(k) >= onlyShare*float64(total) {
				only[tag] = uint8(c + 1)
			}
		}
	}
	return only
}

// onlyShare is the share of a tag's words that counts as always.
const onlyShare = 0.992

func classesOf(examples []Example) []string {
	seen := map[string]bool{"root": true}
	for _, e := range examples {
		for _, r := range e.Rels {
			seen[Relation(r)] = true
		}
	}
	var classes []string
	for r := range seen {
		classes = append(classes, r)
	}
	slices.Sort(classes)
	return classes
}

type training struct {
	examples      []Example
	rels          [][]uint8
	classes, root int
	o             Options
	random        *perceptron.Random
	action, label *perceptron.Trainer

	p        parser
	scores   [perceptron.MaxClasses]float32
	only     map[string]uint8
	gold     []int32   // heads, p.root() for the root
	children [][]int32 // by gold head
	stacked  []bool    // on the stack now

	moves, movesRight, named, namedRight int
}

// sentence parses one example, learning at every mistake.
func (t *training) sentence(n, round int) {
	e := &t.examples[n]
	p := &t.p
	p.read(e.Words, e.Tags, t.only)
	t.prepare(e)
	for !p.done() {
		allowed := p.allowed()
		move := onlyMove[allowed]
		if move == none {
			move = t.decide(allowed, round)
		}
		if move == shift {
			t.stacked[p.next] = true
			p.shift()
			continue
		}
		child, head := p.arc(move)
		rel := t.root
		if head != p.root() {
			if rel = int(p.tokens[child].only) - 1; rel < 0 {
				want := -1
				if t.gold[child] == int32(head) {
					want = int(t.rels[n][child])
				}
				p.labelFeatures(child, head)
				rel = t.name(want)
			}
		}
		t.stacked[child] = false
		p.attach(move, uint8(rel+1))
	}
}

func (t *training) prepare(e *Example) {
	n := len(e.Heads)
	for len(t.children) <= n {
		t.children = append(t.children, nil)
	}
	t.gold, t.stacked = t.gold[:0], t.stacked[:0]
	for i := range n + 1 {
		t.children[i] = t.children[i][:0]
		t.stacked = append(t.stacked, false)
	}
	for i, h := range e.Heads {
		if h < 0 {
			h = n
		}
		t.gold = append(t.gold, int32(h))
		t.children[h] = append(t.children[h], int32(i))
	}
}

// decide picks the next move and learns from it when it costs more arcs of the
// right tree than it needs to.
func (t *training) decide(allowed, round int) int {
	p := &t.p
	p.features()
	t.action.Scores(p.keys, &t.scores)
	t.action.Tick()
	least := 1 << 30
	var costs [3]int
	for a := range costs {
		if allowed&(1<<a) != 0 {
			costs[a] = t.cost(a)
			least = min(least, costs[a])
		}
	}
	got, good := none, none
	for a := range costs {
		if allowed&(1<<a) == 0 {
			continue
		}
		if got == none || t.scores[a] > t.scores[got] {
			got = a
		}
		if costs[a] == least && (good == none || t.scores[a] > t.scores[good]) {
			good = a
		}
	}
	t.moves++
	if costs[got] == least {
		t.movesRight++
		return got
	}
	t.action.Update(p.keys, good, got, 1)
	if round > 0 && t.random.Float() < t.o.Explore {
		return got
	}
	return good
}

// cost counts the arcs of the right tree that can no longer be made after a
// move.
func (t *training) cost(move int) int {
	p := &t.p
	cost := 0
	if move == shift {
		b := int32(p.next)
		if h := t.gold[b]; h < b && t.stacked[h] && h != p.stack[len(p.stack)-1] {
			cost++
		}
		for _, c := range t.children[b] {
			if c < b && t.stacked[c] {
				cost++
			}
		}
		return cost
	}
	s := p.stack[len(p.stack)-1]
	h := t.gold[s]
	if move == left {
		if h > int32(p.next) || len(p.stack) > 1 && h == p.stack[len(p.stack)-2] {
			cost++
		}
	} else if h >= int32(p.next) {
		cost++
	}
	for _, c := range t.children[s] {
		if c >= int32(p.next) {
			cost++
		}
	}
	return cost
}

// name picks a relation by the features in p.keys and learns when it is not
// want; a want below 0 teaches nothing.
func (t *training) name(want int) int {
	t.label.Scores(t.p.keys, &t.scores)
	got := best(t.scores[:t.classes])
	if want < 0 {
		return got
	}
	t.label.Tick()
	t.named++
	if got != want {
		t.label.Update(t.p.keys, want, got, 1)
	} else {
		t.namedRight++
	}
	return got
}
