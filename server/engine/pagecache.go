package engine

import (
	"context"
	"errors"
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/tell"
)

// UnusedCache is how long nothing may have been used in a cache that is collected.
const UnusedCache = 24 * time.Hour

// cache answers what is known of the build cache. Nothing is read that adding it up
// does not read.
func (p *Page) cache(ctx context.Context, _ tell.PageQuestion) (any, error) {
	report, err := p.report(ctx)
	if err != nil {
		return nil, err
	}
	var mender *Mender
	if p.memory != nil {
		mender = p.memory.mender
	}
	doc, _, err := cacheDocument(ctx, mender, p.world(), report, p.opts.Now(), p.sizes.of)
	return doc, err
}

// cacheFresh is how long the size of a build cache is told as it was: adding a large one up
// takes seconds, and a page asks anew with every change of its workspace.
const cacheFresh = 30 * time.Second

// cacheSizes remembers the size of the build cache that was asked about last, for all who
// look at one page.
type cacheSizes struct {
	turn    chan struct{} // holds a token while one of them reads
	measure func(ctx context.Context, dir string, now time.Time) (CacheSize, error)
	dir     string
	size    CacheSize
	read    time.Time
}

func newCacheSizes() *cacheSizes {
	return &cacheSizes{turn: make(chan struct{}, 1), measure: MeasureCache}
}

func (s *cacheSizes) of(ctx context.Context, dir string, now time.Time) (CacheSize, error) {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return CacheSize{}, ctx.Err()
	}
	if age := now.Sub(s.read); s.dir == dir && age >= 0 && age < cacheFresh {
		return s.size, nil
	}
	size, err := s.measure(ctx, dir, now)
	if err == nil {
		s.dir, s.size, s.read = dir, size, now
	}
	return size, err
}

// CacheDocument is what is known of the build cache that go uses in the root of a
// report, and what it adds up to. mender is nil where nothing is remembered. The size is
// for RememberSize; it is empty if the cache cannot be added up.
func CacheDocument(ctx context.Context, mender *Mender, world World, report *drift.Report, now time.Time) (tell.PageCacheDocument, CacheSize, error) {
	return cacheDocument(ctx, mender, world, report, now, MeasureCache)
}

func cacheDocument(ctx context.Context, mender *Mender, world World, report *drift.Report, now time.Time,
	measure func(ctx context.Context, dir string, now time.Time) (CacheSize, error),
) (tell.PageCacheDocument, CacheSize, error) {
	v, ok := report.Snapshot.Environment.Lookup("GOCACHE")
	if !ok || v.Value == "" {
		return tell.PageCacheDocument{}, CacheSize{}, errors.New("which build cache go uses here cannot be told")
	}
	doc := tell.NewPageCache(v.Value)
	doc.Troubles = CacheTroubles(ctx, v.Value)
	if v, ok := report.Snapshot.Environment.Lookup("GOCACHEPROG"); ok && v.Value != "" {
		doc.Program = drift.Mask(v.Name, v.Value)
	}
	doc.Quota, _ = CacheQuota(report)
	size, err := measure(ctx, v.Value, now)
	switch {
	case ctx.Err() != nil:
		return doc, CacheSize{}, ctx.Err()
	case err != nil:
		doc.Missing = err.Error()
	default:
		sized := CacheSizeDocument(ctx, size)
		doc.Size = &sized
	}
	for _, finding := range report.Findings {
		if finding.Code != "gocache-corrupt" && finding.Code != "gocache-unusable" {
			continue
		}
		for _, fix := range finding.Fixes {
			if fix.Kind == drift.FixRepair {
				doc.Fixes = append(doc.Fixes, tell.NewFindingFix(fix))
			}
		}
	}
	if mender == nil {
		return doc, size, nil
	}
	if note := mender.CacheNote(v.Value); !note.Checked.IsZero() {
		doc.Checked, doc.CheckedBytes, doc.Bad = note.Checked.Format(time.RFC3339), note.Bytes, RememberedBad(note)
	}
	old, err := mender.OldCaches(ctx, world, report.Snapshot.Environment, UnusedCache, now)
	if err != nil {
		return doc, size, err
	}
	doc.Old = CacheGcDocument(old).Caches
	return doc, size, nil
}
