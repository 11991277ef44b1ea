// Package host tells what a machine is: its system and version, C library,
// shell, and whether it is a container, a CI job, WSL or a remote window. It
// reads a few small files and the environment; it starts no program and asks no
// network.
package host

import (
	"bytes"
	"path/filepath"
	"strings"

	"godrift.dev/server/drift"
)

// Machine is what is looked at.
type Machine struct {
	Files   drift.Files
	Environ map[string]string
	Host    drift.Host
}

// enough bounds what is taken from a file: all of them are small.
const enough = 64 << 10

// Facts are the facts that a record holds about a machine, by key. What is not
// known is left out.
func Facts(m Machine) map[string]string {
	facts := map[string]string{}
	set := func(name, value string) {
		if value != "" {
			facts[drift.KeyHost+name] = drift.Clip(value)
		}
	}
	set("os", m.Host.GOOS)
	set("arch", m.Host.GOARCH)
	set("version", m.version())
	set("libc", m.libc())
	set("shell", m.shell())
	set("shellVersion", m.shellVersion())
	set("container", m.container())
	set("ci", m.ci())
	set("wsl", m.wsl())
	set("remote", m.remote())
	return facts
}

// read is the text of a small file, empty if there is none.
func (m Machine) read(name string) string {
	if m.Files == nil {
		return ""
	}
	text, err := m.Files.ReadFile(name)
	if err != nil || bytes.IndexByte(text, 0) >= 0 {
		return ""
	}
	return string(text[:min(len(text), enough)])
}

// exists reports whether there is such a file.
func (m Machine) exists(name string) bool {
	if m.Files == nil {
		return false
	}
	_, err := m.Files.Stat(name)
	return err == nil
}

// version is the system's: on Linux the distribution's name and number from
// os-release(5), on macOS the product's from SystemVersion.plist.
func (m Machine) version() string {
	switch m.Host.GOOS {
	case "linux":
		for _, file := range []string{"/etc/os-release", "/usr/lib/os-release"} {
			if fields := assignments(m.read(file)); fields["ID"] != "" {
				return strings.TrimSpace(fields["ID"] + " " + fields["VERSION_ID"])
			}
		}
	case "darwin":
		_, rest, ok := strings.Cut(m.read("/System/Library/CoreServices/SystemVersion.plist"), "<key>ProductVersion</key>")
		if _, rest, ok2 := strings.Cut(rest, "<string>"); ok && ok2 {
			version, _, _ := strings.Cut(rest, "</string>")
			return strings.TrimSpace(version)
		}
	}
	return ""
}

// assignments reads NAME=value lines as os-release(5) has them.
func assignments(text string) map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok && !strings.HasPrefix(name, "#") {
			out[name] = strings.Trim(value, `"'`)
		}
	}
	return out
}

// loaders are the program loaders of the C libraries, as the processor supplements
// of the ABI and musl name them.
var loaders = []struct{ glob, libc string }{
	{"/lib64/ld-linux-*.so.*", "glibc"},
	{"/lib/ld-linux-*.so.*", "glibc"},
	{"/lib/ld-linux.so.*", "glibc"},
	{"/lib/ld-musl-*.so.1", "musl"},
}

// libc is the C library that programs of the distribution are linked to.
func (m Machine) libc() string {
	if m.Host.GOOS != "linux" || m.Files == nil {
		return ""
	}
	for _, l := range loaders {
		entries, err := m.Files.ReadDir(filepath.FromSlash(l.glob[:strings.LastIndexByte(l.glob, '/')]))
		if err != nil {
			continue
		}
		for _, entry := range entries {
			if ok, err := filepath.Match(l.glob[strings.LastIndexByte(l.glob, '/')+1:], entry.Name()); ok && err == nil {
				return l.libc
			}
		}
	}
	return ""
}

// shell is the person's login shell.
func (m Machine) shell() string {
	name := m.Environ["SHELL"]
	if name == "" && m.Host.GOOS == "windows" {
		name = m.Environ["ComSpec"]
	}
	name = filepath.ToSlash(name)
	return strings.TrimSuffix(name[strings.LastIndexByte(name, '/')+1:], ".exe")
}

// shellVersion is the version that the shell tells its programs; most keep it
// to themselves.
func (m Machine) shellVersion() string {
	for _, name := range []string{"BASH_VERSION", "ZSH_VERSION", "FISH_VERSION"} {
		if strings.HasPrefix(strings.ToLower(name), m.shell()+"_") && m.Environ[name] != "" {
			return m.Environ[name]
		}
	}
	return ""
}

// container is the kind of container this is: Docker and Podman leave a file,
// systemd-nspawn and LXC a variable, Kubernetes its service's address.
func (m Machine) container() string {
	switch {
	case m.Environ["KUBERNETES_SERVICE_HOST"] != "":
		return "kubernetes"
	case m.exists("/.dockerenv"):
		return "docker"
	case m.exists("/run/.containerenv"):
		return "podman"
	case m.exists("/.flatpak-info"):
		return "flatpak"
	}
	return m.Environ["container"]
}

// services are CI services, by the variable that each sets in its jobs.
var services = []struct{ variable, name string }{
	{"GITHUB_ACTIONS", "github"},
	{"GITLAB_CI", "gitlab"},
	{"CIRCLECI", "circleci"},
	{"TF_BUILD", "azure"},
	{"BUILDKITE", "buildkite"},
	{"JENKINS_URL", "jenkins"},
	{"TRAVIS", "travis"},
	{"DRONE", "drone"},
	{"APPVEYOR", "appveyor"},
	{"BITBUCKET_BUILD_NUMBER", "bitbucket"},
	{"CODEBUILD_BUILD_ID", "codebuild"},
	{"TEAMCITY_VERSION", "teamcity"},
}

func (m Machine) ci() string {
	for _, s := range services {
		if m.Environ[s.variable] != "" {
			return s.name
		}
	}
	if v := m.Environ["CI"]; v != "" && v != "false" && v != "0" {
		return "other"
	}
	return ""
}

// wsl is the distribution's name in the Windows Subsystem for Linux.
func (m Machine) wsl() string {
	if name := m.Environ["WSL_DISTRO_NAME"]; name != "" || m.Host.GOOS != "linux" {
		return name
	}
	if strings.Contains(strings.ToLower(m.read("/proc/sys/kernel/osrelease")), "microsoft") {
		return "yes"
	}
	return ""
}

// remote says how the person is connected to the machine.
func (m Machine) remote() string {
	switch {
	case m.Environ["CODESPACES"] == "true":
		return "codespaces"
	case m.Environ["REMOTE_CONTAINERS"] == "true":
		return "dev-container"
	case m.Environ["SSH_CONNECTION"] != "" || m.Environ["SSH_CLIENT"] != "":
		return "ssh"
	}
	return ""
}
