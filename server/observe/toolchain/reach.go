package toolchain

import (
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
	"golang.org/x/mod/sumdb/note"

	"godrift.dev/server/drift"
)

// reach is cmd/go/internal/toolchain/select.go Exec: the toolchain is looked for
// on PATH, then in the module cache, and would then be downloaded.
func (s *selection) reach(c choice) {
	if !s.countSwitches(c.want) {
		s.fail("go: too many toolchain switches")
		return
	}
	if exe, ok := lookPath(s.Files, s.Host, s.config.Process("PATH"), s.Dir, c.want); ok {
		s.step("%s is on PATH: %s", c.want, s.show(exe))
		p := s.Programs.Identify(s.Files, s.config.Process, exe)
		if p.Kind == KindBroken {
			s.fail(fmt.Sprintf("go: exec %s: exec format error", c.want))
			return
		}
		s.enter(drift.HowPath, c.want, s.child(p, c.want, ""))
		return
	}
	if c.setting.Mode == "path" {
		s.step("GOTOOLCHAIN=%s looks on PATH only, and there is no %s", c.layer.Value, c.want)
		s.fail(fmt.Sprintf("go: cannot find %q in PATH", c.want))
		return
	}
	s.fetch(c)
}

// child is a program as it is started by a switch: GOROOT is set to the tree of
// a downloaded toolchain and unset for one from PATH, and the switch is
// announced (cmd/go/internal/toolchain/exec.go execGoToolchain).
func (s *selection) child(p Program, want, goroot string) Program {
	set := map[string]drift.Layer{}
	for name, layer := range s.local.Overrides {
		set[name] = layer
	}
	set["GOROOT"] = drift.Layer{Kind: drift.LayerProcess, Value: goroot}
	for name, layer := range p.Overrides {
		set[name] = layer
	}
	set[targetEnv] = drift.Layer{Kind: drift.LayerProcess, Value: want}
	p.Overrides = set
	return p
}

// fetch finds the toolchain in the module cache
// (cmd/go/internal/modfetch/fetch.go Download, cache.go DownloadDir).
func (s *selection) fetch(c choice) {
	stop := func(format string, args ...any) {
		s.fail("go: " + fmt.Sprintf(format, args...))
	}
	// Until Go 1.25 modules are initialised for the download.
	if rel := s.config.Release(); rel <= 25 {
		if p := s.config.CheckFIPS(); p != "" {
			stop("%s", p)
			return
		}
		if text, fatal := s.config.GOPATHModule(); fatal {
			stop("%s", text)
			return
		} else if text != "" {
			s.result.Warnings += text + "\n"
		}
	}
	cache := s.config.ModCache()
	if cache == "" {
		stop("go: module cache not found: neither GOMODCACHE nor GOPATH is set")
		return
	}
	if !filepath.IsAbs(cache) {
		stop("go: GOMODCACHE entry is relative; must be absolute path: %q.", cache)
		return
	}
	if info, err := s.Files.Stat(cache); err == nil && !info.IsDir() {
		stop("go: could not create module cache: %q is not a directory", cache)
		return
	}
	version := "v0.0.1-" + c.want + "." + s.Host.GOOS + "-" + s.Host.GOARCH
	if !semver.IsValid(version) {
		stop("download %s: non-semver module version %q", c.want, version)
		return
	}
	escaped, err := module.EscapeVersion(version)
	if err != nil {
		stop("download %s: %v", c.want, err)
		return
	}
	dir := filepath.Join(cache, "golang.org", "toolchain@"+escaped)
	archive := filepath.Join(cache, "cache", "download", "golang.org", "toolchain", "@v", escaped)
	if !s.complete(dir, archive) {
		s.download(c, version)
		return
	}
	s.step("%s is in the module cache: %s", c.want, s.show(dir))
	if p := s.checkSum(version); p != "" {
		stop("%s", p)
		return
	}
	exe := filepath.Join(dir, "bin", "go")
	if _, err := s.Files.Stat(exe); err != nil {
		stop("download %s: %s", c.want, statError(filepath.Join(dir, "bin/go")))
		return
	}
	p := s.Programs.Identify(s.Files, s.config.Process, exe)
	s.enter(drift.HowModCache, c.want, s.child(p, c.want, dir))
}

// complete reports whether a folder of the module cache can be used as it is.
func (s *selection) complete(dir, archive string) bool {
	if info, err := s.Files.Stat(dir); err != nil || !info.IsDir() {
		return false
	}
	if _, err := s.Files.Stat(archive + ".partial"); err == nil {
		return false
	}
	_, err := s.Files.Stat(archive + ".ziphash")
	return err == nil
}

