package cgo

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"godrift.dev/server/drift"
)

// meaning is one kind of failure text.
type meaning struct {
	pattern string
	// cause and the words of the message; %s is the first group of the pattern.
	cause drift.CgoCause
	text  string
	// refine changes what the pattern alone says; it may be nil.
	refine func(p drift.CgoProblem, t Target) drift.CgoProblem
}

// meanings are the known texts, those that say more before those that follow
// from them: a compiler for another machine finds no header, either. Texts are
// those of cmd/go, cmd/cgo, cmd/link, gcc, clang, binutils, lld, Apple's ld and
// pkg-config in English.
var meanings = []meaning{
	{`invalid flag in (?:#cgo [A-Z]+|pkg-config --(?:cflags|libs)|[^\s:]+): (\S+)`, drift.CgoForbiddenFlag, "The go command does not pass on the flag %s, for a package could run programs with it.", allowFlag},
	{`malformed #cgo argument: (\S+)`, drift.CgoForbiddenFlag, "The go command does not pass on the flag %s of a #cgo line.", allowFlag},
	{`environment variable (?:is relative; must be absolute path|could not be parsed): (.*)`, drift.CgoBadVariable, "The go command cannot use the variable that names a compiler: %s.", nil},
	{`(?:imports \S+: )?build constraints exclude all Go files in (\S+)`, drift.CgoExcluded, "For this target no Go file of %s is left: all of them need cgo, which is off, or another system.", switchOn},
	{`(?:C|C\+\+|Objective-C|Fortran) source files not allowed when not using cgo or SWIG: (.+)`, drift.CgoSources, "The package has C files (%s) and cgo is off.", switchOn},
	{`(?:-(?:race|msan|asan) requires cgo|requires external \(cgo\) linking, but cgo is not enabled|loadinternal: cannot find (runtime/cgo))`, drift.CgoExcluded, "What is built needs cgo, which is off.", switchOn},
	{`compiled with 'CGO_ENABLED=0', (\S+) requires cgo`, drift.CgoExcluded, "The program was built with cgo off, and %s in it needs cgo.", switchOn},
	{`C compiler "([^"]+)" not found`, drift.CgoNoCompiler, "The C compiler %s is not found.", needCompiler},
	{`exec: "([^"]*pkg-?conf(?:ig)?[^"]*)": executable file not found`, drift.CgoNoPkgConfig, "%s is not found, and a #cgo line asks it for the flags of a library.", needPkgConfig},
	{`exec: "([^"]*(?:\+\+|fortran)[^"]*)": executable file not found`, drift.CgoNoHelper, "The compiler %s is not found.", needHelper},
	{`exec: "([^"]+)": (?:executable file not found|stat|no such file)`, drift.CgoNoCompiler, "The program %s is not found.", needCompiler},
	{`cannot execute ['‘"]?(cc1\w*|as|ld|collect2)['’"]?|cannot find ['‘](ld|as)['’]`, drift.CgoNoHelper, "The C compiler is there without %s, which it starts.", needHelper},
	{`xcrun: error: (invalid active developer path|unable to find utility)`, drift.CgoNoCompiler, "Apple's command line tools are not installed.", needCompiler},
	{`You have not agreed to the (Xcode license)`, drift.CgoNoCompiler, "Apple's compiler waits for somebody to agree to the %s.", agree},
	{`Requested '([^']+)' but version of`, drift.CgoTooOld, "A library is older than asked for: %s.", nil},
	{`Package dependency requirement '([^']+)' could not be satisfied`, drift.CgoTooOld, "A library is older than asked for: %s.", nil},
	{`(?:Package ['"]?([^\s'",]+)['"]?,? (?:was not found|required by [^\n]*not found)|No package '([^']+)' found)`, drift.CgoNoPackage, "pkg-config does not know the package %s.", needPackage},
	{`version [` + "`" + `']((?:GLIBC|GLIBCXX|CXXABI)_[\d.]+)' not found`, drift.CgoTooOld, "The C library here is older than the one that it was built with: %s is missing.", static},
	{`-asan is not supported with (.+)`, drift.CgoTooOld, "The C compiler is too old for -asan: %s.", nil},
	{`(?:unrecognized|unrecognised) (?:argument in |command[- ]line )?option ['‘"](-m(?:32|64|arm|threads|aix64|abi=\w+|arch=\S+?|fp32|hard-float|cmodel=large|no-odd-spreg)|-arch)['’"]`, drift.CgoOtherMachine, "The compiler builds for another machine: it does not know %s.", needCompiler},
	{`(?:bad value ['‘]([^'’]+)['’] for ['‘]-march=|unknown target CPU ['‘]([^'’]+)['’]|unsupported option ['‘](-m[^'’]+)['’] for target|unknown target triple ['‘]([^'’]+)['’])`, drift.CgoOtherMachine, "The compiler builds for another machine: it does not know %s.", needCompiler},
	{`(?:no such instruction|unknown mnemonic|unrecognized opcode|invalid instruction mnemonic|bad register name|invalid register name)[: ]*(?:[` + "`" + `'‘]([^'’\n]*))?`, drift.CgoOtherMachine, "The compiler builds for another machine: its assembler does not know the instruction %s.", needCompiler},
	{`(?:skipping incompatible|incompatible with) (\S*(?:32|i386|x86-64|/libgcc\.a|libc\.\w+)\S*)`, drift.CgoNoLibrary, "The libraries are for another machine: %s.", multilib},
	{`(file format not recognized|wrong ELF class|is incompatible with \S+ output|architecture of input file|file in wrong format|Relocations in generic ELF|unrecognised emulation mode|cannot open linker script file ldscripts/\S+|for architecture \S+ but)`, drift.CgoOtherMachine, "The linker is for another machine: %s.", needCompiler},
	{`fatal error: '?([^\s':]+)'?(?:: No such file or directory| file not found)`, drift.CgoNoHeader, "The header %s is not installed.", needHeader},
	{`cannot find ([SMgr]?crt\w+\.o)`, drift.CgoNoLibrary, "The C library is not installed for the target: %s is missing.", multilib},
	{`(?:cannot find -l|library not found for -l|unable to find library -l|library ['‘])([\w.+-]+?)['’]?(?: not found|:|\s|$)`, drift.CgoNoLibrary, "The library %s is not installed.", needLibrary},
	{`cannot find (-l\S+)`, drift.CgoNoLibrary, "The library %s is not installed.", needLibrary},
	{`undefined reference to [` + "`" + `'‘]([^'’]+)['’]|undefined symbol: (\S+)|Undefined symbols for architecture \S+\s+"([^"]+)"`, drift.CgoUndefined, "No library that is linked has %s.", needSymbol},
	{`(?:unrecognized|unrecognised) (?:argument in |command[- ]line )?option ['‘"]([^'’"]+)['’"]|unknown argument: ['‘]([^'’]+)['’]|(?:ld|lld): (?:error: )?(?:unrecognized option|unknown argument) ['‘]([^'’]+)['’]`, drift.CgoFlag, "The compiler does not know the flag %s.", nil},
	{`#error[ "]*([^"\n]+)`, drift.CgoSource, "The C code refuses to be compiled here: %s.", nil},
	{`:\d+:\d+: error: ([^\n]+)`, drift.CgoSource, "The C code is wrong for this compiler or these headers: %s.", nil},
	{`(unable to disambiguate: -nopie)`, drift.CgoOtherMachine, "The linker is for another system: %s.", needCompiler},
	{`(unknown ptrSize for \$GOARCH|_cgo_gotypes\.go:\d+:\d+: undefined: syscall)`, drift.CgoNoPort, "Go has no cgo for this target.", nil},
}

