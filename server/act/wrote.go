package act

import "godrift.dev/server/remember"

// Written is what one entry of the journal wrote.
type Written struct {
	Files []string
	// Variables are those it gave a value, nil where it unset one.
	Variables map[string]*string
	GOENV     bool     // it wrote the file of go env -w
	Tools     []string // files of programs
}

// Wrote tells what an entry of the journal wrote; nothing if that is not known
// any more.
func Wrote(e remember.Entry) Written {
	w := Written{Variables: map[string]*string{}}
	if e.Unreadable != nil {
		return w
	}
	steps, err := decodeSteps(e.Steps)
	if err != nil {
		return w // of another version
	}
	for _, s := range steps {
		switch s.Kind {
		case stepFile:
			w.Files = append(w.Files, s.File)
		case stepMove:
			w.Files = append(w.Files, s.File, s.To)
		case stepTool:
			w.Tools = append(w.Tools, s.File)
		case stepGOENV:
			w.GOENV = true
		}
		for _, v := range s.Variables {
			w.Variables[v.Name] = v.After
		}
	}
	return w
}
