package lsp

import (
	"fmt"
	"strings"
	"testing"
)

// An error does not send back what the client sent, however much that was.
func TestErrorsAreShort(t *testing.T) {
	for _, err := range []error{
		fmt.Errorf("%w: %s", errParams, strings.Repeat("x", 1<<20)),
		failed(fmt.Errorf("%s", strings.Repeat("x", 1<<20))),
		fmt.Errorf("%s", strings.Repeat("x", 1<<20)),
	} {
		if got := wireError("godrift/why", err).Error(); len(got) > 2*maxMessageText {
			t.Errorf("an error of %d bytes", len(got))
		}
	}
}
