package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// action is as much of an action.yml as its runner needs to know.
//
// https://docs.github.com/actions/reference/workflows-and-actions/metadata-syntax
type action struct {
	Inputs map[string]struct {
		Default string `yaml:"default"`
	} `yaml:"inputs"`
	Outputs map[string]struct {
		Value string `yaml:"value"`
	} `yaml:"outputs"`
	Runs struct {
		Using string       `yaml:"using"`
		Steps []actionStep `yaml:"steps"`
	} `yaml:"runs"`
}

type actionStep struct {
	ID   string            `yaml:"id"`
	If   string            `yaml:"if"`
	Uses string            `yaml:"uses"`
	Dir  string            `yaml:"working-directory"`
	Bash string            `yaml:"shell"`
	Env  map[string]string `yaml:"env"`
	Run  string            `yaml:"run"`
}

const actionDir = "../../../.github/actions/check"

func readAction(t *testing.T) action {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(actionDir, "action.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var a action
	if err := yaml.Unmarshal(text, &a); err != nil {
		t.Fatal(err)
	}
	if a.Runs.Using != "composite" || len(a.Runs.Steps) == 0 {
		t.Fatalf("the action is not as this test reads it: %+v", a)
	}
	return a
}

// job runs the steps of the action as a runner would: each script by bash in a
// process of its own, with a file for its outputs.
type job struct {
	t       *testing.T
	dir     string // the checkout
	temp    string
	environ []string
	uploads bool // whether the step that uploads was reached
}

var expression = regexp.MustCompile(`\$\{\{ *(.*?) *\}\}`)

// run returns what the scripts printed, the outputs of the action, and whether
// the steps went well.
func (j *job) run(inputs map[string]string) (log string, outputs map[string]string, ok bool) {
	j.t.Helper()
	a := readAction(j.t)
	values := map[string]string{"github.action_path": mustAbs(j.t, actionDir)}
	for name, in := range a.Inputs {
		values["inputs."+name] = in.Default
	}
	for name, value := range inputs {
		if _, known := a.Inputs[name]; !known {
			j.t.Fatalf("there is no input %s", name)
		}
		values["inputs."+name] = value
	}
	fill := func(text string) string {
		return expression.ReplaceAllStringFunc(text, func(s string) string { return values[expression.FindStringSubmatch(s)[1]] })
	}
	var printed bytes.Buffer
	ok = true
	for _, s := range a.Runs.Steps {
		if s.Uses != "" {
			j.uploads = ok && values["inputs.upload"] == "true" && values["steps.check.outputs.sarif"] != ""
			continue
		}
		if ok = j.step(s, fill, values, &printed); !ok {
			break
		}
	}
	outputs = map[string]string{}
	for name, out := range a.Outputs {
		outputs[name] = fill(out.Value)
	}
	return printed.String(), outputs, ok
}

func (j *job) step(s actionStep, fill func(string) string, values map[string]string, printed *bytes.Buffer) bool {
	j.t.Helper()
	script, output := filepath.Join(j.temp, "step.sh"), filepath.Join(j.temp, "output")
	for name, text := range map[string]string{script: s.Run, output: ""} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			j.t.Fatal(err)
		}
	}
	cmd := exec.Command("bash", "--noprofile", "--norc", "-eo", "pipefail", script)
	cmd.Dir = filepath.Join(j.dir, fill(s.Dir))
	cmd.Env = append(append([]string{}, j.environ...), "GITHUB_OUTPUT="+output, "GITHUB_WORKSPACE="+j.dir, "RUNNER_TEMP="+j.temp, "RUNNER_OS=Linux", "CI=true")
	for name, value := range s.Env {
		cmd.Env = append(cmd.Env, name+"="+fill(value))
	}
	cmd.Stdout, cmd.Stderr = printed, printed
	err := cmd.Run()
	text, rerr := os.ReadFile(output)
	if rerr != nil {
		j.t.Fatal(rerr)
	}
	for line := range strings.Lines(string(text)) {
		if name, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "="); ok {
			values["steps."+s.ID+".outputs."+name] = value
		}
	}
	return err == nil
}

func mustAbs(t *testing.T, name string) string {
	t.Helper()
	abs, err := filepath.Abs(name)
	if err != nil {
		t.Fatal(err)
	}
	return abs
}

