package remember

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/record"
)

// Accepted is as much of a baseline as a shell's prompt compares with: the
// variables and the Go that ran. It stands in a small file beside the database,
// because to open that takes longer than anybody waits for a prompt.
type Accepted struct {
	Record drift.Record
	// Chosen are the variables that godrift gave another value since, because a
	// person asked for it. Their values are nowhere kept but in the journal.
	Chosen []string
}

// acceptedHeading begins a file; the number is that of the layout.
const acceptedHeading = "#ACCEPTED v1 "

// maxAccepted bounds a file.
const maxAccepted = 1 << 20

// AcceptedFile is the file for a workspace, in a state folder.
func AcceptedFile(dir, root string) string {
	name := sha256.Sum256([]byte(root))
	return filepath.Join(dir, "accepted", hex.EncodeToString(name[:12]))
}

// Publish writes what prompts compare with, if it is not what stands there.
func (s *Store) Publish(b drift.Baseline, chosen []string) error {
	r := b.Record
	r.Values = map[string]string{}
	for key, value := range b.Record.Values {
		if _, ok := drift.KeyVariable(key); ok || key == drift.KeySelected {
			r.Values[key] = value
		}
	}
	slices.Sort(chosen)
	text := append([]byte(acceptedHeading+strings.Join(chosen, " ")+"\n"), record.Text(r)...)
	file := AcceptedFile(s.dir, r.Root)
	if there, err := readAcceptedFile(file); err == nil && bytes.Equal(there, text) {
		return nil
	}
	if _, err := s.folder("accepted"); err != nil {
		return err
	}
	fresh, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".*") // 0600
	if err != nil {
		return fmt.Errorf("writing what prompts compare with: %w", err)
	}
	_, err = fresh.Write(text)
	if err = errors.Join(err, fresh.Close()); err == nil {
		err = os.Rename(fresh.Name(), file)
	}
	if err != nil {
		_ = os.Remove(fresh.Name()) // it is not whole
		return fmt.Errorf("writing what prompts compare with: %w", err)
	}
	return nil
}

// ReadAccepted reads what Publish wrote, or refuses it. It opens no database. The
// error is fs.ErrNotExist if nothing was accepted in the workspace.
func ReadAccepted(dir, root string) (Accepted, error) {
	file := AcceptedFile(dir, root)
	text, err := readAcceptedFile(file)
	var a Accepted
	if err == nil {
		a, err = decodeAccepted(text)
	}
	if err == nil && a.Record.Root != root {
		err = fmt.Errorf("it is about %s", a.Record.Root)
	}
	if err != nil {
		return Accepted{}, fmt.Errorf("reading %s: %w; the next godrift check there writes it anew", file, err)
	}
	return a, nil
}

// readAcceptedFile reads nothing that Publish cannot have written: to read a pipe
// would take for ever.
func readAcceptedFile(file string) ([]byte, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxAccepted {
		return nil, fmt.Errorf("it is no file of %d bytes at most", maxAccepted)
	}
	return os.ReadFile(file)
}

func decodeAccepted(text []byte) (Accepted, error) {
	line, rest, ok := bytes.Cut(text, []byte("\n"))
	names, ok2 := strings.CutPrefix(string(line), acceptedHeading)
	if !ok || !ok2 {
		return Accepted{}, errors.New("it is of another version")
	}
	r, err := record.DecodeText(rest)
	if err != nil {
		return Accepted{}, err
	}
	a := Accepted{Record: r, Chosen: strings.Fields(names)}
	for _, name := range a.Chosen {
		if !drift.Recordable(name) {
			return Accepted{}, fmt.Errorf("%q is no variable of the go command", drift.Clip(name))
		}
	}
	return a, nil
}
