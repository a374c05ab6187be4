// Package tagger assigns Penn Treebank parts of speech to the words of a
// sentence.
package tagger

// Tag gives one Penn tag for each of the words of one sentence.
func Tag(words []string) []string {
	tags := make([]string, len(words))
	for i := range tags {
		tags[i] = "NN"
	}
	return tags
}
