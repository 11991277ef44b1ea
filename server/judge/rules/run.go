package rules

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"godrift.dev/server/drift"
	"godrift.dev/server/judge/policy"
)

// maxRelated bounds the places that one finding names. Whoever asks about one
// folder only is told by its place among them, so that few are left out.
const maxRelated = 1000

// Run asks every rule, applies the policy, and returns the findings in the order
// of files, places and codes. It returns nothing if ctx ends before it does.
func Run(ctx context.Context, in Input) []drift.Finding {
	findings, _ := Judge(ctx, in)
	return findings
}

// Judge is Run and [Pinned] for the root, for the price of one of them.
func Judge(ctx context.Context, in Input) ([]drift.Finding, drift.Pinned) {
	return judge(ctx, in, Catalog)
}

func judge(ctx context.Context, in Input, rules []Rule) ([]drift.Finding, drift.Pinned) {
	in = in.ready()
	var all []drift.Finding
	for _, rule := range rules {
		if ctx.Err() != nil {
			return nil, drift.Pinned{}
		}
		all = append(all, in.judge(rule)...)
	}
	slices.SortStableFunc(all, func(a, b drift.Finding) int {
		return cmp.Or(
			cmp.Compare(a.Place.File, b.Place.File),
			cmp.Compare(a.Place.Span.Start, b.Place.Span.Start),
			cmp.Compare(a.Place.Span.End, b.Place.Span.End),
			cmp.Compare(a.Code, b.Code),
			cmp.Compare(a.Subject, b.Subject),
			cmp.Compare(a.Message, b.Message),
		)
	})
	return all, in.pinned(in.Snapshot.Root)
}

// ready fills in what the rules count on.
func (in Input) ready() Input {
	if in.Policy == nil {
		in.Policy = policy.Default()
	}
	in.used = map[*policy.Allowance]bool{}
	in.rules = Catalog
	return in.indexed()
}

// judge asks one rule and applies the policy to what it finds.
func (in Input) judge(rule Rule) []drift.Finding {
	var kept []Found
	for _, f := range rule.Check(in) {
		f.Code = rule.Code
		if isVariable(f.Subject) {
			f.Value = drift.Mask(f.Subject, f.Value)
		}
		if f.Severity == "" {
			f.Severity = rule.Severity
		}
		in.withHashes(f.Fixes)
		f.Surface = in.surface(rule, f.Place)
		f.Severity = in.Policy.Severity(f.Code, f.Place.File, f.Severity)
		if f.Severity.Rank() > 0 && !in.allowed(f.Finding) {
			kept = append(kept, f)
		}
	}
	var merged []drift.Finding
	for _, group := range byCause(kept) {
		f, all := merge(rule, group)
		own := len(f.Fixes)
		if rule.Group != GroupPolicy {
			f.Fixes = append(f.Fixes, in.accept(group)...)
		}
		for i := range f.Fixes {
			f.Fixes[i].ID = fixID(f, i)
		}
		if rule.Group == GroupPins {
			f.Same = members(f, group[1:], f.Fixes[:all], f.Fixes[own:])
		}
		merged = append(merged, f)
	}
	return merged
}

// allowed asks the allowlist, and remembers which entries had something to say.
func (in Input) allowed(f drift.Finding) bool {
	allowed := false
	for _, a := range in.Policy.Allowances() {
		if a.Allows(in.Policy, f) {
			in.used[a] = true
			allowed = allowed || !a.Expired(in.Now)
		}
	}
	return allowed
}

// byCause groups the findings that have the same cause and severity, those
// nearest to the root first.
func byCause(found []Found) [][]Found {
	var groups [][]Found
	index := map[string]int{}
	for _, f := range found {
		key := string(f.Severity) + "\x00" + f.Cause
		if i, ok := index[key]; ok && f.Cause != "" {
			groups[i] = append(groups[i], f)
			continue
		}
		index[key] = len(groups)
		groups = append(groups, []Found{f})
	}
	for _, group := range groups {
		slices.SortStableFunc(group, func(a, b Found) int {
			return cmp.Or(
				cmp.Compare(strings.Count(a.Place.File, string(filepath.Separator)), strings.Count(b.Place.File, string(filepath.Separator))),
				cmp.Compare(a.Place.File, b.Place.File),
			)
		})
	}
	return groups
}

// merge makes one finding of those with one cause. It says how many of its first
// fixes mend all of them.
func merge(rule Rule, group []Found) (f drift.Finding, all int) {
	f = group[0].Finding
	rest := group[1:]
	if len(rest) == 0 {
		return f, 0
	}
	f.Related = slices.Clone(f.Related)
	seen := map[drift.Place]bool{f.Place: true}
	for _, r := range f.Related {
		seen[r.Place] = true
	}
	others := 0
	for _, other := range rest {
		if seen[other.Place] {
			continue
		}
		seen[other.Place] = true
		others++
		if len(f.Related) < maxRelated {
			f.Related = append(f.Related, drift.Related{Place: other.Place, Message: cmp.Or(other.Brief, other.Message)})
		}
	}
	switch {
	case others == 1:
		f.Message += " One other place is affected in the same way."
	case others > 1:
		f.Message += fmt.Sprintf(" %d other places are affected in the same way.", others)
	}
	if fix, ok := mendAll(rule, group); ok {
		f.Fixes = append([]drift.Fix{fix}, f.Fixes...)
		for i := range f.Fixes[1:] {
			f.Fixes[i+1].Preferred = false
		}
		all = 1
	}
	return f, all
}

// mendAll joins the first fix of every finding, where those are edits of text.
func mendAll(rule Rule, group []Found) (drift.Fix, bool) {
	if rule.All == "" {
		return drift.Fix{}, false
	}
	var all []drift.Action
	var note string
	for _, f := range group {
		if len(f.Fixes) == 0 || !f.Fixes[0].EditsOnly() {
			return drift.Fix{}, false
		}
		all = append(all, f.Fixes[0].Actions...)
		if n := f.Fixes[0].Note; n != "" && note != "" {
			note = "Digests are " + droppedDigest
		} else if n != "" {
			note = n
		}
	}
	actions := joinEdits(all)
	if len(actions) < 2 {
		return drift.Fix{}, false
	}
	return drift.Fix{Title: fmt.Sprintf(rule.All, len(actions)), Kind: drift.FixRepair, Preferred: true, Note: note, Actions: actions}, true
}

// fixID is the same for the same fix of the same finding in the same state of
// the files it touches. The day on which it is asked takes no part in it.
func fixID(f drift.Finding, i int) string {
	h := sha256.New()
	add := func(words ...string) {
		for _, w := range words {
			_, _ = h.Write([]byte(strconv.Itoa(len(w)) + ":" + w)) // a hash cannot fail
		}
	}
	fix := f.Fixes[i]
	add(f.Code, f.Place.File, strconv.Itoa(f.Place.Span.Start), f.Subject, f.Value, string(fix.Kind), fix.Title)
	for _, a := range fix.Actions {
		add(string(a.Kind), a.File, a.Hash, a.Variable, a.Toolchain, a.Package, a.Version)
		if fix.Kind != drift.FixAccept {
			add(a.Value)
			for _, e := range a.Edits {
				add(strconv.Itoa(e.Span.Start), strconv.Itoa(e.Span.End), e.New)
			}
		}
	}
	return f.Code + "-" + hex.EncodeToString(h.Sum(nil))[:12]
}
