package drift

// Digested says which tag a digest of an image was seen beside. It stays true: a
// digest names the content of one image, whatever is written beside it later.
type Digested struct {
	Digest string
	// Pin is the tag's version as it was; its place is in a text that may be gone.
	Pin Pin
	// Seen says where that was, as the end of a sentence: "in the last commit".
	Seen string
}

var digestBehind = Pattern(`^[-A-Za-z0-9_.}"]*@(sha256:[0-9a-f]{64})(?:[^0-9A-Za-z]|$)`)

// DigestOf is the digest that is written behind the tag in which a pin stands;
// empty if there is none.
func DigestOf(text []byte, pin Pin) string {
	if pin.Extra["digest"] == "" || pin.Place.Span.End > len(text) {
		return ""
	}
	if m := digestBehind().FindSubmatch(text[pin.Place.Span.End:]); m != nil {
		return string(m[1])
	}
	return ""
}
