package engine

import (
	"context"
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/observe/gocache"
	"godrift.dev/server/tell"
)

// CacheVerifyDocument is the document about a check.
func CacheVerifyDocument(ctx context.Context, check CacheCheck) tell.CacheVerifyDocument {
	doc := tell.CacheVerifyDocument{
		Schema: tell.SchemaCacheVerify, Version: tell.DocumentVersion, Cache: check.Dir,
		Entries: check.Entries, Outputs: check.Outputs, Bytes: check.Bytes, Seconds: check.Elapsed.Seconds(),
		Bad: []tell.CacheBad{}, Troubles: CacheTroubles(ctx, check.Dir),
	}
	for _, b := range check.Bad {
		doc.Bad = append(doc.Bad, tell.CacheBad{Path: b.Path, Reason: string(b.Reason), Detail: b.Detail, Effect: b.Effect, Bytes: b.Bytes, Harmful: b.Harmful()})
	}
	return doc
}

// CacheTroubles says what is wrong with the place of a build cache, one sentence each.
func CacheTroubles(ctx context.Context, dir string) []string {
	out := []string{}
	for _, t := range gocache.Look(ctx, dir) {
		out = append(out, tell.CacheTroubleText(t.Path, t.Detail))
	}
	return out
}

// CacheSizeDocument is the document about a cache's size.
func CacheSizeDocument(ctx context.Context, size CacheSize) tell.CacheSizeDocument {
	doc := tell.CacheSizeDocument{
		Schema: tell.SchemaCacheSize, Version: tell.DocumentVersion, Cache: size.Dir,
		Entries: tell.CacheShare(size.Entries), Outputs: tell.CacheShare(size.Outputs), Fuzz: tell.CacheShare(size.Fuzz),
		Trimmed: stampOf(size.Trimmed), Troubles: CacheTroubles(ctx, size.Dir),
	}
	for _, age := range size.Ages {
		doc.Ages = append(doc.Ages, tell.CacheAge{
			Used:     age.Name,
			Packages: tell.CacheShare(age.Kinds[gocache.KindPackage]),
			Programs: tell.CacheShare(age.Kinds[gocache.KindProgram]),
			Other:    tell.CacheShare(age.Kinds[gocache.KindOther]),
		})
	}
	return doc
}

// CacheSwitchDocument is the document about a switch that is planned.
func CacheSwitchDocument(plan CacheSwitch, preview Preview) tell.CacheSwitchDocument {
	doc := tell.CacheSwitchDocument{
		Schema: tell.SchemaCacheSwitch, Version: tell.DocumentVersion, From: plan.From, To: plan.To, CarryOver: plan.CarryOver,
		Diff: preview.Diff, Commands: append([]string{}, preview.Commands...), Shell: []string{}, Notes: []string{},
	}
	if plan.Fix.Note != "" {
		doc.Notes = append(doc.Notes, plan.Fix.Note)
	}
	return doc
}

// CacheTrimDocument is the document about a trim that is planned.
func CacheTrimDocument(dir string, plan CacheTrim) tell.CacheTrimDocument {
	return tell.CacheTrimDocument{
		Schema: tell.SchemaCacheTrim, Version: tell.DocumentVersion, Cache: dir,
		Files: len(plan.Files), Bytes: plan.Bytes, Kept: plan.Kept,
	}
}

// CacheGcDocument is the document about old caches.
func CacheGcDocument(list []OldCache) tell.CacheGcDocument {
	doc := tell.CacheGcDocument{Schema: tell.SchemaCacheGc, Version: tell.DocumentVersion, Caches: []tell.OldCache{}}
	for _, old := range list {
		doc.Caches = append(doc.Caches, tell.OldCache{
			Cache: old.Dir, To: old.To, Bytes: old.Bytes, Left: stampOf(old.Left), Used: stampOf(old.Used),
			Uses: append([]string{}, old.InUse...), Fuzz: old.Fuzz,
		})
	}
	return doc
}

// RememberedBad are the bad entries of a cache that the last check found and that are still
// there.
func RememberedBad(note drift.CacheNote) []tell.CacheBad {
	out := []tell.CacheBad{}
	for _, b := range gocache.Still(note.Dir, note.Bad) {
		out = append(out, tell.CacheBad{Path: b.Path, Reason: b.Reason, Detail: b.Detail, Effect: b.Effect, Bytes: b.Size, Harmful: true})
	}
	return out
}

// stampOf is a time for a document: empty if it is not known.
func stampOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// CacheQuota is how large a cache may get as the policy of a workspace says, 0 if it says
// nothing, and how long what was not used stays.
func CacheQuota(report *drift.Report) (bytes int64, keep time.Duration) {
	quota := policyOf(report.Snapshot).Quota()
	return quota.Bytes, quota.Keep
}

// CollectCaches removes those old caches that nothing uses, and completes their document.
func (m *Mender) CollectCaches(ctx context.Context, list []OldCache, doc *tell.CacheGcDocument) error {
	doc.Applied = true
	for i, old := range list {
		if len(old.InUse) > 0 {
			continue
		}
		left, err := m.CollectCache(ctx, old)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			doc.Caches[i].Uses = append(doc.Caches[i].Uses, err.Error())
			continue
		}
		doc.Caches[i].Removed, doc.Caches[i].Kept = true, left
	}
	return nil
}
