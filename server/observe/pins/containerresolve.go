package pins

import (
	"cmp"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"godrift.dev/server/drift"
)

// resolveCompose takes the values of variables from the .env file beside a
// compose file: those that have no value, and those that fall back to one.
func resolveCompose(pins []drift.Pin, all map[string][]drift.Pin) []drift.Pin {
	var out []drift.Pin
	for i, pin := range pins {
		from := filepath.Join(filepath.Dir(pin.Place.File), ".env")
		if value, ok := valueIn(all[from], pin); ok {
			if out == nil {
				out = slices.Clone(pins)
			}
			out[i] = takeValue(pin, value, ".env")
		}
	}
	if out == nil {
		return pins
	}
	return out
}

// valueIn is the pin of the variable that a pin follows into another file.
func valueIn(pins []drift.Pin, pin drift.Pin) (drift.Pin, bool) {
	follows := pin.Meaning == drift.MeaningUnresolved || pin.Meaning == drift.MeaningVar && pin.Extra["fromLine"] == ""
	if !follows {
		return drift.Pin{}, false
	}
	for _, p := range slices.Backward(pins) {
		if p.Extra["name"] == pin.Extra["name"] && p.Version != "" {
			return p, true
		}
	}
	return drift.Pin{}, false
}

// takeValue makes a pin a var whose value stands in another file.
func takeValue(pin, value drift.Pin, from string) drift.Pin {
	pin.Meaning, pin.Version = drift.MeaningVar, value.Version
	kept := extra("from", from)
	for k, v := range pin.Extra {
		kept[k] = v
	}
	if kept["variant"] == "" && value.Extra["variant"] != "" {
		kept["variant"] = value.Extra["variant"]
	}
	pin.Extra = kept
	return pin
}

// resolveDockerfile takes the values of arguments without a default from the
// files that build this Dockerfile, if they agree.
func resolveDockerfile(pins []drift.Pin, all map[string][]drift.Pin) []drift.Pin {
	if !slices.ContainsFunc(pins, func(p drift.Pin) bool { return p.Meaning == drift.MeaningUnresolved }) {
		return pins
	}
	args := buildArgs(pins[0].Place.File, all)
	if len(args) == 0 {
		return pins
	}
	out := slices.Clone(pins)
	for i, pin := range out {
		if pin.Meaning != drift.MeaningUnresolved {
			continue
		}
		var found drift.Pin
		for _, a := range args {
			if argName(a) != pin.Extra["name"] {
				continue
			}
			if found.Version != "" && found.Version != a.Version {
				found = drift.Pin{}
				break
			}
			found = a
		}
		if found.Version != "" {
			from, err := filepath.Rel(filepath.Dir(pin.Place.File), found.Place.File)
			if err != nil {
				from = found.Place.File
			}
			out[i] = takeValue(pin, found, filepath.ToSlash(from))
		}
	}
	return out
}

// argName is the name of the build argument that a pin sets.
func argName(pin drift.Pin) string { return cmp.Or(pin.Extra["arg"], pin.Extra["name"]) }

// buildArgs are the arguments that other files build a Dockerfile with, those
// that have a version, in the order of the files' names.
func buildArgs(dockerfile string, all map[string][]drift.Pin) []drift.Pin {
	var args []drift.Pin
	for file, pins := range all {
		var env []drift.Pin
		for _, pin := range pins {
			if !strings.HasSuffix(string(pin.Source), ":build-arg") {
				continue
			}
			target := filepath.Join(filepath.Dir(file), filepath.FromSlash(cmp.Or(pin.Extra["dockerfile"], "Dockerfile")))
			if path.IsAbs(pin.Extra["dockerfile"]) {
				target = filepath.FromSlash(pin.Extra["dockerfile"])
			}
			if target != dockerfile {
				continue
			}
			if env == nil && pin.Source == drift.SourceComposeBuildArg {
				env = all[filepath.Join(filepath.Dir(file), ".env")]
			}
			if value, ok := valueIn(env, pin); ok {
				pin = takeValue(pin, value, ".env")
			}
			if pin.Version != "" {
				args = append(args, pin)
			}
		}
	}
	slices.SortFunc(args, func(a, b drift.Pin) int {
		return cmp.Or(strings.Compare(a.Place.File, b.Place.File), a.Place.Span.Start-b.Place.Span.Start)
	})
	return args
}
