package engine

import "godrift.dev/server/act"

// GitHook is a git hook that has godrift look at each commit.
type GitHook = act.GitHook

// HookPlan is what installing or removing one would do.
type HookPlan = act.HookPlan

// The steps.
const (
	HookNothing = act.HookNothing
	HookInstall = act.HookInstall
	HookChain   = act.HookChain
	HookUpdate  = act.HookUpdate
	HookRemove  = act.HookRemove
	HookRestore = act.HookRestore
)

// HookName is the file name of the git hook.
const HookName = act.HookName

// PlanHook says what installing a git hook would do.
func PlanHook(h GitHook, force bool) (HookPlan, error) { return act.PlanHook(h, force) }

// PlanUnhook says what removing it would do.
func PlanUnhook(dir string, force bool) (HookPlan, error) { return act.PlanUnhook(dir, force) }
