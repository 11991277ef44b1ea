package engine

import (
	"context"
	"io"

	"godrift.dev/server/ask"
)

// LoginShell asks the login shell of whoever has the world's environment what
// environment it gives to programs. It starts that shell, which runs the person's
// start-up files, and takes seconds at worst: it is for when somebody wants to
// know, not for every evaluation. reply is this program with the arguments that
// lead to [Reply].
//
// With anew it is what somebody gets who logs in; without, it is what the shell
// makes of the environment that it is started with, as a terminal of an editor
// does.
func LoginShell(ctx context.Context, world World, reply []string, anew bool) (map[string]string, error) {
	environ := world.Environ
	if anew {
		environ = ask.AtLogin(environ)
	}
	return ask.LoginShell{Environ: environ, Files: world.Files, Reply: reply}.Environment(ctx)
}

// Reply is what this program does when a login shell starts it as the answer to
// a question.
func Reply(w io.Writer, mark string, environ []string) error { return ask.Reply(w, mark, environ) }
