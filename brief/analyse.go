package brief

import "onrecord/article"

// Analyse finds everything in a. It is a pure function of the article's text,
// title and publication date.
func Analyse(a *article.Article) *Analysis {
	return &Analysis{Engine: engine()}
}

func engine() Engine { return Engine{Version: Version} }
