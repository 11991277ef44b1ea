package act

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// stepKind says what a step changes.
type stepKind string

const (
	stepFile   stepKind = "file"
	stepGOENV  stepKind = "goenv"
	stepEditor stepKind = "editor"
	stepMove   stepKind = "move"
	stepTool   stepKind = "tool"
	stepSDK    stepKind = "sdk"
)

// step is one change together with its inverse: what was before and what is
// after. Turned around it is the undo. It is what the journal holds.
type step struct {
	Kind stepKind `json:"kind"`
	// File is the file as the fix names it; what is written is the file that it
	// links to in the end.
	File string `json:"file,omitempty"`
	// To is the new name, for stepMove. From is the folder that stepSDK copies.
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
	// Before and After are the whole text, for stepFile; nil is no file.
	Before *content `json:"before,omitempty"`
	After  *content `json:"after,omitempty"`
	// The GOENV file is shared with go env -w and holds other people's secrets:
	// of it only what changes is kept. HashBefore and HashAfter are those of the
	// whole file, empty for no file.
	// A program is only kept by its hash here: see keepTool. Of an SDK it is what
	// its tree looks like: see treeHash.
	HashBefore string   `json:"hashBefore,omitempty"`
	HashAfter  string   `json:"hashAfter,omitempty"`
	Splices    []splice `json:"splices,omitempty"`
	// Variables are those that stepGOENV and stepEditor change.
	Variables []variable `json:"variables,omitempty"`
	// ToolBefore and ToolAfter say for stepTool what the program is.
	ToolBefore string `json:"toolBefore,omitempty"`
	ToolAfter  string `json:"toolAfter,omitempty"`
	// Unknown says that an editor could not tell what was before.
	Unknown bool `json:"unknown,omitempty"`
}

// content is the text of a file that exists.
type content struct {
	Text []byte `json:"text"`
}

// variable is a change of one variable; nil is unset.
type variable struct {
	Name   string  `json:"name"`
	Before *string `json:"before"`
	After  *string `json:"after"`
}

// splice replaces Old at Offset by New. Several are in order, and each offset
// counts in the text as it is before all of them.
type splice struct {
	Offset int    `json:"offset"`
	Old    []byte `json:"old"`
	New    []byte `json:"new"`
}

// reversed is the step that takes this one back.
func (s step) reversed() step {
	if s.Kind == stepMove {
		s.File, s.To = s.To, s.File
		return s
	}
	s.Before, s.After = s.After, s.Before
	s.HashBefore, s.HashAfter = s.HashAfter, s.HashBefore
	s.ToolBefore, s.ToolAfter = s.ToolAfter, s.ToolBefore
	s.Splices = slices.Clone(s.Splices)
	shift := 0
	for i, sp := range s.Splices {
		s.Splices[i] = splice{Offset: sp.Offset + shift, Old: sp.New, New: sp.Old}
		shift += len(sp.New) - len(sp.Old)
	}
	s.Variables = slices.Clone(s.Variables)
	for i, v := range s.Variables {
		s.Variables[i] = variable{Name: v.Name, Before: v.After, After: v.Before}
	}
	return s
}

// apply carries the splices out. It fails if the text is not the one they were
// made for.
func applySplices(text []byte, splices []splice) ([]byte, error) {
	var out []byte
	at := 0
	for _, sp := range splices {
		if sp.Offset < at || sp.Offset+len(sp.Old) > len(text) || !bytes.Equal(text[sp.Offset:sp.Offset+len(sp.Old)], sp.Old) {
			return nil, fmt.Errorf("at byte %d there is another text than expected: %w", sp.Offset, ErrChanged)
		}
		out = append(append(out, text[at:sp.Offset]...), sp.New...)
		at = sp.Offset + len(sp.Old)
	}
	return append(out, text[at:]...), nil
}

func encodeSteps(steps []step) ([]byte, error) {
	b, err := json.Marshal(steps)
	if err != nil {
		return nil, fmt.Errorf("writing the steps of a fix down: %w", err)
	}
	return b, nil
}

func decodeSteps(b []byte) ([]step, error) {
	var steps []step
	if err := json.Unmarshal(b, &steps); err != nil {
		return nil, fmt.Errorf("reading the steps of a fix: %w", err)
	}
	return steps, nil
}
