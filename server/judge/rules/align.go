package rules

import (
	"fmt"
	"go/version"
	"slices"
	"strings"

	"godrift.dev/server/drift"
	"godrift.dev/server/judge/policy"
)

// The words that AlignRequest.Target takes besides a version.
const (
	AlignAgreed  = ""        // what is agreed upon, else the highest that is there, never less than the floor
	AlignPatch   = "patch"   // the newest patch of that
	AlignFloor   = "floor"   // what the go line says
	AlignRunning = "running" // the Go that runs in the module
	AlignFile    = "file"    // no version of its own: the file that holds it, where the reader can follow it
)

// AlignRequest says which pins to align, and to what.
type AlignRequest struct {
	// Target is one of the words above, a release (1.25.3) or a minor (1.25). A
	// pin that names a patch takes the newest one of a minor.
	Target string
	// Roles are those whose pins are aligned; none means build, ship, develop
	// and lint.
	Roles []drift.Role
	// Matrices aligns the newest entry of each test matrix, too; older ones stay
	// what they are.
	Matrices bool
	// Paths are the folders and files whose pins are aligned; the workspace if
	// there is none.
	Paths []string
	// Only are the places of the pins to align, if it is not all of them.
	Only []drift.Place
}

// Note is what a person should know about one place of an alignment: why it was
// left alone, or what else happened to it.
type Note struct {
	Place drift.Place
	Text  string
}

// alignedRoles are the roles that are aligned unless others are asked for.
var alignedRoles = []drift.Role{drift.RoleBuild, drift.RoleShip, drift.RoleDevelop, drift.RoleLint}

// Align makes one fix that writes one Go into all pins of some roles, each
// spelled the way it is and everything else byte for byte the same. Every module
// has its own Go unless a version is asked for, and no pin is moved below the go
// line that it is for. The fix has no actions if nothing differs.
func Align(in Input, req AlignRequest) (drift.Fix, []Note, error) {
	if in.Policy == nil {
		in.Policy = policy.Default()
	}
	if in.index == nil {
		in = in.indexed()
	}
	a := alignment{Input: in, AlignRequest: req, targets: map[string]string{}, moved: map[drift.Place]string{}}
	if len(a.Roles) == 0 {
		a.Roles = alignedRoles
	}
	switch req.Target {
	case AlignAgreed, AlignPatch, AlignFloor, AlignRunning, AlignFile:
	default:
		v, err := in.alignVersion(req.Target)
		if err != nil {
			return drift.Fix{}, nil, err
		}
		a.version = v
		if where := a.outside(v); where != "" && len(a.Only) == 0 && slices.ContainsFunc(a.Roles, isBuilder) {
			return drift.Fix{}, nil, fmt.Errorf("%s is not what the contract allows (%s); change the contract first, or take a version in its range", v, where)
		}
	}
	a.choose()
	a.move()
	a.follow()
	fix := drift.Fix{Title: a.title(), Kind: drift.FixRepair, Note: a.summary(), Actions: joinEdits(a.actions)}
	slices.SortFunc(fix.Actions, func(x, y drift.Action) int { return strings.Compare(x.File, y.File) })
	fix.ID = fixID(drift.Finding{Code: "align", Fixes: []drift.Fix{fix}}, 0)
	slices.SortStableFunc(a.notes, func(x, y Note) int { return comparePlaces(x.Place, y.Place) })
	return fix, a.notes, nil
}

// alignVersion reads the version that a person asks for.
func (in Input) alignVersion(text string) (string, error) {
	v := strings.TrimPrefix(strings.TrimSuffix(strings.TrimSuffix(text, ".x"), ".*"), "v")
	v = name(v)
	if !version.IsValid(v) || !strings.Contains(v, ".") || strings.ContainsAny(v, "-+ ") {
		return "", fmt.Errorf("%q is no Go version: write a release such as 1.25.3, a minor such as 1.25, or one of the words patch, floor, running and file", text)
	}
	asked := drift.Pin{Meaning: drift.MeaningExact, Version: strings.TrimPrefix(v, "go")}
	if noSuchRelease(asked, in.Now) {
		return "", fmt.Errorf("there is no %s; the newest of that kind is %s", v, nearestRelease(v))
	}
	return v, nil
}

// alignment is one Align at work.
type alignment struct {
	Input
	AlignRequest
	version string // asked for; empty if every module has its own
	chosen  []drift.Pin
	targets map[string]string // by the file of the module
	moved   map[drift.Place]string
	actions []drift.Action
	notes   []Note
	digests int
	lowered int
	// referred are the files that pins follow from now on.
	referred []referral
}

func (a *alignment) note(pin drift.Pin, format string, args ...any) {
	a.notes = append(a.notes, Note{Place: pin.Place, Text: fmt.Sprintf(format, args...)})
}

// wanted reports whether a pin is one of those that are asked for.
func (a *alignment) wanted(pin drift.Pin) bool {
	if a.testData(pin.Place.File) || len(a.Paths) > 0 && !slices.ContainsFunc(a.Paths, func(p string) bool { return drift.Within(p, pin.Place.File) }) {
		return false
	}
	if len(a.Only) > 0 {
		return slices.Contains(a.Only, pin.Place)
	}
	return slices.Contains(a.Roles, pin.Role) || isMatrix(pin) && slices.Contains(alignedRoles, a.Roles[0])
}

