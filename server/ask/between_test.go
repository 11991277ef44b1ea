package ask

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// FuzzBetween holds that an answer is found whatever is printed around it and
// however it arrives, and that without two marks there is none.
func FuzzBetween(f *testing.F) {
	f.Add("banner\n", "A=b\x00C=d\ne", "bye")
	f.Add("MARKMAR", "", "MARK")
	f.Add("", "A=MAR\x00B=KMA", "")
	f.Add(strings.Repeat("\x1b[31m", 9000), "X=\xff", "\x00")
	f.Fuzz(func(t *testing.T, before, answer, after string) {
		const mark = "MARK-8Z"
		if strings.Contains(before+mark, mark) && strings.Index(before+mark, mark) != len(before) || strings.Index(answer+mark, mark) != len(answer) {
			t.Skip("nobody can guess the mark")
		}
		text := before + mark + answer + mark + after
		for name, r := range map[string]io.Reader{
			"at once": strings.NewReader(text), "byte by byte": iotest.OneByteReader(strings.NewReader(text)),
			"in halves": iotest.HalfReader(strings.NewReader(text)), "with the end": iotest.DataErrReader(strings.NewReader(text)),
		} {
			if got, err := between(r, []byte(mark)); err != nil || !bytes.Equal(got, []byte(answer)) {
				t.Errorf("%s: %q, %v, want %q", name, got, err, answer)
			}
		}
		if got, err := between(strings.NewReader(before+mark+answer), []byte(mark)); !errors.Is(err, io.EOF) {
			t.Errorf("half an answer is %q, %v", got, err)
		}
	})
}
