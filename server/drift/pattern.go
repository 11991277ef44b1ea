package drift

import (
	"regexp"
	"sync"
)

// Pattern compiles an expression when it is first asked for: most starts of the program
// need none, and all of them together take as long as the rest of a start.
func Pattern(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}
