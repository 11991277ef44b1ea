package toolchain

func (s *selection) load(c choice) {}

// Modules remembers parsed files.
type Modules struct{}
