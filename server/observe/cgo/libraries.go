package cgo

import (
	"path"
	"slices"
	"strings"

	"godrift.dev/server/drift"
)

// standard are headers of the C library, by their beginnings or whole.
var standard = []string{
	"stdio.h", "stdlib.h", "string.h", "errno.h", "stdint.h", "inttypes.h", "stddef.h", "limits.h", "math.h", "time.h", "signal.h", "unistd.h",
	"pthread.h", "features.h", "dlfcn.h", "fcntl.h", "grp.h", "pwd.h", "netdb.h", "assert.h", "ctype.h", "locale.h", "wchar.h",
	"bits/", "gnu/", "sys/cdefs.h", "sys/types.h", "sys/mman.h", "sys/stat.h", "sys/socket.h", "arpa/", "netinet/",
}

func isStandard(header string) bool {
	return slices.ContainsFunc(standard, func(s string) bool {
		return header == s || strings.HasSuffix(s, "/") && strings.HasPrefix(header, s)
	})
}

// library is one that many Go packages are linked with.
type library struct {
	// names are what follows -l, pkgs what pkg-config calls it, headers the beginnings of its
	// headers' names.
	names, pkgs, headers []string
	packages             names
}

// libraries are the development packages of well-known libraries, as the
// distributions of 2026 name them.
var libraries = []library{
	{[]string{"sqlite3"}, []string{"sqlite3"}, []string{"sqlite3.h"}, names{"debian": "libsqlite3-dev", "alpine": "sqlite-dev", "fedora": "sqlite-devel", "arch": "sqlite", "darwin": "sqlite", "windows": "mingw-w64-ucrt-x86_64-sqlite3"}},
	{[]string{"z"}, []string{"zlib"}, []string{"zlib.h"}, names{"debian": "zlib1g-dev", "alpine": "zlib-dev", "fedora": "zlib-devel", "arch": "zlib", "darwin": "zlib", "windows": "mingw-w64-ucrt-x86_64-zlib"}},
	{[]string{"ssl", "crypto"}, []string{"openssl", "libssl", "libcrypto"}, []string{"openssl/"}, names{"debian": "libssl-dev", "alpine": "openssl-dev", "fedora": "openssl-devel", "arch": "openssl", "darwin": "openssl", "windows": "mingw-w64-ucrt-x86_64-openssl"}},
	{[]string{"git2"}, []string{"libgit2"}, []string{"git2.h", "git2/"}, names{"debian": "libgit2-dev", "alpine": "libgit2-dev", "fedora": "libgit2-devel", "arch": "libgit2", "darwin": "libgit2"}},
	{[]string{"pcap"}, []string{"libpcap"}, []string{"pcap.h", "pcap/"}, names{"debian": "libpcap-dev", "alpine": "libpcap-dev", "fedora": "libpcap-devel", "arch": "libpcap", "darwin": "libpcap"}},
	{[]string{"systemd"}, []string{"libsystemd"}, []string{"systemd/"}, names{"debian": "libsystemd-dev", "fedora": "systemd-devel", "arch": "systemd-libs"}},
	{[]string{"udev"}, []string{"libudev"}, []string{"libudev.h"}, names{"debian": "libudev-dev", "alpine": "eudev-dev", "fedora": "systemd-devel", "arch": "systemd-libs"}},
	{[]string{"seccomp"}, []string{"libseccomp"}, []string{"seccomp.h"}, names{"debian": "libseccomp-dev", "alpine": "libseccomp-dev", "fedora": "libseccomp-devel", "arch": "libseccomp"}},
	{[]string{"gpgme"}, []string{"gpgme"}, []string{"gpgme.h"}, names{"debian": "libgpgme-dev", "alpine": "gpgme-dev", "fedora": "gpgme-devel", "arch": "gpgme", "darwin": "gpgme"}},
	{[]string{"btrfs", "btrfsutil"}, []string{"libbtrfsutil"}, []string{"btrfs/", "btrfsutil.h"}, names{"debian": "libbtrfs-dev", "alpine": "btrfs-progs-dev", "fedora": "btrfs-progs-devel", "arch": "btrfs-progs"}},
	{[]string{"devmapper"}, []string{"devmapper"}, []string{"libdevmapper.h"}, names{"debian": "libdevmapper-dev", "alpine": "lvm2-dev", "fedora": "device-mapper-devel", "arch": "device-mapper"}},
	{[]string{"asound"}, []string{"alsa"}, []string{"alsa/"}, names{"debian": "libasound2-dev", "alpine": "alsa-lib-dev", "fedora": "alsa-lib-devel", "arch": "alsa-lib"}},
	{[]string{"GL"}, []string{"gl"}, []string{"GL/gl"}, names{"debian": "libgl1-mesa-dev", "alpine": "mesa-dev", "fedora": "mesa-libGL-devel", "arch": "mesa"}},
	{[]string{"EGL", "GLESv2"}, []string{"egl", "glesv2"}, []string{"EGL/", "GLES"}, names{"debian": "libgles2-mesa-dev libegl1-mesa-dev", "alpine": "mesa-dev", "fedora": "mesa-libEGL-devel mesa-libGLES-devel", "arch": "mesa"}},
	{[]string{"X11"}, []string{"x11"}, []string{"X11/Xlib.h", "X11/Xutil.h"}, names{"debian": "libx11-dev", "alpine": "libx11-dev", "fedora": "libX11-devel", "arch": "libx11"}},
	{[]string{"Xcursor"}, []string{"xcursor"}, []string{"X11/Xcursor/"}, names{"debian": "libxcursor-dev", "alpine": "libxcursor-dev", "fedora": "libXcursor-devel", "arch": "libxcursor"}},
	{[]string{"Xrandr"}, []string{"xrandr"}, []string{"X11/extensions/Xrandr"}, names{"debian": "libxrandr-dev", "alpine": "libxrandr-dev", "fedora": "libXrandr-devel", "arch": "libxrandr"}},
	{[]string{"Xinerama"}, []string{"xinerama"}, []string{"X11/extensions/Xinerama"}, names{"debian": "libxinerama-dev", "alpine": "libxinerama-dev", "fedora": "libXinerama-devel", "arch": "libxinerama"}},
	{[]string{"Xi"}, []string{"xi"}, []string{"X11/extensions/XInput"}, names{"debian": "libxi-dev", "alpine": "libxi-dev", "fedora": "libXi-devel", "arch": "libxi"}},
	{[]string{"Xxf86vm"}, []string{"xxf86vm"}, []string{"X11/extensions/xf86vm"}, names{"debian": "libxxf86vm-dev", "alpine": "libxxf86vm-dev", "fedora": "libXxf86vm-devel", "arch": "libxxf86vm"}},
	{[]string{"wayland-client"}, []string{"wayland-client", "wayland-egl"}, []string{"wayland-"}, names{"debian": "libwayland-dev", "alpine": "wayland-dev", "fedora": "wayland-devel", "arch": "wayland"}},
	{[]string{"xkbcommon"}, []string{"xkbcommon", "xkbcommon-x11"}, []string{"xkbcommon/"}, names{"debian": "libxkbcommon-dev libxkbcommon-x11-dev", "alpine": "libxkbcommon-dev", "fedora": "libxkbcommon-devel libxkbcommon-x11-devel", "arch": "libxkbcommon libxkbcommon-x11"}},
	{[]string{"vulkan"}, []string{"vulkan"}, []string{"vulkan/"}, names{"debian": "libvulkan-dev", "alpine": "vulkan-headers vulkan-loader-dev", "fedora": "vulkan-headers vulkan-loader-devel", "arch": "vulkan-headers vulkan-icd-loader"}},
	{[]string{"SDL2"}, []string{"sdl2"}, []string{"SDL2/"}, names{"debian": "libsdl2-dev", "alpine": "sdl2-dev", "fedora": "SDL2-devel", "arch": "sdl2", "darwin": "sdl2"}},
	{[]string{"gtk-3"}, []string{"gtk+-3.0"}, []string{"gtk/"}, names{"debian": "libgtk-3-dev", "alpine": "gtk+3.0-dev", "fedora": "gtk3-devel", "arch": "gtk3", "darwin": "gtk+3"}},
	{nil, []string{"webkit2gtk-4.1", "webkit2gtk-4.0"}, []string{"webkit2/"}, names{"debian": "libwebkit2gtk-4.1-dev", "alpine": "webkit2gtk-4.1-dev", "fedora": "webkit2gtk4.1-devel", "arch": "webkit2gtk-4.1"}},
	{nil, []string{"ayatana-appindicator3-0.1"}, []string{"libayatana-appindicator/"}, names{"debian": "libayatana-appindicator3-dev", "alpine": "libayatana-appindicator-dev", "fedora": "libayatana-appindicator-gtk3-devel", "arch": "libayatana-appindicator"}},
	{[]string{"vips"}, []string{"vips"}, []string{"vips/"}, names{"debian": "libvips-dev", "alpine": "vips-dev", "fedora": "vips-devel", "arch": "libvips", "darwin": "vips"}},
	{nil, []string{"MagickWand"}, []string{"MagickWand/", "wand/"}, names{"debian": "libmagickwand-dev", "alpine": "imagemagick-dev", "fedora": "ImageMagick-devel", "arch": "imagemagick", "darwin": "imagemagick"}},
	{[]string{"opus"}, []string{"opus"}, []string{"opus.h", "opus/"}, names{"debian": "libopus-dev", "alpine": "opus-dev", "fedora": "opus-devel", "arch": "opus", "darwin": "opus"}},
	{[]string{"portaudio"}, []string{"portaudio-2.0"}, []string{"portaudio.h"}, names{"debian": "portaudio19-dev", "alpine": "portaudio-dev", "fedora": "portaudio-devel", "arch": "portaudio", "darwin": "portaudio"}},
	{[]string{"usb-1.0"}, []string{"libusb-1.0"}, []string{"libusb-1.0/", "libusb.h"}, names{"debian": "libusb-1.0-0-dev", "alpine": "libusb-dev", "fedora": "libusb1-devel", "arch": "libusb", "darwin": "libusb"}},
	{[]string{"rdkafka"}, []string{"rdkafka"}, []string{"librdkafka/"}, names{"debian": "librdkafka-dev", "alpine": "librdkafka-dev", "fedora": "librdkafka-devel", "arch": "librdkafka", "darwin": "librdkafka"}},
	{[]string{"zmq"}, []string{"libzmq"}, []string{"zmq.h"}, names{"debian": "libzmq3-dev", "alpine": "zeromq-dev", "fedora": "zeromq-devel", "arch": "zeromq", "darwin": "zeromq"}},
	{[]string{"zstd"}, []string{"libzstd"}, []string{"zstd.h"}, names{"debian": "libzstd-dev", "alpine": "zstd-dev", "fedora": "libzstd-devel", "arch": "zstd", "darwin": "zstd"}},
	{[]string{"lz4"}, []string{"liblz4"}, []string{"lz4.h"}, names{"debian": "liblz4-dev", "alpine": "lz4-dev", "fedora": "lz4-devel", "arch": "lz4", "darwin": "lz4"}},
	{[]string{"lzma"}, []string{"liblzma"}, []string{"lzma.h"}, names{"debian": "liblzma-dev", "alpine": "xz-dev", "fedora": "xz-devel", "arch": "xz", "darwin": "xz"}},
	{[]string{"bz2"}, []string{"bzip2"}, []string{"bzlib.h"}, names{"debian": "libbz2-dev", "alpine": "bzip2-dev", "fedora": "bzip2-devel", "arch": "bzip2"}},
	{[]string{"snappy"}, []string{"snappy"}, []string{"snappy-c.h", "snappy.h"}, names{"debian": "libsnappy-dev", "alpine": "snappy-dev", "fedora": "snappy-devel", "arch": "snappy", "darwin": "snappy"}},
	{[]string{"rocksdb"}, []string{"rocksdb"}, []string{"rocksdb/"}, names{"debian": "librocksdb-dev", "alpine": "rocksdb-dev", "fedora": "rocksdb-devel", "arch": "rocksdb", "darwin": "rocksdb"}},
	{[]string{"curl"}, []string{"libcurl"}, []string{"curl/"}, names{"debian": "libcurl4-openssl-dev", "alpine": "curl-dev", "fedora": "libcurl-devel", "arch": "curl", "darwin": "curl"}},
	{[]string{"xml2"}, []string{"libxml-2.0"}, []string{"libxml/", "libxml2/"}, names{"debian": "libxml2-dev", "alpine": "libxml2-dev", "fedora": "libxml2-devel", "arch": "libxml2", "darwin": "libxml2"}},
	{[]string{"pq"}, []string{"libpq"}, []string{"libpq-fe.h", "postgresql/"}, names{"debian": "libpq-dev", "alpine": "libpq-dev", "fedora": "libpq-devel", "arch": "postgresql-libs", "darwin": "libpq"}},
	{[]string{"pam"}, []string{"pam"}, []string{"security/pam"}, names{"debian": "libpam0g-dev", "alpine": "linux-pam-dev", "fedora": "pam-devel", "arch": "pam"}},
	{[]string{"avcodec", "avformat", "avutil"}, []string{"libavcodec", "libavformat", "libavutil"}, []string{"libavcodec/", "libavformat/", "libavutil/"}, names{"debian": "libavcodec-dev libavformat-dev libavutil-dev", "alpine": "ffmpeg-dev", "fedora": "ffmpeg-free-devel", "arch": "ffmpeg", "darwin": "ffmpeg"}},
	{[]string{"opencv_core"}, []string{"opencv4"}, []string{"opencv2/"}, names{"debian": "libopencv-dev", "alpine": "opencv-dev", "fedora": "opencv-devel", "arch": "opencv", "darwin": "opencv"}},
	{nil, nil, []string{"linux/", "asm/"}, names{"debian": "linux-libc-dev", "alpine": "linux-headers", "fedora": "kernel-headers", "arch": "linux-api-headers"}},
}

