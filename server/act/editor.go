package act

import (
	"context"
	"errors"
	"fmt"
)

// forEditor says where an editor's variables count.
const forEditor = "for this workspace in the editor and its terminals"

// ask has the editor tell what its variables are before they are changed, if
// it can.
func (j *job) ask(ctx context.Context) error {
	for i := range j.steps {
		s := &j.steps[i]
		reader, ok := j.opts.Editor.(EditorReader)
		if s.Kind != stepEditor || !ok {
			continue
		}
		now, err := reader.Variables(ctx, s.names())
		if err != nil {
			return fmt.Errorf("asking the editor for its variables: %w", err)
		}
		for k, v := range s.Variables {
			// An undo knows what it must find.
			if !s.Unknown && !equal(now[v.Name], v.Before) {
				return fmt.Errorf("%s of the editor has another value than expected: %w", v.Name, ErrChanged)
			}
			s.Variables[k].Before = now[v.Name]
		}
		s.Unknown = false
	}
	return nil
}

// setEditor carries an editor's step out.
func (j *job) setEditor(ctx context.Context, i int) error {
	s := &j.steps[i]
	if j.opts.Editor == nil {
		return ErrNoEditor
	}
	j.opts.at("editor")
	previous, err := setVariables(ctx, j.opts.Editor, *s)
	if err != nil {
		return err
	}
	j.opts.at("edited")
	if !s.Unknown {
		return nil
	}
	for k, v := range s.Variables {
		s.Variables[k].Before = previous[v.Name]
	}
	s.Unknown = false
	return j.write(ctx)
}

func setVariables(ctx context.Context, editor Editor, s step) (map[string]*string, error) {
	set := map[string]string{}
	var unset []string
	for _, v := range s.Variables {
		if v.After == nil {
			unset = append(unset, v.Name)
		} else {
			set[v.Name] = *v.After
		}
	}
	previous, err := editor.SetVariables(ctx, set, unset)
	if err != nil {
		return nil, fmt.Errorf("changing variables %s: %w", forEditor, err)
	}
	return previous, nil
}

// placeOfEditor says whether an editor's variables are those before or after the
// step.
func (s step) placeOfEditor(ctx context.Context, opts *Options) (place, error) {
	reader, ok := opts.Editor.(EditorReader)
	if !ok || s.Unknown {
		return placeForeign, nil
	}
	now, err := reader.Variables(ctx, s.names())
	if err != nil {
		return placeForeign, fmt.Errorf("asking the editor for its variables: %w", err)
	}
	before, after := true, true
	for _, v := range s.Variables {
		before = before && equal(now[v.Name], v.Before)
		after = after && equal(now[v.Name], v.After)
	}
	switch {
	case after:
		return placeAfter, nil
	case before:
		return placeBefore, nil
	}
	return placeForeign, nil
}

// restoreEditor gives an editor's variables back the values they had.
func (s step) restoreEditor(ctx context.Context, opts *Options) error {
	if opts.Editor == nil {
		return fmt.Errorf("the variables %v %s: %w", s.names(), forEditor, ErrNoEditor)
	}
	if s.Unknown {
		return errors.New("the editor may hold other values than before for " + fmt.Sprint(s.names()) + ": look at its settings")
	}
	if reader, ok := opts.Editor.(EditorReader); ok {
		now, err := reader.Variables(ctx, s.names())
		if err != nil {
			return fmt.Errorf("asking the editor for its variables: %w", err)
		}
		before := true
		for _, v := range s.Variables {
			if before = before && equal(now[v.Name], v.Before); !equal(now[v.Name], v.Before) && !equal(now[v.Name], v.After) {
				return fmt.Errorf("%s of the editor was changed by somebody else: %w", v.Name, ErrChanged)
			}
		}
		if before {
			return nil
		}
	}
	_, err := setVariables(ctx, opts.Editor, s.reversed())
	return err
}

func (s step) names() []string {
	var out []string
	for _, v := range s.Variables {
		out = append(out, v.Name)
	}
	return out
}

func equal(a, b *string) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