// maxText bounds the text that is looked through.
const maxText = 1 << 20

var compiled = sync.OnceValue(func() []*regexp.Regexp {
	list := make([]*regexp.Regexp, len(meanings))
	for i, m := range meanings {
		list[i] = regexp.MustCompile(m.pattern)
	}
	return list
})

// Explain finds the cause behind what go build, or a compiler, printed for a
// target. The text may be anybody's.
func Explain(text string, t Target) drift.CgoProblem {
	if len(text) > maxText {
		text = text[:maxText]
	}
	for i, re := range compiled() {
		at := re.FindStringSubmatchIndex(text)
		if at == nil {
			continue
		}
		name := ""
		for g := 2; g < len(at) && name == ""; g += 2 {
			if at[g] >= 0 {
				name = strings.TrimSpace(text[at[g]:at[g+1]])
			}
		}
		m := meanings[i]
		p := drift.CgoProblem{Cause: m.cause, Name: drift.Clip(name), Message: m.text, Line: drift.MaskText(lineAround(text, at[0]))}
		if strings.Contains(m.text, "%s") {
			p.Message = fmt.Sprintf(m.text, drift.MaskText(drift.Clip(name)))
		}
		if m.refine != nil {
			p = m.refine(p, t)
		}
		return p
	}
	return drift.CgoProblem{
		Cause: drift.CgoUnknownCause, Line: drift.MaskText(lastLine(text)),
		Message: "The compiler stopped, and what it says is none of the known causes.",
	}
}

