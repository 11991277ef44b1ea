package lsp

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
	"godrift.dev/server/tell"
)

// cached is what the requests about the build cache need to know.
type cached struct {
	CacheParams
	f      *folder
	report *drift.Report
	dir    string
}

func (s *server) cacheOf(ctx context.Context, params []byte) (cached, error) {
	p, err := decode[CacheParams](params)
	if err != nil {
		return cached{}, err
	}
	f, _, err := s.find(p.Folder)
	if err != nil {
		return cached{}, err
	}
	report, err := s.complete(ctx, f)
	if err != nil {
		return cached{}, err
	}
	v, ok := report.Snapshot.Environment.Lookup("GOCACHE")
	if !ok || v.Value == "" {
		return cached{}, failed(errors.New("which build cache go uses here cannot be told"))
	}
	return cached{p, f, report, v.Value}, nil
}

// cache answers godrift/cache.
func (s *server) cache(ctx context.Context, params []byte) (any, error) {
	c, err := s.cacheOf(ctx, params)
	if err != nil {
		return nil, err
	}
	doc, size, err := engine.CacheDocument(ctx, s.mender, c.f.present(), c.report, s.opts.Now())
	if err != nil {
		return nil, failed(err)
	}
	if doc.Size != nil {
		s.forgets(s.mender.RememberSize(ctx, size, s.opts.Now()))
	}
	doc.Fixes = slices.DeleteFunc(doc.Fixes, func(x tell.FindingFix) bool {
		_, fix, err := engine.FindFix(c.report, x.ID)
		return err != nil || !s.offers(fix)
	})
	return encode(doc)
}

func (s *server) offers(fix drift.Fix) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.may().make(fix)
}

// forgets says why something could not be remembered, which is no reason to fail.
func (s *server) forgets(err error) {
	if err != nil {
		s.log.Warn("what was found of the build cache is not remembered", "error", err)
	}
}

// reading shows how far reading a cache has come: several goroutines report.
func reading(b *bar) func(engine.CacheProgress) {
	var one sync.Mutex
	return func(p engine.CacheProgress) {
		one.Lock()
		defer one.Unlock()
		// The text changes with the percentage only: each is a message.
		percent := int64(p.Folders) * 100 / engine.CacheFolders
		if uint32(percent) == b.percent && b.text != "" { //nolint:gosec // 0 to 100
			return
		}
		b.report(tell.Bytes(p.Bytes), int64(p.Folders), engine.CacheFolders)
	}
}

// cacheVerify answers godrift/cacheVerify.
func (s *server) cacheVerify(ctx context.Context, params []byte) (any, error) {
	c, err := s.cacheOf(ctx, params)
	if err != nil {
		return nil, err
	}
	work, bar := s.begunProgress(ctx, "Checking the build cache", nil)
	begun := s.opts.Now()
	check, err := engine.CheckCache(work, c.dir, reading(bar))
	bar.end()
	if err != nil {
		return nil, failed(stopped(err, "The check of the build cache"))
	}
	s.forgets(s.mender.RememberCheck(ctx, check, begun))
	s.lookAgain(ctx, c.f, "the build cache was checked")
	return encode(engine.CacheVerifyDocument(ctx, check))
}

// stopped says in plain words that somebody pressed Cancel.
func stopped(err error, what string) error {
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("%s was stopped before it was finished", what)
	}
	return err
}

// lookAgain has a folder looked at after something that its report tells of, and waits.
func (s *server) lookAgain(ctx context.Context, f *folder, cause string) {
	f.engine.Send(drift.Event{Kind: drift.EventRefresh, Cause: cause})
	if _, err := s.complete(ctx, f); err != nil && ctx.Err() == nil {
		s.log.Warn("the folder could not be looked at", "folder", f.root, "error", err)
	}
}

// cacheTrim answers godrift/cacheTrim: to the quota of the policy if there is one, else
// what was not used for as long as the go command itself keeps it.
func (s *server) cacheTrim(ctx context.Context, params []byte) (any, error) {
	c, err := s.cacheOf(ctx, params)
	if err != nil {
		return nil, err
	}
	quota, keep := engine.CacheQuota(c.report)
	before := s.opts.Now().Add(-keep)
	plan, err := engine.PlanTrim(ctx, c.dir, before, quota)
	if err != nil {
		return nil, failed(err)
	}
	doc := engine.CacheTrimDocument(c.dir, plan)
	if c.Apply && doc.Files > 0 {
		files, bytes, err := engine.TrimCache(ctx, c.dir, plan, before)
		if err != nil {
			return nil, failed(err)
		}
		doc.Kept += doc.Bytes - bytes
		doc.Files, doc.Bytes, doc.Applied = files, bytes, true
		if size, err := engine.MeasureCache(ctx, c.dir, s.opts.Now()); err == nil {
			s.forgets(s.mender.RememberSize(ctx, size, s.opts.Now()))
		}
		s.lookAgain(ctx, c.f, "the build cache was trimmed")
	}
	return encode(doc)
}

// cacheSwitch answers godrift/cacheSwitch.
func (s *server) cacheSwitch(ctx context.Context, params []byte) (any, error) {
	c, err := s.cacheOf(ctx, params)
	if err != nil {
		return nil, err
	}
	plan, err := engine.PlanCacheSwitch(ctx, c.report, "")
	if err != nil {
		return nil, failed(err)
	}
	plan.CarryOver = c.CarryOver
	preview, err := s.mender.Plan(ctx, c.f.present(), c.report, plan.Fix)
	if err != nil {
		return nil, failed(err)
	}
	doc := engine.CacheSwitchDocument(plan, preview)
	if !c.Apply {
		return encode(doc)
	}
	work, bar := s.begunProgress(ctx, "Making the new build cache", nil)
	carried, err := s.mender.MakeCache(work, plan, engine.CacheSteps{
		Carried: func(done, total int) { bar.report("Carrying over", int64(done), int64(2*total)) },
		Read:    reading(bar),
	})
	bar.end()
	if err != nil {
		return nil, failed(stopped(err, "The switch"))
	}
	done, err := s.change(ctx, c.f, plan.Fix.Title, nil, func(ctx context.Context, hands engine.Hands) (engine.Result, error) {
		return s.mender.SwitchCache(ctx, c.f.present(), c.report, plan, hands)
	})
	if err != nil {
		return nil, err
	}
	doc.Applied, doc.Journal = true, done.ID
	doc.Outputs, doc.Entries, doc.Bytes, doc.Bad = carried.Outputs, carried.Entries, carried.Bytes, carried.Bad
	doc.Shell = s.resultOf(c.f, done, "").Shell
	doc.Notes = append(doc.Notes, done.Notes...)
	return encode(doc)
}

// cacheGc answers godrift/cacheGc.
func (s *server) cacheGc(ctx context.Context, params []byte) (any, error) {
	c, err := s.cacheOf(ctx, params)
	if err != nil {
		return nil, err
	}
	list, err := s.mender.OldCaches(ctx, c.f.present(), c.report.Snapshot.Environment, engine.UnusedCache, s.opts.Now())
	if err != nil {
		return nil, failed(err)
	}
	doc := engine.CacheGcDocument(list)
	if c.Apply {
		if err := s.mender.CollectCaches(ctx, list, &doc); err != nil {
			return nil, failed(err)
		}
	}
	return encode(doc)
}
