package toolchain

import (
	"errors"
	"fmt"
	"strings"

	"godrift.dev/server/drift"
)

// Setting is a value of GOTOOLCHAIN taken apart.
type Setting struct {
	// Minimum is the default toolchain: "local" or a name.
	Minimum string
	// Version is the version in Minimum; empty for local.
	Version string
	// Mode is auto, path, or empty for no switching by files.
	Mode string
}

// ParseSetting reads a value of GOTOOLCHAIN that is not empty
// (cmd/go/internal/toolchain/select.go Select). The error is what the go command
// prints, without "go: ".
func ParseSetting(value string) (Setting, error) {
	switch value {
	case "auto", "path":
		return Setting{Minimum: "local", Mode: value}, nil
	}
	minimum, suffix, plus := strings.Cut(value, "+")
	s := Setting{Minimum: minimum, Mode: suffix}
	if minimum != "local" {
		s.Version = fromToolchain(minimum)
		if s.Version == "" {
			if plus {
				return Setting{}, fmt.Errorf("invalid GOTOOLCHAIN %q: invalid minimum toolchain %q", value, minimum)
			}
			return Setting{}, fmt.Errorf("invalid GOTOOLCHAIN %q", value)
		}
	}
	if plus && suffix != "auto" && suffix != "path" {
		return Setting{}, fmt.Errorf("invalid GOTOOLCHAIN %q: only version suffixes are +auto and +path", value)
	}
	return s, nil
}

// choice is what one go command makes of GOTOOLCHAIN and the files.
type choice struct {
	// skip says that this command does not select at all; why says why.
	skip bool
	why  string
	// problem is what it prints if it stops over it.
	problem string
	// want is the toolchain to run.
	want    string
	layer   drift.Layer // of GOTOOLCHAIN
	setting Setting
	// file is the go.mod or go.work that was looked into; goLine and toolLine
	// are what was found there.
	file             string
	goLine, toolLine Scanned
	hasGo, hasTool   bool
	// by is the line or variable that decided: "go", "toolchain", "GOWORK", or
	// empty for GOTOOLCHAIN.
	by string
	// startup is what later messages say about the choice.
	startup startup
}

// startup is cmd/go/internal/gover/toolchain.go Startup.
type startup struct {
	gotoolchain   string
	autoFile      string
	autoGo        string
	autoToolchain string
}

// decide is the first half of cmd/go/internal/toolchain/select.go Select.
func (s *selection) decide(p Program, config Config) choice {
	var c choice
	if !config.ModulesEnabled() {
		c.skip, c.why = true, "modules are not enabled here (GO111MODULE="+config.Getenv("GO111MODULE")+"), so the go command does not select a toolchain"
		return c
	}
	c.layer = config.Lookup("GOTOOLCHAIN")
	value := c.layer.Value
	c.startup.gotoolchain = value
	if value == "" {
		c.skip, c.why = true, "GOTOOLCHAIN is empty, so the go command does not select a toolchain"
		return c
	}
	setting, err := ParseSetting(value)
	if err != nil {
		c.problem = "go: " + err.Error()
		return c
	}
	c.setting = setting
	minVersion, localName := local(p.Version)
	c.want = localName
	if setting.Minimum != "local" {
		c.want, minVersion = setting.Minimum, setting.Version
	}
	if setting.Mode != "" {
		s.decideByFile(&c, p, config, minVersion)
	}
	return c
}

// decideByFile looks into go.work or go.mod (select.go modGoToolchain and what
// Select does with it).
func (s *selection) decideByFile(c *choice, p Program, config Config, minVersion string) {
	file, problem := config.FindGoWork()
	if problem != "" {
		c.problem, c.by = "go: "+problem, "GOWORK"
		return
	}
	if file != "" {
		if _, err := s.Files.Stat(file); err != nil {
			file = ""
		}
	}
	if file == "" {
		file = config.FindGoMod()
	}
	if file == "" {
		return
	}
	text, err := s.Files.ReadFile(file)
	if errors.Is(err, drift.ErrNotRead) {
		return // as if there were none: see noting
	}
	if err != nil {
		c.problem = "go: " + readError(file, err)
		return
	}
	c.file, c.startup.autoFile = file, file
	c.goLine, c.hasGo = Scan(text, "go")
	c.toolLine, c.hasTool = Scan(text, "toolchain")
	toolchain, goVersion := c.toolLine.Value, c.goLine.Value
	if toolchain == "default" {
		c.startup.autoToolchain = toolchain
		c.by = "toolchain"
		return
	}
	if toolchain != "" {
		v := fromToolchain(toolchain)
		if v == "" {
			c.problem = fmt.Sprintf("go: invalid toolchain %q in %s", toolchain, s.short(config, file))
			c.by = "toolchain"
			return
		}
		// Until Go 1.21 a toolchain line won when it was equal, too.
		if cmp := compare(v, minVersion); cmp > 0 || cmp == 0 && config.Release() == 21 {
			c.want, minVersion, c.by = toolchain, v, "toolchain"
			c.startup.autoToolchain = toolchain
		}
	}
	if compare(goVersion, minVersion) > 0 {
		c.want, c.by = "go"+goVersion, "go"
		// Go 1.21.0 itself asked for the language version as it stands.
		if isLang(goVersion) && compare(goVersion, "1.21") >= 0 && p.Version != "go1.21.0" {
			c.want += ".0"
		}
		c.startup.autoGo = goVersion
		c.startup.autoToolchain = ""
	}
}

// couldBeGo is the sanity check before a search (select.go Select).
func couldBeGo(want string) bool {
	return strings.HasPrefix(want, "go1") || strings.Contains(want, "-go1")
}

// requires is cmd/go/internal/gover/toolchain.go TooNewError.
func (s *selection) requires(what, goVersion string, p Program, config Config, st startup) string {
	explain := ""
	if st.gotoolchain != "" && st.gotoolchain != "auto" {
		explain = "; GOTOOLCHAIN=" + st.gotoolchain
	}
	if st.autoFile != "" && (st.autoGo != "" || st.autoToolchain != "") {
		explain += "; " + s.short(config, st.autoFile) + " sets "
		if st.autoToolchain != "" {
			explain += "toolchain " + st.autoToolchain
		} else {
			explain += "go " + st.autoGo
		}
	}
	v, _ := local(p.Version)
	return fmt.Sprintf("%s requires go >= %s (running go %s%s)", what, goVersion, v, explain)
}
