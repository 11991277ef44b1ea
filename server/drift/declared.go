package drift

// DeclaredPin is a place that a team says pins a Go version: its own file, of
// which nobody else knows the form.
type DeclaredPin struct {
	// Path is a glob for the files, relative to the workspace's root and with
	// slashes; ** crosses folders.
	Path string
	// Pattern is a regular expression (RE2) with one capture group, which takes
	// the version text. ^ and $ are the start and the end of a line.
	Pattern string
	// Key leads to the version in a JSON, TOML or YAML file, as in "engines.go";
	// it is used if there is no pattern.
	Key string
	// Role is what the place decides.
	Role Role
	// Meaning is how the text is to be understood; empty if its form tells.
	Meaning Meaning
	// Place is where this is declared.
	Place Place
}
