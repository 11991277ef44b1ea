package pins

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"godrift.dev/server/drift"
)

func matchAppEngine(rel string) bool {
	base := rel[strings.LastIndexByte(rel, '/')+1:]
	return isYAML(base) && (strings.HasPrefix(base, "app.") || strings.HasSuffix(base, ".app.yaml"))
}

// ParseAppEngine reads an app.yaml: runtime: go122 of the standard environment
// (https://cloud.google.com/appengine/docs/standard/go/config/appref), and
// runtime_config.runtime_version of the flexible one, where the runtime is
// called go (https://cloud.google.com/appengine/docs/flexible/go/runtime);
// GOOGLE_GO_VERSION and GOTOOLCHAIN among the variables of the build.
func ParseAppEngine(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	if !containsAny(doc.Text, "runtime") || !containsAny(doc.Text, "go") {
		return nil, nil
	}
	c := newCIFile(doc, noVariable)
	for _, root := range c.roots {
		runtime := c.get(root, "runtime")
		name := strings.TrimSpace(c.value(runtime))
		digits, ok := strings.CutPrefix(name, "go")
		if !ok || strings.Trim(digits, "0123456789.") != "" {
			continue
		}
		flexible := c.get(root, "runtime_config", "runtime_version")
		v, ok := c.read(runtime, unknownVariable)
		fv, isFlexible := c.read(flexible, unknownVariable)
		if isFlexible {
			c.version(fv, drift.SourceAppEngineVersion, drift.RoleShip, plainVersion)
		}
		// Beside a version of its own the runtime of the flexible environment is a
		// name, whatever digits it has.
		if ok && (!isFlexible || digits != "" && c.value(c.get(root, "env")) != "flex" && c.value(c.get(root, "env")) != "flexible") {
			c.version(v, drift.SourceAppEngineRuntime, drift.RoleShip, appEngineRuntime)
		}
		for _, block := range []string{"build_env_variables", "env_variables"} {
			c.each(c.get(root, block), func(key string, _, value *yaml.Node) {
				c.envValue(key, value, drift.SourceAppEngineEnv, drift.SourceAppEngineGotoolchain, drift.RoleShip)
			})
		}
	}
	return c.result()
}

// appEngineRuntime reads go122, go111, go1.22; go alone is the newest one.
func appEngineRuntime(t template) reading {
	r := reading{end: len(t.text), meaning: drift.MeaningLine}
	digits := strings.TrimPrefix(string(t.text), "go")
	switch {
	case digits == "" || digits == "1":
		r.meaning, r.version = drift.MeaningLatest, digits
	case strings.Contains(digits, "."):
		m, v := release(digits)
		r.meaning, r.version = m, v
	case len(digits) >= 2 && digits[0] == '1':
		r.version = "1." + digits[1:]
	default:
		r.meaning, r.extra = drift.MeaningUnknown, extra("why", "no Go version can be read from this")
	}
	return r
}
