package rules

import (
	"strings"
	"time"

	"godrift.dev/server/drift"
)

// side is a value of a variable and where it came from, then or now.
type side struct {
	value string
	kind  drift.LayerKind
	file  string
}

// move is a variable that is not what it was when the state was accepted.
type move struct {
	name     string
	number   int // of the watched value
	was, is  side
	now      drift.Variable
	secret   bool // what it was is masked: it cannot be put back
	distance float64
	severity drift.Severity
	since    drift.Moment // zero if it is not known
}

// baseline is what the workspace is compared with; nil if there is nothing.
func (in Input) baseline() *drift.Record {
	if in.Memory == nil || in.Memory.Baseline == nil {
		return nil
	}
	return &in.Memory.Baseline.Record
}

// then is what a variable was in a record.
func then(r *drift.Record, name string) (side, bool) {
	value, layer, ok := r.Variable(name)
	kind, file, _ := strings.Cut(layer, " ")
	return side{value, drift.LayerKind(kind), file}, ok
}

// given reports whether a value is no person's: it is computed, or came with
// the Go.
func (s side) given() bool {
	return s.kind != drift.LayerProcess && s.kind != drift.LayerGOENV
}

// changed compares one variable with a record.
func (in Input) changed(r *drift.Record, name string) (move, bool) {
	v, has := in.Snapshot.Environment.Lookup(name)
	was, had := then(r, name)
	is := side{v.Value, v.Kind, v.File}
	v.Name = name
	m := move{name: name, was: was, is: is, now: v, secret: r.Secret(name)}
	switch {
	case !had && !has,
		!had && is.given(), !has && was.given(): // another Go prints other variables
		return m, false
	case drift.Mask(name, v.Value) == was.value && !in.secretMoved(r, name):
		return m, false
	case was.given() && is.given() && (name != "CGO_ENABLED" && name != "GOCACHE" || in.otherTarget(r)):
		return m, false // it follows from something else: the Go that runs, the folder, the home
	case name == "GOTOOLCHAIN" && strings.TrimPrefix(was.value, "local+") == strings.TrimPrefix(v.Value, "local+"):
		return m, false
	case r.Of == in.Snapshot.Environment.Of, in.Across != nil && in.Across(name):
		return m, true
	}
	// It was somebody else's environment: what both have is the GOENV file.
	return m, was.kind != drift.LayerProcess && is.kind != drift.LayerProcess && (was.kind == drift.LayerGOENV || is.kind == drift.LayerGOENV)
}

// otherTarget reports whether programs are built for another machine than then,
// from which much follows.
func (in Input) otherTarget(r *drift.Record) bool {
	return in.variable("GOOS").Value != r.Values[drift.EnvKey("GOOS")] || in.variable("GOARCH").Value != r.Values[drift.EnvKey("GOARCH")]
}

// secretMoved reports whether a value that is masked is another than it was.
func (in Input) secretMoved(r *drift.Record, name string) bool {
	was, had := r.Values[drift.KeyedKey(name)]
	is, has := in.Present.Values[drift.KeyedKey(name)]
	return had && has && was != is
}

// since is when a fact became what it is, as far as it is remembered.
func (in Input) since(key string) drift.Moment {
	m, _ := in.Memory.Since(in.Snapshot.Environment.Of, key)
	return m
}

// held reports whether a change is held back: somebody made it on purpose, a
// short time ago. What is not remembered yet has just been seen.
func (in Input) held(m drift.Moment, likely drift.CauseKind) bool {
	cause := m.Cause.Kind
	if m.Time.IsZero() {
		cause = likely
	}
	switch cause {
	case drift.CauseGoEnv, drift.CauseBranch, drift.CauseGoGet, drift.CauseFile, drift.CauseGodrift:
	default:
		return false
	}
	grace := in.Policy.Grace()
	return grace > 0 && (m.Time.IsZero() || in.Now.Before(m.Time.Add(grace)))
}

// ripe is when a change that is held back counts.
func (in Input) ripe(m drift.Moment) time.Time {
	if m.Time.IsZero() {
		return in.Now.Add(in.Policy.Grace())
	}
	return m.Time.Add(in.Policy.Grace())
}

// chose reports whether a person had godrift make a variable what it is.
func (in Input) chose(m move) bool {
	value, ok := in.Memory.Chosen[m.name]
	if !ok {
		return false
	}
	if value == nil {
		return m.is.given() || m.is.value == ""
	}
	return *value == m.is.value
}

// likelyCause is who most likely made a change that is not remembered yet.
func (m move) likelyCause() drift.CauseKind {
	if m.is.kind == drift.LayerGOENV || m.was.kind == drift.LayerGOENV && m.is.kind != drift.LayerProcess {
		return drift.CauseGoEnv
	}
	return drift.CauseEnvironment
}

// moves are the watched variables that are not as accepted, in the order in
// which they are watched: those that count now, and those that are held back.
func (in Input) moves() (count, held []move) {
	r := in.baseline()
	if r == nil {
		return nil, nil
	}
	for number, w := range watchedValues {
		for _, name := range w.variables {
			m, ok := in.moved(r, name)
			if !ok {
				continue
			}
			m.number, m.severity = number, w.severity
			m.distance = w.distanceOf(m.was.value, m.is.value)
			if loosens(name, m.is.value) {
				m.severity = drift.SeverityWarning
			}
			key := drift.EnvKey(name)
			if name == theGo {
				key = drift.KeySelected
			}
			m.since = in.since(key)
			switch {
			case in.chose(m):
			case in.held(m.since, m.likelyCause()):
				held = append(held, m)
			default:
				count = append(count, m)
			}
		}
	}
	return count, held
}

// moved compares a watched variable, or the Go that runs.
func (in Input) moved(r *drift.Record, name string) (move, bool) {
	if name != theGo {
		m, ok := in.changed(r, name)
		return m, ok && !in.inContract(m.now)
	}
	sel := in.Snapshot.Selection
	was, is := r.Values[drift.KeySelected], sel.Selected
	m := move{name: theGo, was: side{value: was}, is: side{value: is}, now: drift.Variable{Name: theGo, Layer: drift.Layer{Value: is}}}
	switch {
	case was == "" || is == "" || was == is || r.Of != in.Snapshot.Environment.Of:
		return m, false
	case sel.Decider.File != "" && drift.Within(in.Snapshot.Root, sel.Decider.File):
		return m, false // a file of the workspace says so
	}
	if _, ok := in.changed(r, "GOTOOLCHAIN"); ok {
		return m, false // that is why
	}
	return m, in.pinned(in.Snapshot.Root).Version == "" // else toolchain-drift says it
}

// Away measures how far the environment is from the accepted state; nil if none
// was accepted.
func Away(in Input) *drift.Away {
	if in.baseline() == nil {
		return nil
	}
	in = in.ready()
	count, held := in.moves()
	away := &drift.Away{AcceptedAt: in.Memory.Baseline.AcceptedAt, Watched: len(watchedValues), Held: len(held)}
	if m, ok := in.cacheMove(); ok && in.held(m.since, m.likelyCause()) {
		held = append(held, m)
	}
	for _, m := range held {
		if due := in.ripe(m.since); away.Due.IsZero() || due.Before(away.Due) {
			away.Due = due
		}
	}
	away.Share, away.Distance = apart(count)
	away.Changed = int(away.Share*float64(away.Watched) + 0.5)
	away.ShareLimit, away.DistanceLimit = in.Policy.Limits()
	return away
}
