package nlp

type timeExpr struct{}
