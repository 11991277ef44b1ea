package cgo

import (
	"slices"
	"strings"

	"godrift.dev/server/drift"
)

// Flags are the variables of the go command that reach every compiler.
type Flags struct{ CPPFlags, CFlags, LDFlags []string }

// Trial is one start of a compiler that compiles and links a small program in
// the way of go build: one process, as one file of C code costs a build.
type Trial struct {
	Target   Target
	Compiler Compiler
	// Source is the C code, SourceName the file to write it to and ResultName the one
	// that the compiler makes; both in a folder of its own, where it is started.
	Source, SourceName, ResultName string
	// Args are those of the compiler.
	Args []string
}

// read are the headers that the program really includes: with what they include they
// are most of a C library, and of the kernel's headers. Of all others it is enough to see that
// they are there: windows.h alone takes longer to read than a build of everything else.
var read = []string{"errno.h", "pthread.h", "process.h", "signal.h", "stdio.h", "stdlib.h"}

// NewTrial makes the trial of a compiler for a target.
func NewTrial(c Compiler, t Target, rt Runtime, flags Flags) Trial {
	trial := Trial{Target: t, Compiler: c, SourceName: "cgo-trial.c", ResultName: "cgo-trial.out", Source: source(t, rt)}
	args := slices.Clone(c.Words[1:])
	args = append(args, "-I", ".")
	args = append(args, t.systemFlags()...)
	args = append(args, t.archFlags()...)
	args = append(args, "-fmessage-length=0")
	args = append(args, flags.CPPFlags...)
	args = append(args, rt.CPPFlags...)
	args = append(args, flags.CFlags...)
	args = append(args, rt.CFlags...)
	args = append(args, "-o", trial.ResultName, trial.SourceName)
	args = append(args, t.linkFlags()...)
	args = append(args, flags.LDFlags...)
	args = append(args, rt.LDFlags...)
	trial.Args = args
	return trial
}

// source is a program that includes what runtime/cgo includes and needs the C
// library and threads.
func source(t Target, rt Runtime) string {
	var b strings.Builder
	for _, h := range rt.Headers {
		include := "#include <" + h + ">\n"
		if !slices.Contains(read, h) {
			// After __has_include has not found a header, gcc 12 takes #include of it without
			// a word: the error has to be said in its place.
			include = "#ifdef __has_include\n#if !__has_include(<" + h + ">)\n#error " + missing(h) + "\n#endif\n#else\n" + include + "#endif\n"
		}
		b.WriteString(include)
	}
	b.WriteString("#include <stdio.h>\n#include <stdlib.h>\n")
	if t.GOOS != "windows" {
		b.WriteString("#include <pthread.h>\nstatic void *run(void *p) { return p; }\n")
	}
	b.WriteString("int main(void) {\n\tvoid *p = malloc(1);\n")
	if t.GOOS != "windows" {
		b.WriteString("\tpthread_t t;\n\tif (pthread_create(&t, NULL, run, p) == 0)\n\t\tpthread_join(t, NULL);\n")
	}
	b.WriteString("\tfree(p);\n\treturn puts(\"cgo\") < 0;\n}\n")
	return b.String()
}

// missing is what gcc says of a header that is not there.
func missing(header string) string { return "fatal error: " + header + ": No such file or directory" }

// Said is the output of a trial as if every header had been included.
func Said(output string) string {
	return strings.NewReplacer("error: #error fatal error:", "fatal error:", "error: fatal error:", "fatal error:").Replace(output)
}

// Outcome is what came of a trial.
type Outcome struct {
	// Machine is what the compiler says it builds for; empty if it does not say.
	Machine string
	// Output is what the compiler printed. Failed says that it ended with an error,
	// TimedOut that it was stopped.
	Output           string
	Failed, TimedOut bool
	// Result is the file that it made; Bad says why that cannot be read.
	Result Result
	Bad    error
}

// Judge says what an outcome means for go build.
func (t Trial) Judge(o Outcome) (drift.CgoVerdict, *drift.CgoProblem) {
	target := t.Target
	switch {
	case o.TimedOut:
		return drift.CgoFails, &drift.CgoProblem{
			Cause: drift.CgoTimedOut, Name: t.Compiler.Words[0],
			Message: "The compiler " + t.Compiler.Words[0] + " did not end in time and was stopped.",
		}
	case o.Failed:
		p := Explain(o.Output, target)
		if target.foreign(o.Machine) && p.Cause != drift.CgoOtherMachine {
			p.Cause, p.Name, p.Remedies = drift.CgoOtherMachine, t.Compiler.Words[0], target.compilers()
			p.Message = "The compiler " + t.Compiler.Words[0] + " builds for another machine: " + o.Machine + "."
		}
		return drift.CgoFails, &p
	case o.Bad != nil:
		return drift.CgoFails, &drift.CgoProblem{Cause: drift.CgoOtherMachine, Name: t.Compiler.Words[0], Message: "The compiler " + t.Compiler.Words[0] + " ended without an error, but " + o.Bad.Error() + ".", Remedies: target.compilers()}
	}
	machine, system := o.Result.fits(target.Port)
	switch {
	case !machine:
		return drift.CgoFails, &drift.CgoProblem{
			Cause: drift.CgoOtherMachine, Name: t.Compiler.Words[0],
			Message:  "The compiler " + t.Compiler.Words[0] + " builds for another machine: it made a program of " + o.Result.String() + ", and " + target.String() + " is asked for.",
			Remedies: target.compilers(),
		}
	case !system:
		return drift.CgoWrong, &drift.CgoProblem{
			Cause: drift.CgoOtherMachine, Name: t.Compiler.Words[0],
			Message:  "go build ends without an error, but the compiler " + t.Compiler.Words[0] + " makes a program for " + o.Result.Port.GOOS + ", and not for " + target.GOOS + ".",
			Remedies: target.compilers(),
		}
	}
	return drift.CgoWorks, nil
}