// find finds a library by what a list holds of it.
func findLibrary(name string, of func(library) []string) (library, bool) {
	for _, l := range libraries {
		for _, n := range of(l) {
			if n == name || strings.HasSuffix(n, "/") && strings.HasPrefix(name, n) || strings.HasPrefix(path.Base(n), path.Base(name)) && strings.HasSuffix(name, ".h") && strings.HasPrefix(name, n) {
				return l, true
			}
		}
	}
	return library{}, false
}

// forTarget is a remedy that installs a library; with another machine as target
// the packages of this one do not do.
func (t Target) forTarget(what string, l library) drift.CgoRemedy {
	if t.Native() {
		return t.remedy(what, l.packages)
	}
	r := drift.CgoRemedy{Text: "install " + what + " for " + t.String() + ", where the cross compiler looks"}
	if arch := debianArch[t.GOARCH]; t.System == "debian" && t.GOOS == "linux" && arch != "" && l.packages["debian"] != "" {
		var list []string
		for name := range strings.FieldsSeq(l.packages["debian"]) {
			list = append(list, name+":"+arch)
		}
		r.Command = "dpkg --add-architecture " + arch + " && apt-get update && apt-get install " + strings.Join(list, " ")
	}
	return r
}

func needHeader(p drift.CgoProblem, t Target) drift.CgoProblem {
	switch {
	case isSister(t) && (isStandard(p.Name) || strings.HasPrefix(p.Name, "asm/")):
		return multilib(p, t)
	case p.Name == "windows.h" || p.Name == "process.h" || strings.HasPrefix(p.Name, "sys/signalvar") || strings.HasPrefix(p.Name, "machine/") ||
		strings.HasPrefix(p.Name, "android/") || strings.HasPrefix(p.Name, "mach/") || strings.HasPrefix(p.Name, "CoreFoundation/") || p.Name == "TargetConditionals.h":
		p.Message = "The compiler does not have the headers of " + t.GOOS + ": " + p.Name + " is missing."
		p.Cause = drift.CgoOtherMachine
		p.Remedies = t.compilers()
		return p
	case isStandard(p.Name):
		p.Message = "The headers of the C library are not installed: " + p.Name + " is missing."
		p.Remedies = t.compilers()
		if t.Native() {
			p.Remedies = []drift.CgoRemedy{t.remedy("the headers of the C library", names{"debian": "libc6-dev", "alpine": "musl-dev", "fedora": "glibc-devel", "arch": "glibc"})}
		}
		return p
	}
	l, ok := findLibrary(p.Name, func(l library) []string { return l.headers })
	if !ok {
		p.Remedies = []drift.CgoRemedy{search(t, p.Name)}
		return p
	}
	p.Remedies = []drift.CgoRemedy{t.forTarget("the library with "+p.Name, l)}
	return p
}

