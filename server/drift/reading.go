package drift

// Reading is what one program would take from the files of a repository.
type Reading struct {
	// Reader is the program, with its version where that matters, as people
	// call it: "mise", "setup-go v6+".
	Reader string `json:"reader"`
	// Version is what it takes, as text for people: "1.25.3", "newest 1.25";
	// empty if it takes nothing.
	Version string `json:"version"`
	// Pin is the place that decides; its File is empty if none does.
	Pin Pin `json:"pin,omitzero"`
	// Reason says why, as a sentence.
	Reason string `json:"reason"`
	// Sees are the pins that the program reads, Ignores those that it passes by
	// although a person could think that it reads them.
	Sees    []Pin        `json:"sees,omitempty"`
	Ignores []IgnoredPin `json:"ignores,omitempty"`
}

// IgnoredPin is a pin that a program passes by.
type IgnoredPin struct {
	Pin Pin `json:"pin"`
	// Why is a part of a sentence that follows the place.
	Why string `json:"why"`
}

// Parting is a point at which two programs take different things from the same
// files.
type Parting struct {
	A string `json:"a"`
	B string `json:"b"`
	// Message is one or more plain sentences.
	Message string `json:"message"`
}