// lineAround is the line of a text that holds an offset, clipped.
func lineAround(text string, at int) string {
	start := strings.LastIndexByte(text[:at], '\n') + 1
	line, _, _ := strings.Cut(text[start:], "\n")
	return drift.Clip(strings.TrimSpace(line))
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return drift.Clip(strings.TrimSpace(lines[len(lines)-1]))
}

func allowFlag(p drift.CgoProblem, _ Target) drift.CgoProblem {
	variable := "CGO_CFLAGS_ALLOW"
	if strings.Contains(p.Line, "LDFLAGS") || strings.Contains(p.Line, "--libs") {
		variable = "CGO_LDFLAGS_ALLOW"
	} else if strings.Contains(p.Line, "CXXFLAGS") {
		variable = "CGO_CXXFLAGS_ALLOW"
	}
	p.Remedies = []drift.CgoRemedy{{Text: "allow exactly this flag, if you trust the package", Command: variable + "='" + regexp.QuoteMeta(p.Name) + "'"}}
	return p
}

func switchOn(p drift.CgoProblem, t Target) drift.CgoProblem {
	what := "switch cgo on"
	if !t.Native() {
		what = "switch cgo on, which is off whenever GOOS or GOARCH is not this machine's, with a compiler for " + t.String()
	}
	p.Remedies = append([]drift.CgoRemedy{{Text: what, Command: "CGO_ENABLED=1"}}, withoutOff(t.compilers())...)
	return p
}

func withoutOff(list []drift.CgoRemedy) []drift.CgoRemedy {
	return slices.DeleteFunc(list, func(r drift.CgoRemedy) bool { return r.Command == "CGO_ENABLED=0" })
}

func needCompiler(p drift.CgoProblem, t Target) drift.CgoProblem {
	p.Remedies = t.compilers()
	return p
}

func needHelper(p drift.CgoProblem, t Target) drift.CgoProblem {
	cxx := names{"debian": "g++", "alpine": "g++", "fedora": "gcc-c++", "arch": "gcc", "windows": "mingw-w64-ucrt-x86_64-gcc"}
	what, packages := "the C++ compiler "+p.Name, cxx
	switch {
	case strings.Contains(p.Name, "fortran") || p.Name == "f951":
		what, packages = "the Fortran compiler "+p.Name, names{"debian": "gfortran", "alpine": "gfortran", "fedora": "gcc-gfortran", "arch": "gcc-fortran", "darwin": "gcc"}
	case p.Name == "as" || p.Name == "ld" || p.Name == "collect2":
		what, packages = "the assembler and linker", names{"debian": "binutils", "alpine": "binutils", "fedora": "binutils", "arch": "binutils"}
	case p.Name == "cc1":
		what, packages = "the C compiler", ownCompiler
	}
	p.Remedies = []drift.CgoRemedy{t.remedy(what, packages)}
	return p
}

func needPkgConfig(p drift.CgoProblem, t Target) drift.CgoProblem {
	p.Remedies = []drift.CgoRemedy{t.remedy("pkg-config", names{
		"debian": "pkg-config", "alpine": "pkgconf", "fedora": "pkgconf-pkg-config", "arch": "pkgconf", "darwin": "pkg-config", "windows": "mingw-w64-ucrt-x86_64-pkgconf",
	})}
	return p
}

func agree(p drift.CgoProblem, _ Target) drift.CgoProblem {
	p.Remedies = []drift.CgoRemedy{{Text: "agree to it", Command: "sudo xcodebuild -license accept"}}
	return p
}

func static(p drift.CgoProblem, _ Target) drift.CgoProblem {
	p.Remedies = []drift.CgoRemedy{
		{Text: "build on the oldest system that it has to run on"},
		{Text: "link without the C library, if nothing needs it", Command: "CGO_ENABLED=0"},
	}
	return p
}