// search says how to find the package of a file whose package is not known here.
func search(t Target, file string) drift.CgoRemedy {
	r := drift.CgoRemedy{Text: "install the development package that has " + file}
	switch t.System {
	case "debian":
		r.Command = "apt-file search " + file
	case "fedora":
		r.Command = "dnf provides '*/" + file + "'"
	case "alpine":
		r.Command = "apk search --exact so:" + file
	case "arch":
		r.Command = "pacman -F " + file
	}
	if t.System == "alpine" {
		r.Command = ""
	}
	if strings.ContainsAny(file, "'\\ $;&|`\"<>()") {
		r.Command = ""
	}
	return r
}

func needLibrary(p drift.CgoProblem, t Target) drift.CgoProblem {
	p.Name = strings.TrimPrefix(p.Name, "-l")
	p.Message = "The library " + p.Name + " is not installed."
	switch p.Name {
	case "gcc", "gcc_s", "c", "m", "pthread", "dl", "rt", "resolv", "mingw32", "mingwex", "msvcrt", "xnet", "socket":
		if p.Name == "xnet" || p.Name == "socket" {
			p.Cause, p.Message = drift.CgoOtherMachine, "The compiler does not have the libraries of "+t.GOOS+": "+p.Name+" is missing."
			p.Remedies = t.compilers()
			return p
		}
		return multilib(p, t)
	}
	l, ok := findLibrary(p.Name, func(l library) []string { return l.names })
	if !ok {
		p.Remedies = []drift.CgoRemedy{search(t, "lib"+p.Name+".so")}
		return p
	}
	p.Remedies = []drift.CgoRemedy{t.forTarget("the library "+p.Name, l)}
	return p
}

