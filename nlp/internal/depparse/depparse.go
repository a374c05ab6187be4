// Package depparse finds the dependency tree of a sentence.
package depparse

// Parse gives for each word its governing word (an index into words, -1 for
// the root) and its relation to it.
func Parse(words, tags []string) (heads []int, rels []string) {
	heads, rels = make([]int, len(words)), make([]string, len(words))
	for i := range heads {
		heads[i], rels[i] = i-1, "dep"
	}
	if len(rels) > 0 {
		rels[0] = "root"
	}
	return heads, rels
}