// checkSum is what the checksum database is asked about a cached toolchain
// every time (modfetch/fetch.go checkMod, sumdb.go useSumDB and dbDial). Whether
// the database can be reached, or its answer is cached, is not looked at.
func (s *selection) checkSum(version string) string {
	proxy, db := s.config.Getenv("GOPROXY"), s.config.Getenv("GOSUMDB")
	must := true
	if strings.HasPrefix(proxy, "file://") && !strings.ContainsAny(proxy, ",|") {
		must = false
	}
	if strings.Contains(s.config.Process("GIT_HTTP_USER_AGENT"), "proxy.golang.org") {
		must = false
	}
	if !must {
		skip := s.config.Getenv("GONOSUMDB")
		if skip == "" {
			skip = s.config.Getenv("GOPRIVATE")
		}
		if db == "off" || module.MatchPrefixPatterns(skip, "golang.org/toolchain") {
			return ""
		}
	}
	why := ""
	fields := strings.Fields(db)
	switch {
	case db == "off":
		why = "checksum database disabled by GOSUMDB=off"
	case len(fields) == 0:
		why = "missing GOSUMDB"
	case db == "sum.golang.google.cn":
	case len(fields) > 2:
		why = "invalid GOSUMDB: too many fields"
	case fields[0] == "sum.golang.org":
		why = sumURL(fields)
	default:
		if _, err := note.NewVerifier(fields[0]); err != nil {
			why = fmt.Sprintf("invalid GOSUMDB: %v", err)
		} else {
			why = sumURL(fields)
		}
	}
	if why == "" {
		return ""
	}
	return "golang.org/toolchain@" + version + ": verifying module: " + why
}

func sumURL(fields []string) string {
	if len(fields) > 1 {
		if _, err := url.Parse(fields[1]); err != nil {
			return fmt.Sprintf("invalid GOSUMDB URL: %v", err)
		}
	}
	return ""
}

// download settles what happens with a toolchain that is not on this machine.
func (s *selection) download(c choice, version string) {
	unavailable := fmt.Sprintf("download %s for %s/%s: toolchain not available", c.want, s.Host.GOOS, s.Host.GOARCH)
	// Go 1.21.0 did not say so.
	if v := fromToolchain(c.want); isLang(v) && compare(v, "1.21") >= 0 && s.local.Version != "go1.21.0" {
		unavailable = fmt.Sprintf("invalid toolchain: %s is a language version but not a toolchain version (%s.x)", c.want, c.want)
	}
	from, problem := s.proxy()
	switch {
	case problem != "":
		s.fail(fmt.Sprintf("go: download %s: %s", c.want, problem))
	case from == "":
		s.step("%s is not on this machine and GOPROXY=%s offers no download", c.want, s.config.Getenv("GOPROXY"))
		s.fail("go: " + unavailable)
	case s.Released != nil && !s.Released(c.want):
		s.step("%s is not on this machine, and no such toolchain was released", c.want)
		s.fail("go: " + unavailable)
	case strings.HasPrefix(from, "file://") && !s.inProxy(from, version):
		s.step("%s is neither on this machine nor in %s", c.want, from)
		s.fail("go: " + unavailable)
	default:
		s.result.How = drift.HowDownload
		s.result.Selected = printed(c.want)
		s.result.GOROOT = ""
		s.result.Program = Program{Kind: KindUnknown, Version: c.want}
		s.step("%s is not on this machine; the next go command downloads it from %s", c.want, from)
	}
}

// proxy is the first place that would be asked: empty if none is
// (cmd/go/internal/modfetch/proxy.go proxyList).
func (s *selection) proxy() (from, problem string) {
	list := s.config.Getenv("GOPROXY")
	direct := s.config.Getenv("GONOPROXY")
	if direct == "" {
		direct = s.config.Getenv("GOPRIVATE")
	}
	if direct != "" && module.MatchPrefixPatterns(direct, "golang.org/toolchain") {
		return "", ""
	}
	for entry := range strings.FieldsFuncSeq(list, func(r rune) bool { return r == ',' || r == '|' }) {
		entry = strings.TrimSpace(entry)
		switch {
		case entry == "":
			continue
		case entry == "off", entry == "direct":
			return from, ""
		}
		if strings.ContainsAny(entry, ".:/") && !strings.Contains(entry, ":/") && !filepath.IsAbs(entry) {
			entry = "https://" + entry
		}
		u, err := url.Parse(entry)
		switch {
		case err != nil:
			return "", err.Error()
		case u.Scheme == "":
			return "", "invalid proxy URL missing scheme: " + u.Redacted()
		case u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "file":
			return "", "invalid proxy URL scheme (must be https, http, file): " + u.Redacted()
		case u.Scheme == "file" && *u != (url.URL{Scheme: u.Scheme, Path: u.Path, RawPath: u.RawPath}):
			return "", "invalid file:// proxy URL with non-path elements: " + u.Redacted()
		}
		if from == "" {
			from = u.Redacted()
		}
	}
	if from == "" {
		return "", "GOPROXY list is not the empty string, but contains no entries"
	}
	return from, ""
}

// inProxy reports whether a proxy in the file system holds the toolchain.
func (s *selection) inProxy(from, version string) bool {
	u, err := url.Parse(from)
	if err != nil {
		return false
	}
	escaped, err := module.EscapeVersion(version)
	if err != nil {
		return false
	}
	_, err = s.Files.Stat(filepath.Join(filepath.FromSlash(u.Path), "golang.org", "toolchain", "@v", escaped+".zip"))
	return err == nil
}