func needPackage(p drift.CgoProblem, t Target) drift.CgoProblem {
	l, ok := findLibrary(p.Name, func(l library) []string { return l.pkgs })
	if ok {
		p.Remedies = []drift.CgoRemedy{t.forTarget("the library "+p.Name, l)}
	} else {
		p.Remedies = []drift.CgoRemedy{search(t, p.Name+".pc")}
	}
	if !t.Native() {
		p.Remedies = append(p.Remedies, drift.CgoRemedy{Text: "have pkg-config look where the libraries of " + t.String() + " are", Command: "PKG_CONFIG_LIBDIR=… or PKG_CONFIG=" + first(t.GNU(), "TARGET") + "-pkg-config"})
	} else {
		p.Remedies = append(p.Remedies, drift.CgoRemedy{Text: "if it is installed elsewhere, name the folder of " + p.Name + ".pc", Command: "PKG_CONFIG_PATH=…"})
	}
	return p
}

func first(list []string, otherwise string) string {
	if len(list) == 0 {
		return otherwise
	}
	return list[0]
}

func needSymbol(p drift.CgoProblem, _ Target) drift.CgoProblem {
	p.Remedies = []drift.CgoRemedy{{Text: "name the library that has it in a #cgo LDFLAGS line, or in CGO_LDFLAGS, after those that need it"}}
	return p
}

// isSister reports whether a compiler for the host can build for the target
// with a flag alone, if the libraries are there.
func isSister(t Target) bool {
	return t.GOOS == t.Host.GOOS && (t.GOARCH == "386" && t.Host.GOARCH == "amd64" || t.GOARCH == "amd64" && t.Host.GOARCH == "386")
}

// multilib is what is missing if the C library is not there for the target.
func multilib(p drift.CgoProblem, t Target) drift.CgoProblem {
	if isSister(t) {
		p.Cause = drift.CgoNoMultilib
		p.Message = "The compiler can build for " + t.String() + ", but the C library for it is not installed: " + p.Name + " is missing."
		p.Remedies = []drift.CgoRemedy{t.remedy("the C library for "+t.GOARCH, names{
			"debian": "gcc-multilib", "fedora": "glibc-devel.i686 libgcc.i686", "arch": "lib32-glibc lib32-gcc-libs",
		})}
		return p
	}
	if p.Cause != drift.CgoOtherMachine {
		p.Message = "The C library for " + t.String() + " is not installed: " + p.Name + " is missing."
	}
	p.Remedies = t.compilers()
	return p
}
