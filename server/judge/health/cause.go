package health

import "godrift.dev/server/drift"

// target is what an action changes: a place in a file, a variable, a file as a
// whole, or which toolchains there are. Two findings whose repairs change the same target have one cause.
type target struct {
	file, variable string
	span           drift.Span
}

// repairOf is the fix that most likely mends a finding.
func repairOf(f drift.Finding) *drift.Fix {
	var first *drift.Fix
	for i, fix := range f.Fixes {
		if fix.Kind != drift.FixRepair {
			continue
		}
		if fix.Preferred {
			return &f.Fixes[i]
		}
		if first == nil {
			first = &f.Fixes[i]
		}
	}
	return first
}

// targets lists what a fix changes: at least one for each of its actions.
func targets(fix drift.Fix) []target {
	var list []target
	for _, a := range fix.Actions {
		switch a.Kind {
		case drift.ActionEdit:
			for _, e := range a.Edits {
				list = append(list, target{file: a.File, span: e.Span})
			}
		case drift.ActionSetGOENV, drift.ActionUnsetGOENV, drift.ActionSetEditor, drift.ActionUnsetEditor, drift.ActionSetShell, drift.ActionUnsetShell, drift.ActionPrependShell:
			list = append(list, target{variable: a.Variable})
		case drift.ActionInstallToolchain, drift.ActionInstallSDK:
			list = append(list, target{file: a.Toolchain})
		case drift.ActionMove, drift.ActionRebuildTool, drift.ActionTrimCache:
			list = append(list, target{file: a.File})
		}
	}
	return list
}

// byCause groups findings, by their indexes, that share a target, and those that
// share one with any of them, in the order of the first of each group. A finding
// without a repair is alone.
func byCause(findings []drift.Finding) [][]int {
	parent := make([]int, len(findings))
	root := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	first := map[target]int{}
	for i, f := range findings {
		parent[i] = i
		fix := repairOf(f)
		if fix == nil {
			continue
		}
		for _, t := range targets(*fix) {
			j, ok := first[t]
			if !ok {
				first[t] = i
				continue
			}
			a, b := root(i), root(j)
			parent[max(a, b)] = min(a, b)
		}
	}
	var groups [][]int
	number := map[int]int{}
	for i := range findings {
		r := root(i)
		n, ok := number[r]
		if !ok {
			n = len(groups)
			number[r] = n
			groups = append(groups, nil)
		}
		groups[n] = append(groups[n], i)
	}
	return groups
}
