package lsp

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"godrift.dev/server/engine"
)

// state is how far the session is.
type state int

const (
	starting state = iota // before initialize
	ready                 // between initialize and shutdown
	ended                 // after shutdown
)

// server is one session with one client.
type server struct {
	protocol.UnimplementedServer

	ctx      context.Context // of the session
	opts     Options
	log      *slog.Logger
	level    *slog.LevelVar
	conn     jsonrpc2.Conn
	client   protocol.Client
	standard jsonrpc2.Handler
	own      map[string]func(context.Context, []byte) (any, error)
	notes    map[string]func([]byte) error
	work     sync.WaitGroup // requests and background work under way
	exit     chan struct{}
	exitOnce sync.Once
	orphaned chan struct{}
	mender   *engine.Mender
	memory   *engine.Memory // nil before initialize
	mending  chan struct{}  // holds one token: fixes are carried out one by one
	pub      *publisher

	mu       sync.Mutex
	state    state
	can      abilities
	options  InitializeOptions
	settings Settings
	trusted  bool
	environ  map[string]string // of the editor
	login    map[string]string // of the login shell; nil if it is not known
	asking   bool              // the login shell is being asked
	askAgain bool              // and has to be once more
	// terminals are the client's terminals whose shells tell of themselves: by
	// process, whose environment each was told to be last, empty if it told none.
	terminals map[int]string
	shells    *engine.Terminals
	running   map[jsonrpc2.ID]context.CancelFunc
	progress  map[string]context.CancelFunc // by token
	tokens    int
	folders   []*folder            // in the client's order; guests last
	docs      map[string]*document // open documents by file name
	begun     bool                 // the engines may run
}

func newServer(ctx context.Context, opts Options, log *slog.Logger, level *slog.LevelVar) *server {
	s := &server{
		ctx: ctx, opts: opts, log: log, level: level,
		exit: make(chan struct{}), orphaned: make(chan struct{}),
		settings:  DefaultSettings(),
		environ:   maps.Clone(opts.World.Environ),
		terminals: map[int]string{},
		running:   map[jsonrpc2.ID]context.CancelFunc{},
		progress:  map[string]context.CancelFunc{},
		docs:      map[string]*document{},
		mender:    engine.NewMender(opts.StateDir, opts.World.Environ),
		mending:   make(chan struct{}, 1),
		pub:       newPublisher(),
	}
	s.shells = engine.NewTerminals(s.mender.Dir(), log, s.promptedIn)
	s.standard = protocol.ServerHandler(s, nil)
	s.own = map[string]func(context.Context, []byte) (any, error){
		MethodReport:      s.report,
		MethodTools:       s.tools,
		MethodPage:        s.page,
		MethodCache:       s.cache,
		MethodCacheVerify: s.cacheVerify,
		MethodCacheTrim:   s.cacheTrim,
		MethodCacheSwitch: s.cacheSwitch,
		MethodCacheGc:     s.cacheGc,
		MethodCgo:         s.cgo,
		MethodWhy:         s.why,
		MethodPlan:        s.plan,
		MethodApply:       s.apply,
		MethodUndo:        s.undo,
		MethodHistory:     s.history,
		MethodAudit:       s.audit,
		MethodDiff:        s.diff,
		MethodSnapshot:    s.snapshot,
		MethodRefresh:     s.refresh,
		MethodEnvironment: s.asRequest(s.environment),
		MethodTrust:       s.asRequest(s.trust),
	}
	s.notes = map[string]func([]byte) error{
		protocol.MethodTextDocumentDidOpen: s.didOpen,
		protocol.MethodInitialized:         func([]byte) error { s.begin(); return nil }, // some send it without parameters
		MethodEnvironment:                  s.environment,
		MethodTrust:                        s.trust,
	}
	return s
}

// asRequest lets a client wait until a notification has been taken.
func (s *server) asRequest(note func([]byte) error) func(context.Context, []byte) (any, error) {
	return func(_ context.Context, params []byte) (any, error) { return nil, note(params) }
}

func (s *server) ending() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state == ended
}

// Initialize implements protocol.Server. It looks at no file: the engines
// start when the client says initialized.
func (s *server) Initialize(_ context.Context, params *protocol.InitializeParams) (*protocol.InitializeResult, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state != starting {
		return nil, jsonrpc2.NewError(jsonrpc2.InvalidRequest, "initialize was sent before")
	}
	options, err := decode[InitializeOptions](params.InitializationOptions)
	if err != nil {
		// A mistake in the options must not cost the person the server.
		s.log.Warn("initializationOptions cannot be read and are ignored", "error", err)
		options = InitializeOptions{}
	}
	s.options, s.trusted = options, options.Trusted
	if options.Settings != nil {
		s.settings = settingsIn(params.InitializationOptions)
		s.level.Set(logLevel(s.settings.LogLevel))
	}
	if options.Environment != nil {
		s.environ = maps.Clone(options.Environment)
	}
	by, facts := editorOf(params)
	s.memory = s.mender.Memory(by, facts, s.listener())
	s.can = abilitiesOf(&params.Capabilities)
	s.can.pullDiagnostics = s.can.pullDiagnostics && !options.Push
	for _, u := range rootsOf(params) {
		if f, err := s.newFolder(u, false); err != nil {
			s.log.Warn("a folder is not looked at", "error", err)
		} else if s.folder(f.root) == nil {
			s.folders = append(s.folders, f)
		}
	}
	if pid := int(deref(params.ProcessID)); pid > 0 {
		s.watchProcess(pid)
	}
	s.state = ready
	return &protocol.InitializeResult{
		Capabilities: s.capabilities(),
		ServerInfo:   protocol.ServerInfo{Name: "godrift", Version: protocol.NewOptional(s.opts.Version)},
	}, nil
}

