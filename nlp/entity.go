package nlp

func (d *Document) findNames(labels []string) {}
