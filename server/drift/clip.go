package drift

// enough is how many characters of a value from outside a message shows.
const enough = 200

// Clip shortens a value from outside for a message: a file can hold megabytes
// where a version should stand.
func Clip(s string) string { return ClipTo(s, enough) }

// ClipTo keeps the first characters of a text and puts an ellipsis after them if
// there are more. It looks at no more of the text than it keeps.
func ClipTo(s string, characters int) string {
	n := 0
	for at := range s {
		if n == characters {
			return s[:at] + "…"
		}
		n++
	}
	return s
}

// ClipText shortens the output of a program, which has lines.
func ClipText(s string) string { return ClipTo(s, 16<<10) }