// choose finds the pins that can be aligned, and says of the others why not.
func (a *alignment) choose() {
	all := a.Snapshot.Pins
	if pin, ok := a.policyPin(); ok {
		all = append([]drift.Pin{pin}, all...)
	}
	newest := map[string]string{}
	for _, pin := range all {
		if isSeveral(pin) && alignable(pin) {
			if key := matrixOf(pin); version.Compare(name(pin.Version), newest[key]) > 0 {
				newest[key] = name(pin.Version)
			}
		}
	}
	for _, pin := range all {
		if !a.wanted(pin) {
			continue
		}
		switch why := staying(pin); {
		case isMatrix(pin) && !a.Matrices && len(a.Only) == 0:
			if namesVersion(pin) {
				a.note(pin, "left alone: %s is in a test matrix, which holds several on purpose", pin.Raw)
			}
		case len(a.Only) == 0 && a.oldOnPurpose(pin):
			a.note(pin, "left alone: %s is called old on purpose where it stands", pin.Raw)
		case why != "":
			a.note(pin, "left alone: %s %s", pin.Raw, why)
		case !alignable(pin):
		case isSeveral(pin) && len(a.Only) == 0 && name(pin.Version) != newest[matrixOf(pin)]:
			a.note(pin, "left alone: %s is not the newest of several that stand side by side", pin.Raw)
		default:
			a.chosen = append(a.chosen, pin)
		}
	}
}

// move writes the target into every pin that is chosen.
func (a *alignment) move() {
	for _, pin := range a.chosen {
		if a.Target == AlignFile {
			a.refer(pin)
			continue
		}
		to := a.target(pin)
		if to == "" {
			a.note(pin, "left alone: nothing here says which Go to align %s to", pin.Raw)
			continue
		}
		if a.version != "" && len(a.Only) == 0 && pin.Role != drift.RoleFloor {
			if floor := a.floorOf(pin); floor != "" && belowFloor(to, floor) {
				a.note(pin, "left alone: %s is less than the go line %s that it is for", to, strings.TrimPrefix(floor, "go"))
				continue
			}
		}
		text := a.spelled(pin, to)
		switch {
		case text == "":
			a.note(pin, "left alone: nobody can tell how %s is written as %s", pin.Raw, to)
		case text == pin.Raw:
			a.moved[pin.Place] = text // it is there already
		case isBuilder(pin.Role) && a.outside(to) != "":
			a.note(pin, "kept as it is: %s is not what the contract allows (%s)", to, a.outside(to))
		case a.besides(pin, text):
			a.note(pin, "left alone: %s stands beside %s already", text, pin.Raw)
		default:
			a.rewrite(pin, text)
		}
	}
}

// rewrite replaces the text of one pin, and drops the digest of its image.
func (a *alignment) rewrite(pin drift.Pin, text string) {
	actions, why := a.replace(pin, text)
	if why != "" {
		a.note(pin, "left alone: %s", why)
		return
	}
	if len(actions) > 1 {
		a.digests++
		a.note(pin, "the digest of %s is dropped, for it names the old image", pin.Raw)
	}
	if v := pin.Extra["variant"]; strings.ContainsAny(v, "0123456789") && version.Lang(name(pin.Version)) != version.Lang(name(a.target(pin))) {
		a.note(pin, "keeps -%s; look whether there is such an image of %s", v, text)
	}
	if a.hasChecksum(pin) {
		a.note(pin, "a checksum stands near %s; it has to change with it", pin.Raw)
	}
	a.moved[pin.Place] = text
	a.actions = append(a.actions, actions...)
	old, to := a.concrete(pin), a.concreteOf(a.target(pin))
	if version.IsValid(old) && version.IsValid(to) && version.Compare(to, old) < 0 {
		a.lowered++
		a.note(pin, "goes down, from %s to %s", pin.Raw, text)
	}
}

// isBuilder reports whether the Go that a pin of a role names is one that builds: the
// contract speaks of those.
func isBuilder(role drift.Role) bool {
	return role == drift.RoleBuild || role == drift.RoleShip || role == drift.RoleDevelop
}

// outside says where the contract allows only others than this Go; empty if it does
// not.
func (a *alignment) outside(to string) string {
	v := a.concreteOf(to)
	for _, term := range a.Policy.Contract(a.Snapshot.Environment.Host.GOOS) {
		if term.Variable == "" && version.IsValid(v) && !term.Range.Holds(v) {
			return a.at(term.Place) + ": " + term.Range.Text
		}
	}
	return ""
}

// title says what is aligned to what.
func (a *alignment) title() string {
	if a.Target == AlignFile {
		if len(a.referred) == 1 && a.referred[0].same {
			return "Take the version from " + a.referred[0].file + ", which says the same"
		} else if len(a.referred) == 1 {
			return "Take the version from " + a.referred[0].file + ", which says " + a.referred[0].says
		}
		return "Take versions from the files that hold them, in place of those that are written here"
	}
	var roles []string
	targets := map[string]bool{}
	for _, role := range append(slices.Clone(alignedRoles), drift.RoleFloor, drift.RoleTest, drift.RoleDocs) {
		for _, pin := range a.chosen {
			text, ok := a.moved[pin.Place]
			if !ok || pin.Role != role {
				continue
			}
			targets[a.target(pin)] = true
			if text != pin.Raw && !slices.Contains(roles, string(role)) {
				roles = append(roles, string(role))
			}
		}
	}
	what := "Align all " + strings.Join(roles, ", ") + " pins"
	if n := len(roles); n > 1 {
		what = "Align all " + strings.Join(roles[:n-1], ", ") + " and " + roles[n-1] + " pins"
	}
	if len(a.Only) == 1 && len(a.chosen) == 1 {
		what = "Align this pin"
	}
	if len(targets) == 1 {
		for to := range targets {
			return what + " to " + to
		}
	}
	return what + " to the Go of each module"
}