func command(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// newJob makes a checkout with a Dockerfile below the floor, on a branch that
// came after it.
func newJob(t *testing.T) *job {
	t.Helper()
	j := &job{t: t, dir: filepath.Join(t.TempDir(), "it's a checkout"), temp: t.TempDir()}
	for name, text := range map[string]string{
		"go.mod": "module example.com/a\n\ngo 1.26.0\n", "sub/Dockerfile": "FROM golang:1.25.3\n", "readme": "",
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(j.dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(j.dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{
		{"init", "-q", "-b", "main"},
		{"add", "."},
		{"-c", "user.name=t", "-c", "user.email=t@t", "commit", "-q", "-m", "one"},
		{"branch", "base"},
	} {
		command(t, j.dir, append([]string{"git"}, args...)...)
	}
	for _, name := range []string{"PATH", "HOME", "GOCACHE", "TMPDIR"} {
		if value, ok := os.LookupEnv(name); ok {
			j.environ = append(j.environ, name+"="+value)
		}
	}
	return j
}

// TestActionText: what somebody else can choose never stands in a script, where
// it would be run.
func TestActionText(t *testing.T) {
	for i, s := range readAction(t).Runs.Steps {
		if strings.Contains(s.Run, "${{") {
			t.Errorf("step %d: an expression stands in the script:\n%s", i, s.Run)
		}
		if s.Run != "" && s.Bash != "bash" {
			t.Errorf("step %d runs in %q", i, s.Bash)
		}
	}
}

func TestAction(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the runner of this test is one of Unix")
	}
	godrift := filepath.Join(t.TempDir(), "godrift")
	command(t, ".", "go", "build", "-o", godrift, ".")
	annotation := "::error file=sub/Dockerfile,line=1,endLine=1,col="

	for name, c := range map[string]struct {
		inputs map[string]string
		exit   string
		ok     bool
		says   string
	}{
		"default":  {nil, "1", false, annotation},
		"a part":   {map[string]string{"path": "readme"}, "0", true, "nothing at or above error"},
		"parts":    {map[string]string{"path": "\nreadme\nsub\n"}, "1", false, annotation},
		"never":    {map[string]string{"fail-on": "never"}, "0", true, annotation},
		"since":    {map[string]string{"since": "base"}, "0", true, "nothing at or above error"},
		"folder":   {map[string]string{"working-directory": "sub"}, "1", false, annotation},
		"nowhere":  {map[string]string{"path": "nowhere"}, "2", false, "there is no file or folder"},
		"no level": {map[string]string{"fail-on": "fatal"}, "2", false, "must be one of"},
		"trusted":  {map[string]string{"untrusted": "false"}, "1", false, annotation},
	} {
		t.Run(name, func(t *testing.T) {
			j := newJob(t)
			inputs := map[string]string{"program": godrift}
			for k, v := range c.inputs {
				inputs[k] = v
			}
			log, outputs, ok := j.run(inputs)
			if outputs["exit-code"] != c.exit || ok != c.ok || !strings.Contains(log, c.says) || outputs["sarif"] != "" || j.uploads {
				t.Errorf("exit code %q, ok %v, outputs %v, uploads %v:\n%s", outputs["exit-code"], ok, outputs, j.uploads, log)
			}
		})
	}

	t.Run("sarif", func(t *testing.T) {
		for _, file := range []string{"out.sarif", ""} {
			j := newJob(t)
			_, outputs, ok := j.run(map[string]string{"program": godrift, "sarif": file, "upload": "true"})
			if ok || !j.uploads || outputs["exit-code"] != "1" || !filepath.IsAbs(outputs["sarif"]) {
				t.Fatalf("ok %v, uploads %v, outputs %v", ok, j.uploads, outputs)
			}
			text, err := os.ReadFile(outputs["sarif"])
			if err != nil || !json.Valid(text) || !bytes.Contains(text, []byte(`"pin-below-floor"`)) {
				t.Errorf("%v\n%s", err, text)
			}
		}
	})

	t.Run("hostile", func(t *testing.T) {
		j := newJob(t)
		for input := range readAction(t).Inputs {
			if input == "working-directory" { // the runner's own business
				continue
			}
			for _, value := range []string{`"; touch pwned; "`, "$(touch pwned)", "`touch pwned`", "--help", "-x\n$(touch pwned)", "a\nsarif=b"} {
				inputs := map[string]string{"program": godrift}
				inputs[input] = value
				log, outputs, _ := j.run(inputs)
				if _, err := os.Stat(filepath.Join(j.dir, "pwned")); err == nil {
					t.Errorf("%s = %q was run:\n%s", input, value, log)
				}
				if input != "sarif" && outputs["sarif"] != "" {
					t.Errorf("%s = %q wrote the output sarif: %q", input, value, outputs["sarif"])
				}
			}
		}
	})

	t.Run("build", func(t *testing.T) {
		out, err := exec.Command("go", "env", "GOMODCACHE").Output()
		if err != nil {
			t.Fatal(err)
		}
		j := newJob(t)
		// Nothing is fetched that is not on this machine already.
		j.environ = append(j.environ, "GOPROXY=file://"+filepath.ToSlash(strings.TrimSpace(string(out)))+"/cache/download")
		log, outputs, ok := j.run(nil)
		if ok || outputs["exit-code"] != "1" || !strings.Contains(log, annotation) {
			t.Errorf("ok %v, outputs %v:\n%s", ok, outputs, log)
		}
		if own := strings.Count(log, j.temp); own > 0 {
			t.Errorf("the action's own Go files are part of what it tells:\n%s", log)
		}
	})
}
