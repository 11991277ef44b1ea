package telemetry

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"go.opentelemetry.io/otel/attribute"

	"godrift.dev/server/drift"
)

// resourceOf are the attributes of what everything that is sent belongs to: this program
// on this machine, or a job of a CI system. They are named after OpenTelemetry's semantic
// conventions where those have a name.
func resourceOf(o Options) []attribute.KeyValue {
	all := map[string]string{
		"service.name": "godrift", "service.version": o.Version, "os.type": runtime.GOOS, "host.arch": runtime.GOARCH,
	}
	host, _ := os.Hostname() // without a name it is told by its number alone
	all["host.name"] = host
	job := ciOf(o.Environ)
	maps.Copy(all, job)
	if job["ci.repository"]+job["ci.job"] != "" {
		// The machine of a job is a new one each time: the job is what stays.
		delete(all, "host.name")
		all["service.instance.id"] = digest(job["ci.system"], job["ci.repository"], job["ci.workflow"], job["ci.job"])
	} else {
		id, _ := os.ReadFile("/etc/machine-id") // containers have none
		all["service.instance.id"] = digest(strings.TrimSpace(string(id)), host, strconv.Itoa(os.Getuid()))
	}
	maps.Copy(all, o.Telemetry.Attributes)
	var out []attribute.KeyValue
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if value := attributeText(name, all[name]); value != "" {
			out = append(out, attribute.String(name, value))
		}
	}
	return out
}

// longestAttribute is how many characters the value of an attribute has at most.
const longestAttribute = 200

func attributeText(name, value string) string {
	if drift.Mask(name, "-") == drift.Masked {
		return drift.Masked
	}
	// Without what is cut off, the rest may look like a secret, or no longer like one.
	value = drift.MaskText(strings.ToValidUTF8(drift.ClipTo(value, mostRead), ""))
	return drift.MaskText(clean(drift.ClipTo(value, longestAttribute)))
}

// digest names something without telling what it is: machine-id(5) asks that its content
// is not shown.
func digest(parts ...string) string {
	h := sha256.New()
	for _, p := range append([]string{"godrift"}, parts...) {
		h.Write([]byte(strconv.Itoa(len(p)) + ":" + p))
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// ciSystem is how a CI system tells a job what it is.
type ciSystem struct {
	name     string
	variable string // that says that it is this one
	// The variables that hold the repository, the workflow or pipeline, the job and the
	// branch or tag. Of several the first that is set counts.
	repository, workflow, job, ref []string
}

// Numbers of runs and commits are left out: each run would be another resource.
var ciSystems = []ciSystem{
	{"github", "GITHUB_ACTIONS", []string{"GITHUB_REPOSITORY"}, []string{"GITHUB_WORKFLOW"}, []string{"GITHUB_JOB"}, []string{"GITHUB_REF_NAME"}},
	{"gitlab", "GITLAB_CI", []string{"CI_PROJECT_PATH"}, []string{"CI_PIPELINE_NAME", "CI_PIPELINE_SOURCE"}, []string{"CI_JOB_NAME"}, []string{"CI_COMMIT_REF_NAME"}},
	{"azure", "TF_BUILD", []string{"BUILD_REPOSITORY_NAME"}, []string{"BUILD_DEFINITIONNAME"}, []string{"SYSTEM_JOBNAME", "AGENT_JOBNAME"}, []string{"BUILD_SOURCEBRANCHNAME"}},
	{"circleci", "CIRCLECI", []string{"CIRCLE_PROJECT_REPONAME"}, nil, []string{"CIRCLE_JOB"}, []string{"CIRCLE_BRANCH", "CIRCLE_TAG"}},
	{"jenkins", "JENKINS_URL", nil, nil, []string{"JOB_NAME"}, []string{"BRANCH_NAME", "GIT_BRANCH"}},
	{"buildkite", "BUILDKITE", []string{"BUILDKITE_PIPELINE_SLUG"}, []string{"BUILDKITE_PIPELINE_SLUG"}, []string{"BUILDKITE_LABEL", "BUILDKITE_STEP_KEY"}, []string{"BUILDKITE_BRANCH"}},
	{"travis", "TRAVIS", []string{"TRAVIS_REPO_SLUG"}, nil, []string{"TRAVIS_JOB_NAME"}, []string{"TRAVIS_BRANCH"}},
	{"bitbucket", "BITBUCKET_BUILD_NUMBER", []string{"BITBUCKET_REPO_FULL_NAME"}, nil, nil, []string{"BITBUCKET_BRANCH", "BITBUCKET_TAG"}},
	{"drone", "DRONE", []string{"DRONE_REPO"}, nil, []string{"DRONE_STAGE_NAME"}, []string{"DRONE_BRANCH"}},
	{"teamcity", "TEAMCITY_VERSION", []string{"TEAMCITY_PROJECT_NAME"}, nil, []string{"TEAMCITY_BUILDCONF_NAME"}, nil},
}

// ciOf are the attributes of the job that an environment belongs to; none if it is no
// job's.
func ciOf(environ map[string]string) map[string]string {
	first := func(names []string) string {
		for _, name := range names {
			if value := environ[name]; value != "" {
				return value
			}
		}
		return ""
	}
	for _, s := range ciSystems {
		if environ[s.variable] == "" || strings.EqualFold(environ[s.variable], "false") {
			continue
		}
		return map[string]string{
			"ci.system": s.name, "ci.repository": first(s.repository), "ci.workflow": first(s.workflow), "ci.job": first(s.job), "ci.ref": first(s.ref),
		}
	}
	if ci := environ["CI"]; ci != "" && !strings.EqualFold(ci, "false") && ci != "0" {
		return map[string]string{"ci.system": word(cmp.Or(strings.ToLower(environ["CI_NAME"]), other))}
	}
	return nil
}
