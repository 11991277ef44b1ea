package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// answers reports whether there is a person who sees a question and can answer it.
func (c *Command) answers() bool { return isTerminal(c.Stdin) && isTerminal(c.Stderr) }

// consent reports whether to carry out what show shows: with --yes it is, else the
// person is shown it and asked, and without a person it is not. asked says that
// the person has seen it.
func (c *Command) consent(yes bool, question string, show func(w io.Writer) error) (apply, asked bool, err error) {
	if yes || !c.answers() {
		return yes, false, nil
	}
	if err := show(c.Stderr); err != nil {
		return false, true, err
	}
	apply, err = c.yes(question)
	return apply, true, err
}

// yes asks a person.
func (c *Command) yes(question string) (bool, error) {
	fmt.Fprintf(c.Stderr, "%s [y/N] ", question)
	answer, err := readLine(c.Stdin)
	if err != nil && !errors.Is(err, io.EOF) {
		return false, fmt.Errorf("reading the answer: %w", err)
	}
	answer = strings.ToLower(strings.TrimSpace(answer))
	return answer == "y" || answer == "yes", nil
}

// readLine reads no byte more than the line.
func readLine(r io.Reader) (string, error) {
	var line []byte
	var b [1]byte
	for len(line) < 1024 {
		n, err := r.Read(b[:])
		if n > 0 {
			if b[0] == '\n' {
				return string(line), nil
			}
			line = append(line, b[0])
		}
		if err != nil {
			return string(line), err
		}
	}
	return string(line), nil
}
