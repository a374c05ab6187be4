package factcheck

import "time"

// Review is a fact-check that somebody has published, as its publisher put it.
// Nothing in it is ours: claim, title and verdict are strangers' words.
type Review struct {
	ID        string    `json:"id,omitempty"` // the publisher's, if it has one
	Claim     string    `json:"claim,omitempty"`
	Title     string    `json:"title,omitempty"`
	Subtitle  string    `json:"subtitle,omitempty"`
	Claimant  string    `json:"claimant,omitempty"` // who made the claim
	Publisher string    `json:"publisher,omitempty"`
	Verdict   string    `json:"verdict,omitempty"` // in the publisher's words: "Mostly false"
	URL       string    `json:"url,omitempty"`     // of the article that checks the claim; http or https
	Date      time.Time `json:"date,omitzero"`     // of the check
	Claimed   time.Time `json:"claimed,omitzero"`  // when the claim was made
	Language  string    `json:"language,omitempty"`
}

// Match is a published fact-check of a claim.
type Match struct {
	Review
	Score float64 `json:"score"` // how sure it is that both texts make the same claim, 0 to 1
}

// Question asks for the published fact-checks of a claim.
type Question struct {
	Text    string    // the claim, best in a wording that stands alone
	Speaker string    // who makes it; empty when unknown
	Date    time.Time // when it was made or printed; zero when unknown

	// Private keeps the question on this machine: it stems from a pasted text,
	// a file, a direct message or a private channel.
	Private bool
}