// rootsOf are the folders a client has open: its workspace folders, or the
// one root that older clients send.
func rootsOf(params *protocol.InitializeParams) []uri.URI {
	var roots []uri.URI
	if folders, ok := params.WorkspaceFolders.Get(); ok {
		for _, f := range folders {
			roots = append(roots, f.URI)
		}
	}
	if len(roots) > 0 {
		return roots
	}
	// Clients from before workspace folders name one root in one of two ways.
	if root := params.RootURI; root != nil && *root != "" { //nolint:staticcheck // deprecated, and still sent
		return []uri.URI{*root}
	}
	if path, ok := params.RootPath.Get(); ok && path != "" { //nolint:staticcheck // deprecated, and still sent
		return []uri.URI{uriOf(path)}
	}
	return nil
}

// capabilities says what is served. s.mu is held.
func (s *server) capabilities() protocol.ServerCapabilities {
	positions := protocol.PositionEncodingKindUTF16
	if s.can.encoding == utf8bytes {
		positions = protocol.PositionEncodingKindUTF8
	}
	caps := protocol.ServerCapabilities{
		PositionEncoding: positions,
		TextDocumentSync: &protocol.TextDocumentSyncOptions{
			OpenClose: ptr(true),
			Change:    ptr(protocol.TextDocumentSyncKindIncremental),
			Save:      protocol.Boolean(true),
		},
		HoverProvider: protocol.Boolean(true),
		CompletionProvider: &protocol.CompletionOptions{
			TriggerCharacters: []string{" ", "."},
		},
		CodeActionProvider: &protocol.CodeActionOptions{
			CodeActionKinds: []protocol.CodeActionKind{protocol.CodeActionKindQuickFix, kindAlign, kindMove, kindRefer, kindRestore, kindFixAll},
			ResolveProvider: ptr(true),
		},
		CodeLensProvider:     &protocol.CodeLensOptions{},
		DocumentLinkProvider: &protocol.DocumentLinkOptions{},
		InlayHintProvider:    protocol.Boolean(true),
		ExecuteCommandProvider: protocol.ExecuteCommandOptions{
			WorkDoneProgressOptions: protocol.WorkDoneProgressOptions{WorkDoneProgress: ptr(true)},
			Commands:                s.commands(),
		},
		Workspace: &protocol.WorkspaceOptions{
			WorkspaceFolders: &protocol.WorkspaceFoldersServerCapabilities{
				Supported:           ptr(true),
				ChangeNotifications: protocol.Boolean(true),
			},
		},
		Experimental: mustEncode(map[string]any{"godrift": map[string]any{"status": true, "report": true, "why": true}}),
	}
	if s.can.pullDiagnostics {
		caps.DiagnosticProvider = &protocol.DiagnosticOptions{
			Identifier:            ptr("godrift"),
			InterFileDependencies: true,
			WorkspaceDiagnostics:  true,
		}
	}
	return caps
}

// commands are those that the server registers.
func (s *server) commands() []string {
	out := []string{}
	for _, c := range []string{CommandApplyFix, CommandUndo, CommandAccept, CommandRollback, CommandAllow, CommandExplain} {
		if !slices.Contains(s.options.ClientCommands, c) {
			out = append(out, c)
		}
	}
	return out
}

// begin lets the engines run.
func (s *server) begin() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.begun {
		return
	}
	s.begun = true
	for _, f := range s.folders {
		s.start(f)
	}
	if s.can.configuration && s.options.Settings == nil {
		s.background(s.fetchSettings) // which asks the login shell, if it may
		return
	}
	s.askLogin()
}

// Shutdown implements protocol.Server.
func (s *server) Shutdown(context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch s.state {
	case starting:
		return errStarting
	case ended:
		return errEnding
	}
	s.state = ended
	for _, f := range s.folders {
		f.stop()
	}
	s.folders = nil
	return nil
}

// watchProcess ends the session when the client's process is gone. A number
// that names no process even now comes from another machine or another
// process namespace, and says nothing.
func (s *server) watchProcess(pid int) {
	if !s.opts.Alive(pid) {
		s.log.Info("the client's process cannot be seen from here and is not watched", "pid", pid)
		return
	}
	tick, stop := s.opts.Tick()
	s.background(func(ctx context.Context) {
		defer stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick:
				if !s.opts.Alive(pid) {
					close(s.orphaned)
					return
				}
			}
		}
	})
}

// SetTrace implements protocol.Server: verbose tracing logs everything.
func (s *server) SetTrace(_ context.Context, params *protocol.SetTraceParams) error {
	if params.Value == protocol.TraceValueVerbose {
		s.level.Set(slog.LevelDebug)
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.level.Set(logLevel(s.settings.LogLevel))
	return nil
}

// settleTime is how long a request waits for the report that accounts for the
// last edit before it makes do with the one there is.
const settleTime = 10 * time.Second
