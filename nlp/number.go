package nlp

func (d *Document) findNumbers() {}
