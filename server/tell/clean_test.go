package tell

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

func TestClean(t *testing.T) {
	if got, want := Clean("cannot look at /w/a\x1b[31m\n::error::b\u202e\u009bc"), "cannot look at /w/a\ufffd[31m ::error::b\ufffd\ufffdc"; got != want {
		t.Errorf("Clean = %q, want %q", got, want)
	}
}

// TestJSONIsSafeToPrint: nothing in a document steers a terminal, and whoever
// parses it reads what was written.
func TestJSONIsSafeToPrint(t *testing.T) {
	want := "a\u009b31m\u202e\u2066\u200f\u007f\ufeff\x1b\u2028 é 日本 b"
	var b bytes.Buffer
	if err := JSON(&b, map[string]string{want: want}); err != nil {
		t.Fatal(err)
	}
	if i := strings.IndexFunc(b.String(), isHostile); i >= 0 {
		t.Errorf("raw at %d of %q", i, b.String())
	}
	if !strings.Contains(b.String(), "é 日本") {
		t.Errorf("letters are escaped: %s", b.String())
	}
	var got map[string]string
	if err := json.Unmarshal(b.Bytes(), &got); err != nil || got[want] != want {
		t.Errorf("read back %q (%v), want %q", got, err, want)
	}
}
