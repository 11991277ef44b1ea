package engine

// Forget lets go of what is held of the past, as five minutes without a look do.
func (p *Page) Forget() { p.past.forget() }
