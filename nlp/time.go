package nlp

type timeExpr struct{}

func (d *Document) findTimes() {}
